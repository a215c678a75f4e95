"""A process that commits two states in turn until it is killed: python -m tests.engine.writer_child INDEX."""

import sys
from pathlib import Path

from fzsearch.engine import EmbeddedEngine
from tests.generate import make_sections, now

STATES = {"even": 21, "odd": 22}
REPORTS = 8


def main() -> None:
    """Commit for ever, alternating complete rebuilds and incremental commits."""
    engine = EmbeddedEngine(Path(sys.argv[1]), now)
    rows = {name: make_sections(seed, REPORTS) for name, seed in STATES.items()}
    keys = {name: {row.report.key for row in found} for name, found in rows.items()}
    print("ready", flush=True)
    while True:
        engine.replace_all(rows["even"], "even")
        engine.apply(rows["odd"], keys["even"] - keys["odd"], "odd")


if __name__ == "__main__":
    main()
