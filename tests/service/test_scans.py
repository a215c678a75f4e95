"""What becomes of files whose pages are pictures? A stand-in takes the place of the engine that reads pictures."""

import sys
from dataclasses import replace

import pytest
from click.testing import CliRunner

from fzsearch.cli import main
from fzsearch.errors import CorpusError, ExtractError
from fzsearch.ingest.extract import ocr, read_document
from fzsearch.service import RECOGNISED_FOLDER, diagnose, index_corpus, open_engine, parse_file
from tests.ingest.extract.test_recognised import LINES, PARAGRAPHS, page
from tests.pdf_writer import lay_out, write_pdf

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the stand-in reaches children by fork only")

TITLE = "甲镇2023年法治政府建设年度报告"
PAGES = [page((TITLE, 4), *LINES), page(*((text, indent) for text, indent in LINES))]
SCAN = write_pdf([[], []])
MIXED = write_pdf([*lay_out([TITLE, "一、总体情况", "全年调处纠纷八十五起，化解率达到九成以上。" * 3]), []])


class Setup:
    """A corpus, an index of it, and the pages that were recognised."""

    def __init__(self, folder, monkeypatch):
        self.corpus, self.index, self._log = folder / "corpus", folder / "index", folder / "log"
        self.corpus.mkdir()
        self._log.touch()
        self._monkeypatch = monkeypatch
        self.recognise_by(lambda _data, number: PAGES[number])

    def recognise_by(self, function, engine="stand-in 1"):
        log = self._log

        def logged(data, number):
            with log.open("a") as file:
                file.write(f"{number}\n")
            return function(data, number)

        self._monkeypatch.setattr(ocr, "is_installed", lambda: bool(engine))
        self._monkeypatch.setattr(ocr, "engine_name", lambda: engine)
        self._monkeypatch.setattr(ocr, "recognise_page", logged)

    def write(self, name, data):
        (self.corpus / name).write_bytes(data)

    def run(self, **options):
        """Index; gives the summary and the numbers of the pages that were recognised for it."""
        self._log.write_text("")
        engine = open_engine("whoosh", self.index)
        summary = index_corpus(self.corpus, engine, workers=2, recognised=self.index / RECOGNISED_FOLDER, **options)
        engine.close()
        return summary, sorted(map(int, self._log.read_text().split()))

    def report(self):
        engine = open_engine("whoosh", self.index)
        (record,) = engine.reports()
        engine.close()
        return record.report


@pytest.fixture
def setup(tmp_path, monkeypatch):
    return Setup(tmp_path, monkeypatch)


def test_a_scan_is_recognised_page_by_page_and_marked(setup):
    setup.write("甲镇.pdf", SCAN)
    seen = []

    summary, recognised = setup.run(progress=lambda *one: seen.append(one))

    assert (summary.reports.added, summary.unreadable, summary.poor) == (1, (), ())
    assert recognised == [0, 1]
    assert [one for one in seen if one[2] == "页"] == [(0, 2, "页"), (1, 2, "页"), (2, 2, "页")]
    report = setup.report()
    assert (report.title, report.is_recognised) == (TITLE, True)
    assert report.warnings == ("全文（2 页）由 OCR 识别，可能有错字，引用前请核对原件",)


def test_neither_renaming_nor_reading_all_again_recognises_again(setup):
    setup.write("甲镇.pdf", SCAN)
    first = setup.run()
    (setup.corpus / "甲镇.pdf").rename(setup.corpus / "乙.pdf")

    renamed, again = setup.run(), setup.run(full=True)

    assert (first[1], renamed[1], again[1]) == ([0, 1], [], [])
    assert (renamed[0].reports.unchanged, again[0].reports.unchanged) == (1, 1)


def test_the_same_scan_twice_is_recognised_once(setup):
    setup.write("a.pdf", SCAN)
    setup.write("b.pdf", SCAN)

    assert setup.run()[1] == [0, 1]


def test_a_new_engine_recognises_again_and_removed_files_are_forgotten(setup):
    setup.write("甲镇.pdf", SCAN)
    setup.run()
    setup.recognise_by(lambda _data, number: PAGES[number], engine="stand-in 2")

    assert setup.run(full=True)[1] == [0, 1]

    (setup.corpus / "甲镇.pdf").unlink()
    setup.run()
    assert [*(setup.index / RECOGNISED_FOLDER).iterdir()] == []


def test_only_the_pages_without_text_of_a_mixed_file_are_recognised(setup):
    setup.write("甲镇.pdf", MIXED)
    setup.recognise_by(lambda _data, _number: page(*LINES))

    _, recognised = setup.run()

    assert recognised == [1]
    assert setup.report().warnings == ("第 2 页由 OCR 识别，可能有错字，引用前请核对原件",)
    text = "\n".join(section.text for section in parse_file(setup.corpus / "甲镇.pdf").sections)
    assert "化解率达到九成以上" in text
    assert PARAGRAPHS[1] in text


def test_a_page_on_which_nothing_is_recognised_is_blank(setup):
    setup.write("甲镇.pdf", MIXED)
    setup.recognise_by(lambda _data, _number: page())

    setup.run()

    assert setup.report().warnings == ()
    assert not setup.report().is_recognised


def test_what_was_recognised_without_confidence_is_poor_but_found(setup):
    setup.write("甲镇.pdf", SCAN)
    vague = replace(PAGES[1], lines=tuple(replace(line, score=0.7) for line in PAGES[1].lines))
    setup.recognise_by(lambda _data, number: [PAGES[0], vague][number])

    summary, _ = setup.run()

    (poor,) = summary.poor
    assert (summary.unreadable, poor.kind, poor.reason) == ((), "poor", "第 2 页由 OCR 识别，把握不大")
    assert "第 2 页字迹不清，OCR 把握不大，请逐字核对" in setup.report().warnings
    found = diagnose(open_engine("whoosh", setup.index), setup.corpus)
    assert (found.poor, found.is_healthy) == (summary.poor, True)
    shown = CliRunner().invoke(main, ["doctor", "--index", str(setup.index)]).stdout
    assert "读出了、但文字不多或不可靠的文件（1）：\n  甲镇.pdf：第 2 页由 OCR 识别，把握不大。" in shown


def test_a_page_that_fails_is_told_and_tried_again_when_all_is_read_again(setup):
    setup.write("甲镇.pdf", SCAN)

    def failing(_data, number):
        if number:
            raise ExtractError("读取超过 240 秒仍未完成", "请缩小")
        return PAGES[0]

    setup.recognise_by(failing)
    summary, _ = setup.run()

    assert [file.reason for file in summary.poor] == ["第 2 页是图片，没有读出"]
    setup.recognise_by(lambda _data, number: PAGES[number])
    again, recognised = setup.run(full=True)
    assert (again.poor, recognised) == ((), [1])


def test_a_file_of_which_no_page_is_recognised_says_why(setup):
    setup.write("甲镇.pdf", SCAN)

    def failing(_data, _number):
        raise ExtractError("PDF 的页面画不出来", "请重新打印")

    setup.recognise_by(failing)

    assert [(file.reason, file.kind) for file in setup.run()[0].unreadable] == [("PDF 的页面画不出来", "unreadable")]


def test_pictures_without_writing_are_unreadable(setup):
    setup.write("照片.pdf", SCAN)
    setup.recognise_by(lambda _data, _number: page())

    (file,) = setup.run()[0].unreadable

    assert "OCR 也没有认出中文" in file.reason


def test_without_the_extra_a_scan_names_what_to_install(setup):
    setup.write("甲镇.pdf", SCAN)
    setup.recognise_by(None, engine="")

    summary, recognised = setup.run()

    assert recognised == []
    assert [file.reason for file in summary.unreadable] == ["PDF 没有文字层，可能是扫描件"]
    assert 'pip install "fzsearch[ocr]"' in summary.unreadable[0].remedy
    with pytest.raises(CorpusError, match=r"fzsearch\[ocr\]"):
        parse_file(setup.corpus / "甲镇.pdf")


def test_what_was_recognised_serves_without_the_extra(setup):
    setup.write("甲镇.pdf", SCAN)
    setup.run()
    setup.recognise_by(None, engine="")

    assert setup.run(full=True)[0].reports.unchanged == 1


def test_one_file_is_parsed_with_progress(setup):
    setup.write("甲镇.pdf", SCAN)
    seen = []

    report = parse_file(setup.corpus / "甲镇.pdf", progress=lambda *one: seen.append(one))

    assert report.title == TITLE
    assert seen == [(0, 2), (1, 2), (2, 2)]


def test_reading_alone_never_asks(setup):
    with pytest.raises(ExtractError, match="没有文字层"):
        read_document(SCAN)


def test_a_text_with_few_hanzi_is_poor(setup):
    setup.write("a.txt", ("甲镇法治政府建设报告\n" + "English only. " * 20).encode())

    (poor,) = setup.run()[0].poor

    assert "汉字只占" in poor.reason
