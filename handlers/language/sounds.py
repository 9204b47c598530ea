"""How characters sound, tones aside: from a derived table, as the library it comes from takes 55 MB of memory."""

import gzip
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "sounds.txt.gz"


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """Character → all its readings, and → its usual one. Read on first use: 25 KB."""
    every: dict[str, tuple[str, ...]] = {}
    usual: dict[str, str] = {}
    for line in gzip.decompress(_FILE.read_bytes()).decode().splitlines():
        sound, _, chars = line.partition(" ")
        for char, mark in zip(chars, chars[1:] + " ", strict=True):
            if char == "*":
                continue
            every[char] = (*every.get(char, ()), sound)
            if mark == "*":
                usual[char] = sound
    return every, usual


def readings(char: str) -> tuple[str, ...]:
    """All toneless readings of a character; the character itself where it has none."""
    return _table()[0].get(char, (char,))


def reading(char: str) -> str:
    """The usual toneless reading of a character; the character itself where it has none."""
    return _table()[1].get(char, char)
