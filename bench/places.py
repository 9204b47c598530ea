"""Score the readers of places against the library cpca on `bench/tables/places.tsv`, in one run.

    python bench/places.py [--misses]

cpca knows provinces, prefectures and counties, so these three levels are compared; it reads no townships or villages.
It is no dependency: `pip install -c constraints.txt cpca` brings it, and without it its column is skipped, visibly.
"""

import csv
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from handlers.language.places import region_of, resolve

TABLE = Path(__file__).parent / "tables" / "places.tsv"
Region = tuple[str, str, str]
Reader = Callable[[list[str]], list[Region]]


def ours(texts: list[str]) -> list[Region]:
    return [_ours(text) for text in texts]


def _ours(text: str) -> Region:
    division = resolve(text, None)
    if division:
        return division.province or "", division.prefecture or "", division.district
    region = region_of(text)
    return (region.province or "", region.prefecture or "", region.county or "") if region else ("", "", "")


def cpca_reader() -> Reader | None:
    try:
        import cpca
    except ImportError as missing:
        print(f"cpca   skipped: {missing}")
        return None

    def read(texts: list[str]) -> list[Region]:
        frame = cpca.transform(texts).fillna("")
        triples = zip(frame["省"], frame["市"], frame["区"], strict=True)
        return [(province, "" if city == "市辖区" else _plain(city), county) for province, city, county in triples]

    return read


def _plain(city: str) -> str:
    """cpca writes 省直辖县级行政区划 where there is no prefecture."""
    return "" if "直辖" in city else city


def main() -> None:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    readers = {"kakou": ours, "cpca": cpca_reader()}
    answers = {name: _timed(name, read, [row["text"] for row in rows]) for name, read in readers.items() if read}
    wanted = [(row["province"], row["prefecture"], row["county"]) for row in rows]
    totals = Counter(row["group"] for row in rows)
    for group, total in [*totals.items(), ("all", len(rows))]:
        inside = [i for i, row in enumerate(rows) if group in (row["group"], "all")]
        right = {name: sum(found[i] == wanted[i] for i in inside) for name, found in answers.items()}
        print(f"{group:<58}", "   ".join(f"{name} {n:>2}/{total}" for name, n in right.items()))
    if "--misses" in sys.argv:
        _print_misses(rows, wanted, answers)


def _timed(name: str, read: Reader, texts: list[str]) -> list[Region]:
    read(texts[:1])  # both load their data at first use
    start = time.perf_counter()
    found = read(texts)
    print(f"{name:<6} {(time.perf_counter() - start) / len(texts) * 1e6:.0f} µs a text")
    return found


def _print_misses(rows: list[dict[str, str]], wanted: list[Region], answers: dict[str, list[Region]]) -> None:
    for name, found in answers.items():
        for row, want, got in zip(rows, wanted, found, strict=True):
            if want != got:
                print(f"{name}: {row['text']}: want {want}, got {got}")


if __name__ == "__main__":
    main()
