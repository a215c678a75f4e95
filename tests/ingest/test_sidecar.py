"""What people state about a file: every form of it, and every mistake with its line and what was expected."""

import os
from datetime import date
from pathlib import Path

import pytest

from fzsearch.ingest import draft_sidecar, read_corrections, read_document, read_report, sidecar_of, sidecars_of
from fzsearch.ingest.place_evidence import find_place
from fzsearch.ingest.places import PlaceList
from fzsearch.ingest.sidecar import Corrections
from fzsearch.ingest.sidecar_files import NO_SIDECAR, Sidecar
from fzsearch.model import Document, Format, Place

PLACES = PlaceList.load(Path(__file__).parents[2] / "corpus" / "places.csv")
TOPICS = ("枫桥经验", "合法性审查", "行政执法监督")
TEXT = ("沙市镇2022年法治政府建设情况报告", "一、工作情况", "开展调解35起。", "二、2023年工作打算", "继续抓好。")


def read(text: str | bytes) -> Corrections:
    content = text if isinstance(text, bytes) else text.encode()
    return read_corrections(Sidecar(toml=("a.txt.toml", content)), PLACES, TOPICS)


def table(folder, content, *files, name="reports.csv"):
    """The sidecars of a corpus that holds these files and one CSV, and what is wrong with them."""
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text("x", encoding="utf-8")
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    found = sidecars_of(folder, files)
    return dict(found.by_file), list(found.mistakes)


# Values


def test_every_field_is_read():
    found = read(
        """
# 更正
title = "沙市镇2022年度报告"
year = 2022
place = "500235123"
doc_number = "沙市委文〔2023〕3号"
issued = 2023-01-31
source_url = "https://example.gov.cn/a?b=1"
topics = ["枫桥经验"]
issuers = ["沙市镇人民政府", "中共沙市镇委员会"]
signer = "张三"
"""
    )

    assert found.mistakes == ()
    assert (found.title, found.year, found.doc_number) == ("沙市镇2022年度报告", 2022, "沙市委文〔2023〕3号")
    assert found.place == PLACES.coded("500235123")
    assert found.issued == date(2023, 1, 31)
    assert found.source_url == "https://example.gov.cn/a?b=1"
    assert (found.topics, found.signer) == (("枫桥经验",), "张三")
    assert found.issuers == ("沙市镇人民政府", "中共沙市镇委员会")
    year = next(item for item in found.provenance if item.field == "year")
    assert (year.rule, year.source, year.line, year.text) == ("sidecar.year", "sidecar", 4, "year = 2022")


@pytest.mark.parametrize(
    "place",
    [
        'place = "500235123"',
        "place = 500235123",
        'place = "500235123000"',
        'place = "重庆市 云阳县 沙市镇"',
        'place = "重庆市云阳县沙市镇"',
        'place = "云阳县/沙市镇"',
        'place = "重庆市 县 云阳县 沙市镇"',
        '[place]\nprovince = "重庆市"\ncounty = "云阳县"\ntownship = "沙市镇"',
        'place.code = "500235123"',
        'place = { township = "沙市镇", county = "云阳县", code = "500235123" }',
    ],
)
def test_a_place_by_code_or_names(place):
    found = read(place)

    assert found.mistakes == ()
    assert found.place is not None
    assert found.place.code == "500235123"
    assert {item.field for item in found.provenance} == {"place.county", "place.township"}


def test_a_place_of_the_corpus_and_one_that_no_list_knows():
    assert read('place = "990122101"').place == PLACES.named("枫林镇")[-1]
    assert read('place = "示例省 青溪县 竹鹭镇"').place == Place(
        province="示例省", city="云川市", county="青溪县", township="竹鹭镇"
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('place = "沙市镇"', "500235123 重庆市 云阳县 沙市镇"),
        ('place = "123"', "9 位数字"),
        ('place = "999999999"', "places.csv 里都没有代码 999999999"),
        ('place = "竹鹭镇"', "写全省、市、县、乡镇"),
        ('place = "青溪县 竹鹭镇"', "写全省、市、县、乡镇"),
        ('place = "重庆市 云洋县 竹鹭镇"', "写全省、市、县、乡镇"),
        ('place = "重庆市 云阳县"', "不是乡镇、街道"),
        ("place = true", "9 位代码"),
        ('place = { town = "沙市镇" }', "不认识“town”"),
        ('place = { county = "云阳县" }', "township"),
        ('place = { code = "500235123", county = "永新县" }', "与“永新县”不符"),
        ("year = 22", "四位年份"),
        ("year = 3022", "四位年份"),
        ("year = true", "四位年份"),
        ('year = "去年"', "四位年份"),
        ('issued = "2023年1月"', "如 2024-01-15"),
        ('issued = "2023-02-30"', "如 2024-01-15"),
        ('source_url = "javascript:alert(1)"', "http"),
        ('source_url = "http://"', "http"),
        ('source_url = "http://[a"', "http"),
        ('source_url = "file:///etc/passwd"', "http"),
        ('topics = ["枫桥经念"]', "相近的有 枫桥经验"),
        ("topics = [1]", "一行文字"),
        ('title = "甲\\n乙"', "一行文字"),
        ("title = 3", "一行文字"),
        ('issuers = { a = "b" }', "一行文字"),
        ('tite = "甲"', "不认识的项目“tite”"),
    ],
)
def test_a_value_that_cannot_be_used_is_told_with_line_and_expectation_and_the_rest_counts(line, expected):
    found = read(f'signer = "张三"\n{line}\n')

    assert found.signer == "张三"
    assert len(found.mistakes) == 1
    assert found.mistakes[0].startswith("a.txt.toml 第 2 行：")
    assert expected in found.mistakes[0]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("title = 甲", "第 1 行：不是有效的 TOML"),
        ('year = 2022\ntitle = "甲', "第 2 行：不是有效的 TOML"),
        ("a = " + "[" * 5000, "不是有效的 TOML"),
        ("year = " + "9" * 5000, "TOML"),
        (b"\xff\xfe\x00\x80\x81", "UTF-8"),
    ],
)
def test_a_sidecar_that_is_no_toml_gives_nothing_but_a_sentence(content, expected):
    found = read(content)

    assert len(found.mistakes) == 1
    assert expected in found.mistakes[0]
    assert found.provenance == ()


@pytest.mark.parametrize(
    "content", [b"\xef\xbb\xbf" + 'signer = "张三"'.encode(), 'signer = "张三"\r\n'.encode("gb18030")]
)
def test_a_sidecar_may_have_a_mark_or_come_from_a_chinese_notepad(content):
    assert read(content).signer == "张三"


def test_empty_values_count_as_not_written():
    assert read('title = ""\nyear = "  "\nplace = ""\ntopics = []\nissuers = [""]') == Corrections()


# Folders


HEADER = "file,title,year,place,doc_number,issued,source_url,topics,issuers,signer\n"
ROW = "甲.txt,,2022,重庆市 云阳县 沙市镇,,2023/1/5,,枫桥经验；合法性审查,甲镇政府、甲镇党委,张三\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_folders_csv_in_every_encoding(tmp_path, encoding):
    found, mistakes = table(tmp_path, f"# 说明\n{HEADER}\n{ROW}".encode(encoding), "甲.txt")
    corrections = read_corrections(found["甲.txt"], PLACES, TOPICS)

    assert mistakes == []
    assert corrections.mistakes == ()
    assert corrections.place is not None
    assert (corrections.year, corrections.issued, corrections.signer) == (2022, date(2023, 1, 5), "张三")
    assert (corrections.topics, corrections.issuers) == (("枫桥经验", "合法性审查"), ("甲镇政府", "甲镇党委"))
    assert corrections.place.code == "500235123"
    assert {(item.line, item.text) for item in corrections.provenance} == {(4, ROW.strip())}


def test_any_columns_in_any_order_for_files_in_and_below_the_folder(tmp_path):
    found, mistakes = table(
        tmp_path,
        "Year , FILE\r\n2021,乙.txt\r\n2022,下级\\丙.txt\r\n",
        "b/乙.txt",
        "b/下级/丙.txt",
        name="b/reports.csv",
    )

    assert mistakes == []
    assert {path: read_corrections(one, PLACES, ()).year for path, one in found.items()} == {
        "b/乙.txt": 2021, "b/下级/丙.txt": 2022,
    }  # fmt: skip


def test_the_toml_wins_over_the_csv_and_the_nearer_csv_over_the_farther(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "a.txt.toml").write_text("year = 2020", encoding="utf-8")
    (tmp_path / "b" / "reports.csv").write_text("file,year,signer\na.txt,2021,张三\n", encoding="utf-8")
    found, _ = table(tmp_path, "file,year,signer,title\nb/a.txt,2022,李四,某报告\n", "b/a.txt")
    corrections = read_corrections(found["b/a.txt"], PLACES, TOPICS)

    assert (corrections.year, corrections.signer, corrections.title) == (2020, "张三", "某报告")
    assert sidecar_of(tmp_path, "b/a.txt") == (found["b/a.txt"], ())


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("title,year\n甲,2022\n", "第 1 行：表头要有 file 一列"),
        ("file,yaer\na.txt,2022\n", "第 1 行：不认识的列“yaer”"),
        ("file,year,year\na.txt,2022,2023\n", "第 1 行：列“year”写了不止一次"),
        ("# 说明\nfile,year\nb.txt,2022\n", "第 3 行：file 一列要写这个文件夹里的文件（可带下级文件夹），没有“b.txt”"),
        ("file,year\n../a.txt,2022\n", "没有“../a.txt”"),
        ("file,year\na.txt,2022\na.txt,2023\n", "第 3 行：与第 2 行是同一个文件"),
        ("file,year\n,2022\n", "第 2 行：file 一列不能为空"),
        ("file,year\na.txt,2022,多\n", "第 2 行：格数比表头多"),
        ('file,year\n"a.txt,2022\n', "第 2 行：引号不成对"),
        (b"\xff\xff\xff", "不是 UTF-8 或 GB18030"),
    ],
)
def test_a_mistake_in_a_csv_is_told_with_its_line(tmp_path, content, expected):
    mistakes = table(tmp_path, content, "a.txt")[1]

    assert len(mistakes) == 1
    assert mistakes[0].startswith("reports.csv")
    assert expected in mistakes[0]


def test_a_sidecar_of_no_file_is_a_mistake_but_the_topics_are_none(tmp_path):
    (tmp_path / "topics.toml").write_text("", encoding="utf-8")
    (tmp_path / "b.doc.toml").write_text("", encoding="utf-8")

    assert sidecars_of(tmp_path, ["a.txt"]).mistakes == ("b.doc.toml：旁边没有能读入的文件 b.doc，请核对文件名",)


def test_the_lines_of_a_csv_are_counted(tmp_path):
    _, mistakes = table(tmp_path, "file,title\n" + "b.txt\n" * 1_000_000, "a.txt")

    assert len(mistakes) == 50_000
    assert "reports.csv 第 50001 行：超过 50000 行，从这里起没有读；请分到各个文件夹里" in mistakes


def test_links_out_of_the_corpus_devices_and_huge_sidecars_are_not_read(tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (tmp_path / "secret").write_text('title = "秘密"', encoding="utf-8")
    (corpus / "a.txt.toml").symlink_to(tmp_path / "secret")
    os.mkfifo(corpus / "b.txt.toml")
    (corpus / "c.txt.toml").write_text("#" * 70_000, encoding="utf-8")
    (corpus / "d.txt.toml").symlink_to("nowhere")
    found = sidecars_of(corpus, ["a.txt", "b.txt", "c.txt", "d.txt"])

    assert found.by_file == {}
    assert len(found.mistakes) == 4
    assert "秘密" not in "".join(found.mistakes)


# What becomes of the report


def report(path="", corrections=None):
    document = Document(format=Format.TXT, lines=TEXT)
    return read_report(document, PLACES, path=path, corrections=corrections or Corrections())


def test_corrections_replace_values_and_their_provenance():
    found = report(corrections=read('year = 2021\nplace = "500235123"\n'))

    assert (found.year, found.place.county) == (2021, "云阳县")
    assert {item.rule for item in found.provenance if item.field == "year"} == {"sidecar.year"}
    assert {item.rule for item in found.provenance if item.field.startswith("place")} == {"sidecar.place"}
    assert found.title == TEXT[0]


def test_mistakes_become_warnings_of_the_report():
    assert report(corrections=read("year = 1")).warnings == (
        "a.txt.toml 第 1 行：year 应为报告所述的四位年份，如 2023，实际为“1”",
    )
    assert report(corrections=read("year = 1")).year == 2022


@pytest.mark.parametrize(
    "path",
    [
        "重庆市/云阳县/沙市镇.txt",
        "云阳县/2022/a.txt",
        "重庆/云阳/沙市镇.txt",
        "a/重庆市云阳县沙市镇2022.docx",
        "重庆市/a.txt",
        "永新县旧稿/云阳县/a.txt",
    ],
)
def test_folder_and_file_names_settle_the_place(path):
    found = report(path)

    assert found.place.code == "500235123"
    assert {item.source for item in found.provenance if item.rule == "place.file"} == {"file"}


@pytest.mark.parametrize(
    "path", ["a.txt", "2022/a.txt", "各乡镇/a.txt", "东方市场/a.txt", "沙市镇/沙市镇.txt", "镇/a.txt"]
)
def test_names_that_say_nothing_leave_it_open(path):
    assert len(report(path).place.candidates) == 3


def test_the_file_is_nearer_than_its_folders_and_the_text_nearer_than_both():
    file = "重庆市/云阳县/沙市镇/观音堂镇2022.txt"
    by_file, _ = find_place([], None, [], {"file": file}, PLACES)
    by_text = report("重庆市/沙坪坝区/青木关镇.txt").place

    assert by_file.township == "观音堂镇"
    assert by_text.township == "沙市镇"


def test_a_path_that_steers_the_terminal_is_shown_without_that():
    place = report("云阳县\x1b[31m/a.txt")

    assert not any("\x1b" in item.text for item in place.provenance)


# The draft


def test_a_draft_is_valid_and_changes_nothing_until_it_is_filled_in():
    found = report()
    draft = draft_sidecar(found, "沙市镇\n.txt")

    assert read(draft) == Corrections()
    assert '# title = "沙市镇2022年法治政府建设情况报告"' in draft
    assert "#   500235123 重庆市 云阳县 沙市镇" in draft
    assert 'place = ""' in draft.splitlines()
    assert 'doc_number = ""' in draft
    assert "沙市镇\ufffd.txt" in draft


def test_a_filled_in_draft_settles_the_place():
    draft = draft_sidecar(report(), "a.txt").replace('place = ""', 'place = "500235123"')

    assert report(corrections=read(draft)).place.county == "云阳县"


def test_a_draft_of_everything_found_holds_it_as_comments():
    found = report(
        corrections=read('place = "500235123"\nsigner = "甲\\"乙"\nissuers = ["甲镇政府"]\nissued = 2023-01-02')
    )
    draft = draft_sidecar(found, "a.txt")
    uncommented = "\n".join(line.removeprefix("# ") for line in draft.splitlines() if " = " in line)
    again = read(uncommented)

    assert again.place == found.place
    assert (again.signer, again.issuers, again.issued) == (found.signer, found.issuers, found.issued)


def test_no_sidecar_says_nothing():
    assert read_corrections(NO_SIDECAR, PLACES, TOPICS) == Corrections()


# Real reports


@pytest.mark.parametrize(
    ("path", "county"),
    [
        ("{}", None),
        ("各乡镇/2022/{}", None),
        ("重庆市/云阳县/{}", "云阳县"),
        ("江西/永新/{}", "永新县"),
        ("浏阳市/{}", None),
    ],
)
def test_folders_settle_what_real_reports_leave_open_and_nothing_else(shared_dir, path, county):
    found = {}
    for file in sorted((shared_dir / "reports").glob("*.txt")):
        document = read_document(file.read_bytes(), file.name)
        place = read_report(document, PLACES, path=path.format(file.name)).place
        found[place.township] = place.county

    assert found == {
        "商家镇": "周村区", "观音堂镇": "陕州区", "甘河滩镇": "湟中区", "青木关镇": "沙坪坝区", "沙市镇": county,
    }  # fmt: skip
