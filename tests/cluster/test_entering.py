"""How is a cluster entered that asks who is there? By TLS with a password or a key, which no log shows."""

import logging
import shutil
from dataclasses import replace

import pytest

from fzsearch.engine.cluster import OpenSearchEngine
from fzsearch.errors import EngineError
from fzsearch.query import Query
from tests.cluster.conftest import assert_whole
from tests.cluster.front import KEY, PASSWORD, READER, WRITER, basic, front, make_certificate
from tests.generate import make_sections, now

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    if shutil.which("openssl") is None:
        pytest.skip("openssl, which makes the certificate of the test, is not installed")
    return make_certificate(tmp_path_factory.mktemp("front"))


@pytest.fixture
def entered(nodes, settings, certificate, caplog):
    """Settings that are right but for who asks."""
    caplog.set_level(logging.DEBUG)
    with front(certificate, nodes.url("n0")) as address:
        yield replace(settings, urls=address, ca_file=str(certificate))
    for secret in (PASSWORD, KEY, basic(WRITER, PASSWORD).partition(" ")[2]):
        assert secret not in caplog.text


@pytest.mark.parametrize("who", [{"user": WRITER, "password": PASSWORD}, {"api_key": KEY}], ids=["password", "key"])
def test_who_may_enter_can_index_and_search(entered, who):
    sections = make_sections(1, reports=5)
    engine = OpenSearchEngine(replace(entered, **who), now)

    engine.replace_all(sections, "note")

    assert_whole(engine, sections)
    engine.close()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"user": WRITER, "password": "wrong"}, "不接受这个用户名、密码或密钥；请核对后再试"),
        ({"api_key": "wrong"}, "不接受这个用户名、密码或密钥"),
        ({}, "不接受这个用户名、密码或密钥"),
        ({"api_key": KEY, "ca_file": ""}, "证书不受信任；请用 --ca-file 给出证书"),
    ],
    ids=["password", "key", "nobody", "certificate"],
)
def test_who_may_not_is_told_why(entered, change, said):
    engine = OpenSearchEngine(replace(entered, **change), now)

    for ask in (lambda: engine.search(Query()), lambda: engine.replace_all(make_sections(1, reports=1), "")):
        with pytest.raises(EngineError, match=said) as caught:
            ask()
        assert caught.value.retry_after is None
        assert "wrong" not in str(caught.value)
    engine.close()


def test_a_reader_may_search_and_not_write(entered):
    sections = make_sections(2, reports=3)
    writer = OpenSearchEngine(replace(entered, api_key=KEY), now)
    writer.replace_all(sections, "note")
    reader = OpenSearchEngine(replace(entered, user=READER, password=PASSWORD), now)

    assert reader.search(Query(limit=0)).total.sections == len(sections)
    with pytest.raises(EngineError, match="不允许这个用户做这件事（no permissions.*）；请找集群管理员"):
        reader.replace_all([], "")
    writer.close()
    reader.close()


def test_the_wrong_scheme_is_told(entered):
    engine = OpenSearchEngine(replace(entered, urls=entered.urls.replace("https", "http")), now)

    with pytest.raises(EngineError, match="连不上；请确认它在运行、网址和端口没有写错"):
        engine.search(Query())
    engine.close()
