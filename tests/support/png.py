"""PNG images as grey pixels, and how far two are from each other: to hold a picture against a reference."""

import struct
import zlib
from dataclasses import dataclass

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}
"""Colour type → bytes of a pixel of eight bits."""
UP, PAETH = 2, 4


@dataclass(frozen=True, slots=True)
class Image:
    """Grey values, row by row."""

    width: int
    height: int
    rows: list[bytes]

    def smaller(self, times: int) -> "Image":
        """Each square of `times` by `times` pixels as one, so that the edges of letters do not decide."""
        wide, high = self.width // times, self.height // times
        bands = (self.rows[y * times : (y + 1) * times] for y in range(high))
        return Image(wide, high, [_means(band, wide, times) for band in bands])


def _means(band: list[bytes], wide: int, times: int) -> bytes:
    area = times * times
    return bytes(sum(sum(row[x * times : (x + 1) * times]) for row in band) // area for x in range(wide))


def read(data: bytes) -> Image:
    """The pixels of a PNG of eight bits without interlacing, as every setter writes it."""
    assert data.startswith(SIGNATURE)
    chunks, at = [], len(SIGNATURE)
    while at < len(data):
        (size,) = struct.unpack_from(">I", data, at)
        chunks.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + size]))
        at += size + 12
    width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", dict(chunks)[b"IHDR"])
    assert (depth, interlace) == (8, 0)
    raw = zlib.decompress(b"".join(body for name, body in chunks if name == b"IDAT"))
    return Image(width, height, [_grey(row, CHANNELS[colour]) for row in _unfiltered(raw, width, height, colour)])


def _grey(row: bytes, step: int) -> bytes:
    if step < CHANNELS[2]:
        return row[0::step]
    reds, greens, blues = (row[start::step] for start in range(3))
    return bytes((r + g + b) // 3 for r, g, b in zip(reds, greens, blues, strict=True))


def _unfiltered(raw: bytes, width: int, height: int, colour: int) -> list[bytes]:
    step = CHANNELS[colour]
    size, rows = width * step, []
    above = bytes(size)
    for y in range(height):
        start = y * (size + 1)
        line = bytearray(raw[start + 1 : start + 1 + size])
        _undo(raw[start], line, above, step)
        above = bytes(line)
        rows.append(above)
    return rows


def _undo(kind: int, line: bytearray, above: bytes, step: int) -> None:
    """Take one row's filter back."""
    if kind == 0:
        return
    for i in range(len(line)):
        left = line[i - step] if i >= step else 0
        corner = above[i - step] if i >= step else 0
        line[i] = (line[i] + _predicted(kind, left, above[i], corner)) & 0xFF


def _predicted(kind: int, left: int, up: int, corner: int) -> int:
    if kind == PAETH:
        guess = left + up - corner
        return min((left, up, corner), key=lambda value: abs(guess - value))
    return up if kind == UP else left if kind == 1 else (left + up) // 2


def distances(one: Image, other: Image) -> tuple[float, int]:
    """(mean, greatest) difference of their pixels, of 255. Both must be of the same size."""
    assert (one.width, one.height) == (other.width, other.height)
    pairs = zip(b"".join(one.rows), b"".join(other.rows), strict=True)
    found = [abs(mine - theirs) for mine, theirs in pairs]
    return sum(found) / len(found), max(found)
