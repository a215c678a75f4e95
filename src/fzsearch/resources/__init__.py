"""Where are the data files that come with the program?

Read-only tables that are packaged beside this module, and the page templates, which live at the top level of a checkout
and inside the package once it is installed.
"""

import gzip
from pathlib import Path

_RESOURCES = Path(__file__).parent
_PACKAGE_DIR = _RESOURCES.parent


def data_text(name: str) -> str:
    """The text of a packaged data file; one whose name ends in ``.gz`` is unpacked.

    Raises:
        FileNotFoundError: no file of that name is packaged.
    """
    raw = (_RESOURCES / name).read_bytes()
    return (gzip.decompress(raw) if name.endswith(".gz") else raw).decode("utf-8")


def templates_dir() -> Path:
    """The template folder: inside an installed wheel, else the checkout's.

    Raises:
        FileNotFoundError: neither exists, so the installation is damaged.
    """
    packaged = _PACKAGE_DIR / "_templates"
    if packaged.is_dir():
        return packaged
    checkout = _PACKAGE_DIR.parents[1] / "templates"
    if checkout.is_dir():
        return checkout
    raise FileNotFoundError(f"no templates in {packaged} or {checkout}")
