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
