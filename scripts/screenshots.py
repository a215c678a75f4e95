"""How do the pages look? Pictures of the site over the invented specimens, for the documents.

Run in the development environment, `.venv/bin/python scripts/screenshots.py`; writes docs/screenshots/.
"""

import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from playwright.sync_api import Browser, sync_playwright

from fzsearch.config import load_settings
from fzsearch.service import SearchService, index_corpus, open_engine
from fzsearch.web.server import serve

ROOT = Path(__file__).parents[1]
OUTPUT = ROOT / "docs" / "screenshots"
MAX_BYTES = 300_000
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
REPORT = "990122101-2024"
QUERY = quote("枫桥经验")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture: of which address, how large the window is, and in which colours."""

    name: str
    path: str
    width: int
    height: int
    scheme: Literal["light", "dark"] = "light"


SHOTS = (
    Shot(name="home", path="/", width=1280, height=800),
    Shot(name="search", path=f"/search?q={QUERY}&year=2023&year=2024", width=1280, height=800),
    Shot(name="search-phone-dark", path=f"/search?q={QUERY}", width=390, height=844, scheme="dark"),
    Shot(name="report", path=f"/r/{REPORT}?q={quote('法治')}", width=1280, height=800),
)


def main() -> int:
    """Write every picture; the status is 1 when one is larger than it may be."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    with served() as address, sync_playwright() as playwright:
        executable = next(filter(None, map(shutil.which, BROWSERS)), None)
        if executable is None:
            print(f"no browser here: install one of {', '.join(BROWSERS)}", file=sys.stderr)
            return 1
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        sizes = {shot.name: take(browser, shot, address) for shot in SHOTS}
        browser.close()
    for name, size in sizes.items():
        print(f"{name}.png: {size:,} bytes")
    return int(max(sizes.values()) > MAX_BYTES)


@contextmanager
def served() -> Iterator[str]:
    """The site over the specimens, on a free port; gives its address."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine("whoosh", Path(folder))
        index_corpus(ROOT / "corpus", engine, workers=2)
        reached, address = threading.Event(), []

        def announce(url: str) -> None:
            address.append(url)
            reached.set()

        settings = load_settings({}, port=0, corpus=str(ROOT / "corpus"))
        threading.Thread(target=serve, args=(SearchService(engine), settings, announce), daemon=True).start()
        reached.wait(60)
        yield address[0]
        engine.close()


def take(browser: Browser, shot: Shot, address: str) -> int:
    """Write one picture; gives its size in bytes."""
    context = browser.new_context(
        viewport={"width": shot.width, "height": shot.height}, color_scheme=shot.scheme, locale="zh-CN"
    )
    page = context.new_page()
    page.goto(address.rstrip("/") + shot.path)
    target = OUTPUT / f"{shot.name}.png"
    page.screenshot(path=target)
    context.close()
    return target.stat().st_size


if __name__ == "__main__":
    sys.exit(main())
