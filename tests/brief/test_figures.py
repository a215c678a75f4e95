"""Do verdicts on figures tell what the reports state? Figures of the specimens in a draft, true or changed."""

import random
import re

import pytest

from fzsearch.brief import check_draft
from fzsearch.brief.check import FINE

UNITS = ("件", "起", "次", "场", "人", "名", "份", "个", "户", "%", "元", "人次")


@pytest.fixture(scope="module")
def cases(reports):
    """Every figure of the reports: (record, what stands before, sentence, its place in it, what stands behind).

    Once with place and year named, once with a link behind.
    """
    names = {record.report.place.township for record in reports}
    found = []
    for record in reports:
        named = f"{record.report.place.township}{record.report.year}年的情况。"
        for figure in record.report.figures:
            sentence = figure.sentence
            section = next(one for one in record.report.sections if one.path == figure.section)
            at = figure.start - section.text.rfind(sentence, 0, figure.start + len(sentence))
            is_of_others = any(name in sentence for name in names - {record.report.place.township})
            if not is_of_others and not re.search('[“”「」"\n]', sentence):
                found += [(record, named, sentence, at, ""), (record, "", sentence, at, f"（/r/{record.key}）")]
    return found


def verdict_at(service, text, start):
    """The verdict of the figure that begins at a place; None where none does, but the number is told as unchecked."""
    checked = check_draft(service, text)
    found = [one.verdict for one in checked.figures if one.figure.start <= start < one.figure.end]
    if not found:
        assert any(low <= start < high for low, high in checked.unchecked), text
    return found[0] if found else None


def test_true_figures_in_context_are_the_same(service, cases):
    for _, before, sentence, at, after in random.Random(1).sample(cases, 200):
        text = before + sentence + after
        wide = "".join(chr(ord(c) + 0xFEE0) if c in "0123456789" else c for c in sentence)

        assert verdict_at(service, text, len(before) + at) in FINE, text
        assert verdict_at(service, before + wide + after, len(before) + at) in FINE, text


def changed(rng, record, sentence, at):
    """The sentence with one digit or the unit of a quantity changed; None where the report states that too."""
    found = re.compile(r"([\d.,]+)\s?([^\d，。、；]{1,2})").match(sentence, at)
    if not found or not found[1].isascii():
        return None
    figure = next(
        (one for one in record.report.figures if one.sentence == sentence and one.unit in found[2] + "%"), None
    )
    places = [place for place in range(*found.span(1)) if sentence[place].isdigit()]
    if figure and rng.random() < 0.3:
        end = found.end(1) + len(figure.unit)
        number, unit = found[1], rng.choice([one for one in UNITS if one != figure.unit])
        wrong = sentence[: found.end(1)] + unit + sentence[end:]
    else:
        place, unit = rng.choice(places), figure.unit if figure else ""
        digit = rng.choice([one for one in "123456789" if one != sentence[place]])
        wrong = sentence[:place] + digit + sentence[place + 1 :]
        number = wrong[found.start(1) : found.end(1)]
    value = float(number.replace(",", ""))
    stated = {(one.value, one.unit) for one in record.report.figures}
    return None if (value, unit) in stated or any(value == one for one, _ in stated if not unit) else wrong


def check_changed_figures(service, cases, count, seed):
    rng, missed, tried = random.Random(seed), [], 0
    while tried < count:
        record, before, sentence, at, after = rng.choice(cases)
        wrong = changed(rng, record, sentence, at)
        if wrong is None:
            continue
        tried += 1
        if verdict_at(service, before + wrong + after, len(before) + at) in FINE:
            missed.append((sentence, wrong, before, after))
    assert missed == []


def test_any_changed_digit_or_unit_changes_the_verdict(service, cases):
    check_changed_figures(service, cases, 250, seed=2)


@pytest.mark.slow
def test_five_thousand_changed_figures_are_all_told(service, cases):
    check_changed_figures(service, cases, 5_000, seed=3)
