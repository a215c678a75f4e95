"""Do verdicts tell what the reports say? Quotations cut from the specimens, true or changed in one place."""

import random
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fzsearch.analysis import normalize
from fzsearch.brief import Verdict, check_draft
from fzsearch.brief.shapes import checked_shape


@pytest.fixture(scope="module")
def texts(reports):
    """The continuous text of every report."""
    return ["\n".join(section.text for section in record.report.sections) for record in reports]


def verdict(service, text, marks="“”"):
    (checked,) = check_draft(service, f"前文{marks[0]}{text}{marks[1]}后文").quotations
    return checked.verdict


def cut(rng, texts, low=6, high=90):
    """A true quotation that its own marks cannot end."""
    while True:
        text = rng.choice(texts)
        start = rng.randrange(len(text) - high)
        words = text[start : start + rng.randint(low, high)].strip()
        if len(normalize(words)) >= low and not set(words) & set('“”「」"') and "\n\n" not in words:
            return words


def test_true_quotations_are_found_however_they_are_written(service, texts):
    rng = random.Random(1)
    for _ in range(150):
        words = cut(rng, texts)
        wide = "".join(chr(ord(c) + 0xFEE0) if c in "0123456789" else c for c in words)
        broken = words.replace("，", "，\n")
        for written, marks in ((words, "“”"), (words, "「」"), (wide, "“”"), (broken, "“”")):
            assert verdict(service, written, marks) in {Verdict.SAME, Verdict.SEVERAL}, written


def test_quotations_across_headings_are_found_where_they_begin(service, reports):
    record = reports[0]
    for one, after in pairwise(record.report.sections):
        words = one.text[-12:] + "\n" + after.text[:12]
        found = service.quotation(words).literal
        assert f"{record.key}/{one.path}" in {source.stored.id for source in found}


def mutated(rng, words):
    """The words with one character replaced, left out or put in."""
    at = rng.randrange(len(words))
    other = rng.choice("一二三四五六七八九十不无未0123456789法制治的了、，。")
    return rng.choice(
        [words[:at] + other + words[at + 1 :], words[:at] + words[at + 1 :], words[:at] + other + words[at:]]
    )


def check_mutations(service, texts, count, seed):
    rng, missed, tried = random.Random(seed), [], 0
    joined = [normalize(text) for text in texts]
    while tried < count:
        words = cut(rng, texts)
        wrong = mutated(rng, words)
        if not normalize(wrong) or any(normalize(wrong) in text for text in joined):
            continue  # another true quotation
        tried += 1
        if verdict(service, wrong) not in {Verdict.DIFFERENT, Verdict.MISSING}:
            missed.append(wrong)
    assert missed == []


def test_any_changed_character_changes_the_verdict(service, texts):
    check_mutations(service, texts, 300, seed=2)


@pytest.mark.slow
def test_ten_thousand_changed_quotations_are_all_told(service, texts):
    check_mutations(service, texts, 10_000, seed=3)


def test_a_changed_digit_shows_both_wordings(service, reports):
    section = next(s for r in reports for s in r.report.sections if "起" in s.text)
    at = next(i for i, c in enumerate(section.text) if c in "0123456789")
    words = section.text[max(0, at - 8) : at + 12].replace("\n", "")
    wrong = words.replace(section.text[at], str((int(section.text[at]) + 1) % 10), 1)
    (checked,) = check_draft(service, f"“{wrong}”").quotations

    assert checked.verdict is Verdict.DIFFERENT
    assert checked.found.alike is not None
    assert any(run.kind == "del" for run in checked.found.alike.old)
    assert any(run.kind == "ins" for run in checked.found.alike.new)


def test_what_nobody_wrote_is_not_found(service):
    (checked,) = check_draft(service, "“群众满意度连续三年位居第一名次”").quotations

    assert checked.verdict is Verdict.MISSING


_PIECES = (
    "/search?q=", "/search", "/r/", "http://[", "http://a℀b", "&year=", "枫林镇", "2024年", "5起", "调解纠纷", "“", "”",
    "3个乡镇", "[^1]", "[^1]: ", "\n", "。", "，", "%zz", "＆", "\x00", "\ud800", "全县", "> ", "二十", "其中", "年",
    "~", "@00000000", "#",
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(_PIECES), max_size=25).map("".join))
def test_any_draft_is_checked(service, draft):
    checked = check_draft(service, draft)
    shape = checked_shape(checked)

    for kind in ("quotations", "figures", "counts", "unchecked"):
        places = [(one["start"], one["end"]) for one in shape[kind]]
        assert places == sorted(places)
        assert all(0 <= start < end <= len(draft) for start, end in places)
    assert len(shape["links"]) == len(checked.links)


def test_links_get_their_state_and_decide_the_whole(service, reports):
    section = service.sections_of(reports[0])[1]
    good = check_draft(service, f"见 /r/{section.id}@{section.hash}。")
    bad = check_draft(service, "见 /r/没有-2020/s1@00000000。")

    assert [one.resolution.state.value for one in good.links] == ["一致"]
    assert good.is_clean
    assert [one.resolution.state.value for one in bad.links] == ["已移除"]
    assert not bad.is_clean
