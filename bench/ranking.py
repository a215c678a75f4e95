"""How well are questions answered? Indexes the statute articles of a ranking set, asks its questions, prints figures.

    python bench/ranking.py [--shared DIR] [--one-line] [--index DIR]

The way that anybody goes: each article is one .txt file, title and text; `fzsearch index`; every question with
`--match any`, 100 hits. A hit counts for the article that its section stands in. Folds are every fifth question; their
figures show how much of a difference is chance.
"""

import argparse
import gzip
import json
import math
import os
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from fzsearch.service import Match, SearchRequest, SearchService, index_corpus, open_engine

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


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("FZSEARCH_SHARED", "../shared")))
    parser.add_argument("--one-line", action="store_true", help="title and text on one line, not the title on its own")
    parser.add_argument("--index", type=Path, help="an index that was made before, to measure again")
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
        found = measure(index, read_questions(folder))
    print("| questions | nDCG@10 | MRR@10 | R@10 | R@100 |\n|---|---|---|---|---|")
    for fold in range(FOLDS):
        print(Measures.mean(found[fold::FOLDS]).row(f"fold {fold + 1}"))
    print(Measures.mean(found).row(f"all {len(found)}"))


if __name__ == "__main__":
    main()
