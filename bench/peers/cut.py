"""What does cutting the texts into words with jieba cost on one core? Done once for all peers that index words.

python bench/peers/cut.py SECTIONS WORDS
"""

import json
import sys
import time
from pathlib import Path

import jieba
from peer import sections


def words(text: str) -> list[str]:
    """The words of a text without punctuation."""
    return [word for word in jieba.lcut(text) if any(char.isalnum() for char in word)]


def main() -> None:
    """The command line."""
    jieba.initialize()
    source, target = map(Path, sys.argv[1:])
    cpu = 0.0
    with target.open("w", encoding="utf-8") as file:
        for section in sections(source):
            began = time.process_time()
            section["words"] = " ".join(words(section["text"]))
            cpu += time.process_time() - began
            file.write(json.dumps(section, ensure_ascii=False) + "\n")
    print(json.dumps({"cpu_s": cpu}))


if __name__ == "__main__":
    main()
