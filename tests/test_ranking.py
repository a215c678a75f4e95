"""Are questions answered as well as measured? The ranking set is kept outside: `FZSEARCH_SHARED` names its folder."""

import importlib
import os
from pathlib import Path

import pytest

from fzsearch.service import index_corpus, open_engine

ROOT = Path(__file__).parents[1]
RANKING = Path(os.environ.get("FZSEARCH_SHARED", ROOT.parent / "shared")) / "ranking"


@pytest.fixture
def ranking(monkeypatch):
    """bench/ranking.py."""
    monkeypatch.syspath_prepend(str(ROOT / "bench"))
    return importlib.import_module("ranking")


def test_measures_of_a_ranking_made_by_hand(ranking):
    measures = ranking.Measures.of([7, 1, 9, *range(20, 40), 2], frozenset({1, 2}))

    assert measures.mrr_10 == 0.5
    assert measures.recall_10 == 0.5
    assert measures.recall_100 == 1.0
    assert measures.ndcg_10 == pytest.approx(0.6309 / 1.6309, abs=1e-3)


def test_constants_are_chosen_without_the_fold_that_they_are_measured_on(ranking):
    """One set is better everywhere but on the first fold, which has no say in what is chosen for it."""
    good, bad = ranking.Measures(1.0, 1.0, 1.0, 1.0), ranking.Measures(0.1, 0.1, 0.1, 0.1)
    first = [number % ranking.FOLDS == 0 for number in range(20)]
    found = {(1.0,): [good if one else bad for one in first], (2.0,): [bad if one else good for one in first]}

    assert ranking.held_out(found) == [(2.0,)] * ranking.FOLDS


def test_constants_of_the_grid_are_those_that_the_formula_has(ranking):
    """What the search for constants sets is what it reads back, and the shipped ones are among them."""
    shipped = ranking.current_constants()
    changed = tuple(one + 0.1 for one in shipped)

    ranking.set_constants(changed)
    found = ranking.current_constants()
    ranking.set_constants(shipped)

    assert found == changed
    assert all(value in values for value, values in zip(shipped, ranking.GRID.values(), strict=True))


@pytest.mark.slow
@pytest.mark.skipif(not RANKING.is_dir(), reason=f"no {RANKING}: FZSEARCH_SHARED names the folder that has ranking/")
def test_articles_as_files_are_ranked_as_well_as_measured(ranking, tmp_path):
    """Through the real indexing and searching of all 10,000 articles; docs/RANKING.md has the figures."""
    ranking.write_articles(RANKING, tmp_path / "corpus")
    engine = open_engine("whoosh", tmp_path / "index")
    index_corpus(tmp_path / "corpus", engine, workers=2)
    engine.close()

    found = ranking.Measures.mean(ranking.measure(tmp_path / "index", ranking.read_questions(RANKING)))

    assert found.ndcg_10 >= 0.485
    assert found.recall_100 >= 0.80
