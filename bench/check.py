"""How long does it take to check a draft of thirty pages? Quotations, figures, links and counts, true and changed.

    python bench/check.py --index DIR [--quotations 150] [--figures 200] [--profile]

The draft is made of the reports of the index, the same for the same index: one in five quotations and figures is
changed, one in ten quotations is a set phrase that stands in many reports.
"""

import argparse
import cProfile
import pstats
import random
import re
import time
from pathlib import Path

from fzsearch.brief import check_draft
from fzsearch.service import SearchService, open_engine

_PHRASES = ("矛盾纠纷", "群众满意度有所提高", "枫桥经验", "经验在片区会上作了交流")


def draft(service: SearchService, quotations: int, figures: int, seed: int = 1) -> str:
    """The text of a draft with so many quotations and figures, a link for every tenth figure and a count for each."""
    rng = random.Random(seed)
    entries = service.overview().entries
    lines = ["全县法治政府建设情况简报"]
    for number in range(max(quotations, figures)):
        record = service.report(rng.choice(entries).key)
        place = f"{record.report.place.township}{record.report.year}年"
        line = ""
        if number < quotations:
            text = rng.choice(record.report.sections).text
            start = rng.randrange(max(1, len(text) - 60))
            words = re.sub('[“”"]', "", text[start : start + rng.randint(12, 60)])
            words = rng.choice(_PHRASES) if number % 10 == 0 else words
            at = rng.randrange(len(words))
            line += f"{place}提出“{words if number % 5 else words[:at] + '不' + words[at + 1 :]}”。"
        if number < figures and record.report.figures:
            figure = rng.choice(record.report.figures)
            sentence = figure.sentence.replace("\n", "")
            sentence = sentence.replace(f"{figure.value:g}", f"{figure.value + 7:g}") if number % 5 == 0 else sentence
            line += ("" if number % 4 == 0 else place) + sentence
            line += f"（/r/{record.key}/{figure.section}）" if number % 10 == 0 else ""
        lines.append(
            line + (f"有{number}个乡镇（/search?q=普法宣传&year={2019 + number % 7}）。" if number % 10 == 0 else "")
        )
    return "\n".join(lines)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--quotations", type=int, default=150)
    parser.add_argument("--figures", type=int, default=200)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    service = SearchService(open_engine("whoosh", options.index))
    text = draft(service, options.quotations, options.figures)
    profile = cProfile.Profile(time.process_time) if options.profile else None
    for turn in ("cold", "warm"):
        wall, cpu = time.perf_counter(), time.process_time()
        checked = profile.runcall(check_draft, service, text) if profile else check_draft(service, text)
        print(f"{turn}: {time.perf_counter() - wall:.2f} s, {time.process_time() - cpu:.2f} s of CPU")
        counted = f"{len(checked.quotations)} quotations, {len(checked.figures)} figures, {len(checked.links)} links"
        print(f"{len(text):,} characters, {counted}, {len(checked.counts)} counts, {len(checked.unchecked)} unchecked")
    if profile:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(45)


if __name__ == "__main__":
    main()
