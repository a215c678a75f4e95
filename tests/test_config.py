"""Where does each setting come from?"""

import pytest
from click.testing import CliRunner

from fzsearch.cli import main
from fzsearch.config import SETTINGS, load_settings
from fzsearch.errors import ConfigError


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def write(path, text, encoding="utf-8"):
    path.write_text(text, encoding=encoding)
    return path


def test_flag_wins_over_environment_over_file_over_default(tmp_path):
    write(tmp_path / "fzsearch.toml", "port = 1111\nthreads = 2\nworkers = 3\nurl = 'http://10.0.0.11:9200'\n")
    environ = {"FZSEARCH_PORT": "2222", "FZSEARCH_THREADS": "4", "FZSEARCH_WORKERS": ""}

    found = load_settings(environ, port=3333, threads=None)

    assert (found.port, found.threads, found.workers, found.processes) == (3333, 4, 3, 1)
    assert found.cluster.urls == "http://10.0.0.11:9200"


def test_every_setting_may_stand_in_a_file(tmp_path):
    others = [one for one in SETTINGS if one.name != "settings"]
    lines = [
        f"{one.name} = {one.default if isinstance(one.default, int) else repr(one.default or '')}" for one in others
    ]
    write(tmp_path / "fzsearch.toml", "\n".join(lines))

    assert load_settings({}) == load_settings({"FZSEARCH_SETTINGS": str(write(tmp_path / "empty.toml", ""))})


def test_a_file_by_another_name_and_with_a_byte_order_mark(tmp_path):
    other = write(tmp_path / "设置.toml", 'password = "长口令"\n', "utf-8-sig")
    write(tmp_path / "fzsearch.toml", "port = 1111\n")

    found = load_settings({"FZSEARCH_SETTINGS": str(other)})

    assert (found.cluster.password, found.port) == ("长口令", 8000)
    assert "长口令" not in repr(found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prot = 8080\n", "“prot”不是设置；可用的有 .*port"),
        ("settings = 'other.toml'\n", "“settings”不是设置"),
        ("port = 8080\nhost = 10.0.0.8\n", "第 2 行写错了；每行一个“名称 = 值”，文字要加英文引号"),
        ("host = '10.0.0.8", "写错了；每行一个"),
        ("hosts = ['a', 'b']\n", "hosts 要是文字或整数"),
        ("[serve]\nport = 8080\n", "“serve”不是设置"),
        ("port = 80800\n", "port 要是 0 到 65535 的整数，现在是“80800”"),
    ],
)
def test_what_is_wrong_in_a_file_is_said(tmp_path, text, said):
    write(tmp_path / "fzsearch.toml", text)
    with pytest.raises(ConfigError, match=said):
        load_settings({})


def test_a_file_that_is_not_there_or_not_utf_8(tmp_path):
    with pytest.raises(ConfigError, match=r"打不开设置文件 .*none\.toml.*FZSEARCH_SETTINGS"):
        load_settings({"FZSEARCH_SETTINGS": str(tmp_path / "none.toml")})
    with pytest.raises(ConfigError, match="打不开设置文件"):
        load_settings({"FZSEARCH_SETTINGS": str(tmp_path)})
    write(tmp_path / "fzsearch.toml", "host = '本机'\n", "gb18030")
    with pytest.raises(ConfigError, match="不是 UTF-8 编码"):
        load_settings({})


def test_a_command_says_it_in_one_line(tmp_path):
    write(tmp_path / "fzsearch.toml", "prot = 8080\n")

    told = CliRunner().invoke(main, ["search", "法治"])

    assert told.exit_code == 2
    assert told.stderr.count("\n") == 1
    assert "“prot”不是设置" in told.stderr
