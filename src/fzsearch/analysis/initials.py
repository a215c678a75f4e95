"""What are the pinyin initials of a text? For suggestions only, never for matching.

The 3,755 characters of GB 2312 level 1 stand in the order of their pinyin, so that a table of where each letter begins
gives the initial of all of them (GB 2312-1980, rows 16 to 55). A character with two readings has the one that it is
ordered by there, but for a few; rarer characters have none and stand for themselves.
"""

from bisect import bisect_right

_LETTERS = "abcdefghjklmnopqrstwxyz"
_BEGIN = (
    0xB0A1, 0xB0C5, 0xB2C1, 0xB4EE, 0xB6EA, 0xB7A2, 0xB8C1, 0xB9FE, 0xBBF7, 0xBFA6, 0xC0AC, 0xC2E8, 0xC4C3, 0xC5B6,
    0xC5BE, 0xC6DA, 0xC8BB, 0xC8F6, 0xCBFA, 0xCDDA, 0xCEF4, 0xD1B9, 0xD4D1,
)  # fmt: skip
_END = 0xD7F9
_USUAL = {"调": "t"}
"""Characters that stand under another reading there than the one that reports have them in (调解, not 调动)."""


def initials(text: str) -> str:
    """The text with every common Chinese character replaced by the first letter of its pinyin.

    >>> initials("枫桥经验12345")
    'fqjy12345'
    """
    return "".join(map(_initial, text))


def _initial(character: str) -> str:
    if character in _USUAL:
        return _USUAL[character]
    code = int.from_bytes(character.encode("gb2312", "ignore"), "big")
    return _LETTERS[bisect_right(_BEGIN, code) - 1] if _BEGIN[0] <= code <= _END else character
