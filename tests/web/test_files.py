"""Downloads of source files: also of a file inside an archive."""

import zipfile
from pathlib import Path

from fzsearch.config import load_settings
from fzsearch.engine import EmbeddedEngine
from fzsearch.service import SearchService, index_corpus
from fzsearch.web import create_app
from tests.generate import now

TEXT = "虚山沟镇2023年法治政府建设报告\n一、主要举措和成效\n办了一些事。\n"


def test_a_member_of_an_archive_is_sent_by_itself(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    with zipfile.ZipFile(corpus / "bundle.zip", "w") as bundle:
        bundle.writestr("报送/甲.txt", TEXT)
    engine = EmbeddedEngine(tmp_path / "index", now)
    index_corpus(corpus, engine, workers=1)
    (record,) = engine.reports()
    client = create_app(SearchService(engine), load_settings({}, corpus=str(corpus))).test_client()

    answer = client.get(f"/file/{record.key}/1")

    assert answer.status_code == 200
    assert answer.get_data(as_text=True) == TEXT
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert record.files[0].path == "bundle.zip!/报送/甲.txt"
    engine.close()
