"""Which engine has the index of a folder? One in the folder itself, or a cluster that the folder names.

`cluster.json` in the folder says where the cluster is; how it is entered stands in the environment only.
"""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from fzsearch.config import ClusterSettings
from fzsearch.engine import RANKERS, EmbeddedEngine, Engine, ranker
from fzsearch.errors import ConfigError, EngineError, os_reason

OPENSEARCH = "opensearch"
ENGINES = (*RANKERS, OPENSEARCH)
_WHERE = "cluster.json"


def open_engine(name: str | None, index_dir: Path, cluster: ClusterSettings | None = None) -> Engine:
    """The index in a folder or in a cluster, which need not exist yet.

    Reading and changing it goes by the engine that built it; `name`, if any, is the one for building it anew.

    Raises:
        ConfigError: no engine of that name, or it is not installed, or the cluster's address cannot be used.
    """
    given = cluster or ClusterSettings()
    if name == OPENSEARCH or (name is None and (given.urls or (index_dir / _WHERE).exists())):
        return _cluster_engine(given if given.urls else _remembered(index_dir, given))
    if name is not None:
        ranker(name)
    return EmbeddedEngine(index_dir, _now, name)


def remember(name: str | None, index_dir: Path, cluster: ClusterSettings) -> None:
    """Keep in the folder where its index is, once it has been built there; another engine forgets it.

    Raises:
        ConfigError: the folder cannot be written.
    """
    path = index_dir / _WHERE
    try:
        if name == OPENSEARCH and cluster.urls:
            index_dir.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps({"urls": cluster.urls, "index": cluster.index}, indent=1), encoding="utf-8")
        elif name is not None and name != OPENSEARCH:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise ConfigError(
            f"索引写好了，但 {path} 写不了（{os_reason(error)}）；请改这个目录的权限或换 --index，否则以后都要给 --url"
        ) from error


def engine_in(index_dir: Path, cluster: ClusterSettings | None = None) -> str | None:
    """The name of the engine that built an index; None where there is none that can be read."""
    with suppress(EngineError, ConfigError):
        return open_engine(None, index_dir, cluster).info().engine
    return None


def _cluster_engine(cluster: ClusterSettings) -> Engine:
    try:
        from fzsearch.engine.cluster import OpenSearchEngine  # noqa: PLC0415 - optional
    except ImportError:
        raise ConfigError("OpenSearch 引擎没有安装；请安装：pip install 'fzsearch[opensearch]'") from None
    return OpenSearchEngine(cluster, _now)


def _remembered(index_dir: Path, cluster: ClusterSettings) -> ClusterSettings:
    path = index_dir / _WHERE
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return replace(cluster, urls=str(told["urls"]), index=str(told["index"]))
    except FileNotFoundError:
        return cluster
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ConfigError(
            f"{path} 读不出；请删掉它，再运行 fzsearch index 语料目录 --engine opensearch --url 网址"
        ) from error


def _now() -> datetime:
    return datetime.now().astimezone()
