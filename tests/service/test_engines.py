"""Does a folder remember where its index is?"""

import pytest

from fzsearch.config import ClusterSettings
from fzsearch.errors import ConfigError
from fzsearch.service.engines import remember

CLUSTER = ClusterSettings(urls="http://127.0.0.1:1", index="fz")


def test_a_cluster_is_remembered_until_another_engine_has_the_index(tmp_path):
    path = tmp_path / "index" / "cluster.json"
    remember("opensearch", tmp_path / "index", CLUSTER)
    assert "127.0.0.1:1" in path.read_text(encoding="utf-8")
    remember(None, tmp_path / "index", CLUSTER)
    assert path.exists()
    remember("whoosh", tmp_path / "index", CLUSTER)
    assert not path.exists()


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "index").write_text("a file", encoding="utf-8")
    with pytest.raises(ConfigError, match="索引写好了，但 .*cluster.json 写不了"):
        remember("opensearch", tmp_path / "index", CLUSTER)
