"""Which settings are there, and where does each come from? Flag, then environment, then settings file, then default.

One table feeds the dataclass, the environment (`FZSEARCH_<NAME>`), the file, the command line and the README.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from fzsearch.errors import ConfigError, os_reason


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: name, default, unit ("" without one), help in Chinese for users."""

    name: str
    default: str | int | None
    unit: str
    help: str

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"FZSEARCH_{self.name.upper()}"


SETTINGS = (
    Setting("settings", "fzsearch.toml", "文件", "设置文件，每行一个“名称 = 值”，如 port = 8080；只能用环境变量给"),
    Setting("index", "index", "目录", "索引目录；由 fzsearch index 生成，删掉不丢东西"),
    Setting("corpus", None, "目录", "语料目录；serve 给了它，网页上才能下载原文件"),
    Setting("host", "127.0.0.1", "地址", "网站绑定的地址；默认只有本机能访问"),
    Setting("port", 8000, "端口", "网站的端口"),
    Setting("workers", 0, "进程", "读文件用几个进程；0 表示每个处理器一个"),
    Setting("threads", 8, "线程", "网站同时处理几个请求"),
    Setting("processes", 1, "进程", "网站用几个进程；处理器多、读者多时用，每个约 600 MB 内存；Windows 上只能是 1"),
    Setting("hosts", "", "主机名", "网站还接受哪些主机名访问，用逗号分开；绑定到局域网地址时用"),
    Setting(
        "base_url", "", "网址", "网站对外的网址，如 http://10.0.0.8:8000；引用和导出里的链接以它开头，不设则为相对地址"
    ),
    Setting("trusted_proxy", "", "地址", "反向代理的地址，如 127.0.0.1；只信它转来的访问者地址和 https 标记"),
    Setting("access_log", "", "文件", "访问日志写到哪里，每次访问一行 JSON，不含检索词；- 是标准错误，不设就不记"),
    Setting("log_texts", 0, "0 或 1", "1：访问日志里也写完整地址，包括检索词；查找问题时用"),
    Setting("url", "", "网址", "OpenSearch 的网址，几个节点用逗号分开；里面不写用户名和密码"),
    Setting("index_name", "fzsearch", "名称", "OpenSearch 里索引的名称"),
    Setting("shards", 1, "分片", "OpenSearch 里新索引分成几片"),
    Setting("replicas", 1, "副本", "OpenSearch 里新索引每片另存几份；只有一个节点时用 0"),
    Setting("ca_file", "", "文件", "OpenSearch 的证书是自己签发的，用这个文件核对"),
    Setting("user", "", "名称", "OpenSearch 的用户名；只能用环境变量或设置文件给"),
    Setting("password", "", "密码", "OpenSearch 的密码；只能用环境变量或设置文件给，不写进日志"),
    Setting("api_key", "", "密钥", "OpenSearch 的 API 密钥，代替用户名和密码；只能用环境变量或设置文件给，不写进日志"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterSettings:
    """Where a cluster is and how it is entered.

    Attributes:
        urls: of any nodes, parted by commas, without user and password in them; "" where none was given.
        index: name of the index, an alias in the cluster.
        user, password, api_key: one way or none; never printed.
        ca_file: certificates that are trusted besides those of the system, "" without.
        shards, replicas: of a new index.
    """

    urls: str = ""
    index: str = "fzsearch"
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    api_key: str = field(default="", repr=False)
    ca_file: str = ""
    shards: int = 1
    replicas: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one run; see `SETTINGS` for what each means."""

    index: Path
    corpus: Path | None
    host: str
    port: int
    workers: int
    threads: int
    processes: int
    hosts: tuple[str, ...]
    base_url: str
    trusted_proxy: str = ""
    access_log: str = ""
    log_texts: bool = False
    cluster: ClusterSettings = ClusterSettings()


def load_settings(environ: Mapping[str, str] | None = None, **flags: object) -> Settings:
    """The settings from flags (None: not given), environment, the settings file and defaults.

    Raises:
        ConfigError: a value that is not a number where one is needed, or out of range; a settings file with mistakes.
    """
    environ = os.environ if environ is None else environ
    filed = _filed(environ)
    values = {
        setting.name: flags[setting.name]
        if flags.get(setting.name) is not None
        else environ.get(setting.variable) or filed.get(setting.name, setting.default)
        for setting in SETTINGS
    }
    unknown = set(flags) - {setting.name for setting in SETTINGS}
    if unknown:
        raise TypeError(f"unknown settings: {sorted(unknown)}")
    return Settings(
        index=Path(str(values["index"])),
        corpus=Path(str(values["corpus"])) if values["corpus"] else None,
        host=str(values["host"]),
        port=_number("port", values["port"], 0, 65535),
        workers=_number("workers", values["workers"], 0, 256) or os.cpu_count() or 1,
        threads=_number("threads", values["threads"], 1, 256),
        processes=_number("processes", values["processes"], 1, 64),
        hosts=tuple(host.strip() for host in str(values["hosts"]).split(",") if host.strip()),
        base_url=_base_url(str(values["base_url"] or "")),
        trusted_proxy=_address(str(values["trusted_proxy"] or "")),
        access_log=str(values["access_log"] or ""),
        log_texts=bool(_number("log_texts", values["log_texts"], 0, 1)),
        cluster=ClusterSettings(
            urls=str(values["url"]),
            index=_index_name(str(values["index_name"])),
            shards=_number("shards", values["shards"], 1, 1024),
            replicas=_number("replicas", values["replicas"], 0, 16),
            **{name: str(values[name]) for name in ("ca_file", "user", "password", "api_key")},
        ),
    )


def _filed(environ: Mapping[str, str]) -> dict[str, str | int]:
    """What the settings file says, a TOML file without tables; nothing where there is none and none was named."""
    of_file, *others = SETTINGS
    named = environ.get(of_file.variable)
    path = Path(named or str(of_file.default))
    if not named and not path.exists():
        return {}
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"打不开设置文件 {path}（{os_reason(error)}）；它由 {of_file.variable} 指定") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"设置文件 {path} 不是 UTF-8 编码；请另存为 UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        where = f"第 {at[1]} 行" if at else "末尾"
        raise ConfigError(f"设置文件 {path} 的{where}写错了；每行一个“名称 = 值”，文字要加英文引号") from error
    names = [setting.name for setting in others]
    for name, value in found.items():
        if name not in names:
            raise ConfigError(f"设置文件 {path} 里的“{name}”不是设置；可用的有 {'、'.join(names)}")
        if not isinstance(value, str | int):
            raise ConfigError(f"设置文件 {path} 里的 {name} 要是文字或整数")
    return found


def _index_name(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,60}", value):
        raise ConfigError(f"index_name 要由小写字母、数字、- 和 _ 组成，以字母或数字开头，现在是“{value}”")
    return value


def _base_url(value: str) -> str:
    if value and not re.fullmatch(r"https?://[^/\s?#]+(?:/[^\s?#]*)?", value):
        raise ConfigError(f"base_url 要是以 http:// 或 https:// 开头的网址，现在是“{value}”")
    return value.rstrip("/")


def _address(value: str) -> str:
    with suppress(ValueError):
        return str(ip_address(value)) if value not in {"", "*"} else value
    raise ConfigError(f"trusted_proxy 要是一个 IP 地址，现在是“{value}”；反向代理在本机时写 127.0.0.1")


def _number(name: str, value: object, low: int, high: int) -> int:
    try:
        number = int(str(value))
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        raise ConfigError(f"{name} 要是 {low} 到 {high} 的整数，现在是“{value}”")
    return number
