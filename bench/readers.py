"""The time reader and the independent library dateparser on the project's own table of times: right / total for each.

Run: `.venv/bin/python -m bench.readers`. dateparser reads dates, not the contract's ranges; it is scored on the single
moments, with `PREFER_DATES_FROM` set to past or future as the row's tense asks.
"""

import time
from collections.abc import Callable
from datetime import datetime

from handlers.language.normalise import normalise
from handlers.language.times import TimeRange, find_times
from tests.unit.language.time_tables import ROWS

Row = tuple[str, str, str, str]
Reader = Callable[[str, str, str], str | None]


def ours(sent: str, text: str, tense: str) -> str | None:
    spans = find_times(normalise(text).text, datetime.fromisoformat(sent))
    if len(spans) != 1:
        return None
    value = spans[0].value
    if isinstance(value, TimeRange):
        return "/".join(moment.text() for moment in value.resolve(tense) if moment is not None)
    return value.resolve(tense).text()


def library() -> Reader | None:
    try:
        import dateparser
    except ImportError:
        return None

    def read(sent: str, text: str, tense: str) -> str | None:
        settings = {
            "RELATIVE_BASE": datetime.fromisoformat(sent),
            "PREFER_DATES_FROM": "future" if tense == "plan" else "past",
            "DATE_ORDER": "YMD",
        }
        found = dateparser.parse(text, languages=["zh"], settings=settings)
        return None if found is None else found.strftime("%Y-%m-%dT%H:%M")

    return read


def score(reader: Reader, rows: list[Row]) -> tuple[int, float]:
    """Rows right, and microseconds per row. Where only a day is expected, only the day is compared."""
    start = time.perf_counter()
    answers = [reader(sent, text, tense) for sent, text, tense, _ in rows]
    micros = (time.perf_counter() - start) / len(rows) * 1e6
    right = sum(answer is not None and _same(answer, row[3]) for answer, row in zip(answers, rows, strict=True))
    return right, micros


def _same(answer: str, expected: str) -> bool:
    return answer == expected or ("T" not in expected and "/" not in expected and answer.split("T", 1)[0] == expected)


def main() -> None:
    moments = [row for row in ROWS if "/" not in row[3]]
    ranges = [row for row in ROWS if "/" in row[3]]
    for title, rows in (("moments", moments), ("ranges", ranges)):
        right, micros = score(ours, rows)
        print(f"kakou       {title:8} {right:4}/{len(rows)} right  {micros:8.1f} µs each")
    rival = library()
    if rival is None:
        print("dateparser  skipped: not installed (pip install -c constraints.txt dateparser)")
        return
    right, micros = score(rival, moments)
    print(f"dateparser  moments  {right:4}/{len(moments)} right  {micros:8.1f} µs each")


if __name__ == "__main__":
    main()
