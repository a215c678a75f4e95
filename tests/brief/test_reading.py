"""What does a Word draft cite? Notes and links, which a report's text does not show."""

import io
import zipfile

import pytest

from fzsearch.brief import check_draft, read_draft

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word(body: str, notes: str = "", **targets: str) -> bytes:
    """A .docx file; `targets` are the links of the body by id."""
    links = "".join(f'<Relationship Id="{k}" Target="{v}" TargetMode="External" Type="x"/>' for k, v in targets.items())
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r" Type="{_OFFICE}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {_W} {_R}><w:body>{body}</w:body></w:document>",
        "word/footnotes.xml": f"<w:footnotes {_W}>{notes}</w:footnotes>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{links}</Relationships>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


@pytest.mark.parametrize(
    ("body", "notes"),
    [
        (f'<w:p>{run("调解纠纷5起")}<w:r><w:footnoteReference w:id="2"/></w:r>{run("。")}</w:p>',
         f'<w:footnote w:id="2"><w:p>{run("见 /r/KEY/s1")}</w:p></w:footnote>'),
        (f'<w:p>{run("调解纠纷5起，")}<w:hyperlink r:id="k1">{run("原文")}</w:hyperlink>{run("。")}</w:p>', ""),
    ],
)  # fmt: skip
def test_notes_and_links_of_a_word_draft_are_its_evidence(service, reports, body, notes):
    key = reports[0].key
    data = word(f"<w:p>{run('标题')}</w:p>{body}", notes.replace("KEY", key), k1=f"http://10.0.0.8:8000/r/{key}/s1")
    checked = check_draft(service, read_draft(data, "稿.docx"))
    (figure,) = checked.figures

    assert [link.resolution.state.value for link in checked.links] == ["一致"]
    assert (figure.basis.evidence.value, figure.basis.keys) == ("链接", (key,))


def test_a_damaged_word_draft_is_still_read(service):
    data = word(f'<w:p><w:hyperlink r:id="none">{run("文字")}</w:hyperlink></w:p>')

    assert read_draft(data, "稿.docx") == "文字"
