# ruff: noqa: INP001 - a script, not a package
"""Derive `handlers/language/data/sounds.txt.gz` from the PyPI package pypinyin (MIT).

    python tools/build_sounds.py [OUTPUT]

The library itself takes 55 MB once loaded, a third of what the whole service may use; the reader of slips needs the
toneless readings of single characters only. The output is UTF-8 text, one syllable a line and the characters that can
be read so behind it; `*` marks the reading that a character usually has.
Characters: those of GB 2312 and those of the gazetteer.
"""

import gzip
import io
import sys
from collections import defaultdict
from pathlib import Path

from pypinyin import Style, lazy_pinyin, pinyin

DATA = Path(__file__).resolve().parent.parent / "handlers" / "language" / "data"
OUTPUT = DATA / "sounds.txt.gz"


def characters() -> list[str]:
    """What can be written: GB 2312's Hanzi, and those of places."""
    rows = (bytes([high, low]) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    common = "".join(pair.decode("gb2312", errors="ignore") for pair in rows)
    places = gzip.decompress((DATA / "places.txt.gz").read_bytes()).decode()
    return sorted({char for char in common + places if "一" <= char <= "鿿"})


def table() -> str:
    """Syllable → characters, as lines."""
    lines: dict[str, list[str]] = defaultdict(list)
    for char in characters():
        usual = lazy_pinyin(char)[0]
        for sound in sorted(set(pinyin(char, style=Style.NORMAL, heteronym=True)[0])):
            lines[sound].append(char + ("*" if sound == usual else ""))
    return "".join(f"{sound} {''.join(chars)}\n" for sound, chars in sorted(lines.items()))


def main() -> None:
    """Write the table."""
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else OUTPUT
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as file:
        file.write(table().encode())
    output.write_bytes(buffer.getvalue())


if __name__ == "__main__":
    main()
