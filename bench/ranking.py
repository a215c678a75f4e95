"""How well are questions answered? Indexes the statute articles of a ranking set, asks its questions, prints figures.

    python bench/ranking.py [--shared DIR] [--one-line] [--index DIR] [--held-out]

The way that anybody goes: each article is one .txt file, title and text; `fzsearch index`; every question with
`--match any`, 100 hits. A hit counts for the article that its section stands in. Folds are every fifth question; their
figures show how much of a difference is chance. With --held-out the constants of the formula are chosen anew for each
fold, from a small grid and by the four other folds alone, and measured on the fold that had no say in it.
"""

import argparse
import gzip
import json
import math
import os
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from itertools import product
from pathlib import Path

from fzsearch.engine import scoring
from fzsearch.engine.ranker import TITLE
from fzsearch.query import Query, parse_query
from fzsearch.service import Match, SearchRequest, SearchService, index_corpus, open_engine
from fzsearch.service.compile import compile_query

FOLDS = 5
HITS = 100
FIRST = 10


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the numbers of the articles that answer it."""

    text: str
    relevant: frozenset[int]


@dataclass(frozen=True, slots=True)
class Measures:
    """How good one ranking is, or many on average; from 0 to 1."""

    ndcg_10: float
    mrr_10: float
    recall_10: float
    recall_100: float

    @classmethod
    def of(cls, found: Sequence[int], relevant: frozenset[int]) -> "Measures":
        """The measures of the articles found, best first, without repetition."""
        gains = [1 / math.log2(rank + 2) for rank, article in enumerate(found[:FIRST]) if article in relevant]
        ideal = sum(1 / math.log2(rank + 2) for rank in range(min(FIRST, len(relevant))))
        first = next((rank for rank, article in enumerate(found[:FIRST], 1) if article in relevant), None)
        return cls(
            ndcg_10=sum(gains) / ideal,
            mrr_10=1 / first if first else 0.0,
            recall_10=len(relevant.intersection(found[:FIRST])) / len(relevant),
            recall_100=len(relevant.intersection(found)) / len(relevant),
        )

    @classmethod
    def mean(cls, several: Sequence["Measures"]) -> "Measures":
        """The averages."""
        return cls(*(statistics.fmean(values) for values in zip(*map(astuple, several), strict=True)))

    def row(self, name: str) -> str:
        """A line of a Markdown table."""
        return f"| {name} | " + " | ".join(f"{value:.4f}" for value in astuple(self)) + " |"


def read_questions(folder: Path) -> list[Question]:
    """The questions of a ranking set."""
    lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [Question(one["question"], frozenset(one["relevant"])) for one in map(json.loads, lines)]


def write_articles(folder: Path, corpus: Path, *, one_line: bool = False) -> None:
    """Write each article of a ranking set as a file named by its number: the title, then the text."""
    corpus.mkdir(exist_ok=True)
    with gzip.open(folder / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        for article in map(json.loads, lines):
            text = f"{article['title']}{' ' if one_line else chr(10)}{article['text']}\n"
            (corpus / f"{article['id']}.txt").write_text(text, encoding="utf-8")


def ask(service: SearchService, question: Question) -> Measures:
    """Ask one question."""
    page = service.search(SearchRequest(text=question.text, match=Match.ANY, limit=HITS))
    found = [int(Path(file.shown).stem) for hit in page.hits for file in hit.stored.report.files]
    return Measures.of(list(dict.fromkeys(found)), question.relevant)


def measure(index: Path, questions: Sequence[Question]) -> list[Measures]:
    """The measures of every question on an index of articles."""
    service = SearchService(open_engine("whoosh", index))
    return [ask(service, question) for question in questions]


# ---- are the constants chosen for these questions only?

_WORD_KINDS = (scoring.TermKind.WORD, scoring.TermKind.PAIR)
GRID = {
    "k1": (0.9, 1.2, 1.6),
    "b": (0.7, 0.8, 0.9),
    "title": (0.25, 0.5, 1.0),
    "bare": (0.3, 0.5, 0.8),
}
Constants = tuple[float, ...]
"""One value for each name of the grid. It lacks what these articles say nothing about: headings, and nearness in texts
of more than a sentence or two."""


def current_constants() -> Constants:
    """Those that the formula has."""
    return (scoring.K1[_WORD_KINDS[0]], scoring.B, scoring.FIELD_WEIGHTS[TITLE], scoring.BARE)


def set_constants(constants: Constants) -> None:
    """Have engines that are opened from now on score by these."""
    k1, scoring.B, title, scoring.BARE = constants
    scoring.K1.update(dict.fromkeys(_WORD_KINDS, k1))
    scoring.FIELD_WEIGHTS[TITLE] = title


def measure_grid(index: Path, questions: Sequence[Question]) -> dict[Constants, list[Measures]]:
    """The measures of every question with all constants of the grid."""
    found: dict[Constants, list[Measures]] = {}
    shipped, grid = current_constants(), [*product(*GRID.values())]
    asked = [compile_query(parse_query(one.text), Match.ANY, lambda _: ()).root for one in questions]
    articles = {
        one.key: [int(Path(file.shown).stem) for file in one.files] for one in open_engine(None, index).reports()
    }
    for number, constants in enumerate(grid, 1):
        set_constants(constants)
        engine = open_engine(None, index)
        found[constants] = []
        for root, question in zip(asked, questions, strict=True):
            hits = (hit.id.split("/")[0] for hit in engine.search(Query(root=root, limit=HITS)).hits)
            ids = dict.fromkeys(article for key in hits for article in articles[key])
            found[constants].append(Measures.of(list(ids), question.relevant))
        engine.close()
        print(f"{number} of {len(grid)}: {constants}", file=sys.stderr, flush=True)
    set_constants(shipped)
    return found


def quality(found: Sequence[Measures]) -> float:
    """What constants are chosen by: the two measures that there are targets for."""
    mean = Measures.mean(found)
    return mean.ndcg_10 + mean.recall_100


def held_out(found: Mapping[Constants, Sequence[Measures]]) -> list[Constants]:
    """For each fold the constants that are best on the others."""

    def without(fold: int, constants: Constants) -> float:
        return quality([one for at, one in enumerate(found[constants]) if at % FOLDS != fold])

    return [max(found, key=partial(without, fold)) for fold in range(FOLDS)]


def print_held_out(found: Mapping[Constants, Sequence[Measures]]) -> None:
    """A table of folds, the mean over all questions, and the same with the shipped constants and the best on all."""
    print("| on | " + ", ".join(GRID) + " | nDCG@10 | MRR@10 | R@10 | R@100 |\n|---|---|---|---|---|---|")
    chosen = held_out(found)
    for fold, constants in enumerate(chosen):
        name = f"fold {fold + 1}, chosen on the others | {_told(constants)}"
        print(Measures.mean(found[constants][fold::FOLDS]).row(name))
    everything = [found[chosen[at % FOLDS]][at] for at in range(len(found[chosen[0]]))]
    print(Measures.mean(everything).row("all, held out | each fold's"))
    best, shipped = max(found, key=lambda one: quality(found[one])), current_constants()
    print(Measures.mean(found[best]).row(f"all, best of the grid | {_told(best)}"))
    print(Measures.mean(found[shipped]).row(f"all, shipped | {_told(shipped)}"))


def _told(constants: Constants) -> str:
    return ", ".join(f"{one:g}" for one in constants)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("FZSEARCH_SHARED", "../shared")))
    parser.add_argument("--one-line", action="store_true", help="title and text on one line, not the title on its own")
    parser.add_argument("--index", type=Path, help="an index that was made before, to measure again")
    parser.add_argument("--held-out", action="store_true", help="choose the constants on four folds, measure the fifth")
    arguments = parser.parse_args()
    folder = arguments.shared / "ranking"
    with tempfile.TemporaryDirectory(prefix="fzsearch-ranking-") as temporary:
        index = arguments.index or Path(temporary, "index")
        if not index.exists():
            corpus = Path(temporary, "corpus")
            write_articles(folder, corpus, one_line=arguments.one_line)
            engine = open_engine("whoosh", index)
            index_corpus(corpus, engine, workers=os.cpu_count() or 1)
            engine.close()
        questions = read_questions(folder)
        if arguments.held_out:
            print_held_out(measure_grid(index, questions))
            return
        found = measure(index, questions)
    print("| questions | nDCG@10 | MRR@10 | R@10 | R@100 |\n|---|---|---|---|---|")
    for fold in range(FOLDS):
        print(Measures.mean(found[fold::FOLDS]).row(f"fold {fold + 1}"))
    print(Measures.mean(found).row(f"all {len(found)}"))


if __name__ == "__main__":
    main()
