"""How reports look and when they are due: tables, parts, picture, workbook, workdays, offsets, orders."""

import io
import json
import struct
import zlib
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from python_calamine import CalamineWorkbook

from bot.splitting import split
from bot.workdays import is_workday, wanted
from handlers.report_orders import Order, read
from handlers.report_periods import period_in
from handlers.reports import chat_times, desk, pictures, workbook
from handlers.reports.data import Period
from handlers.reports.figures import Clause, Report, Row
from handlers.reports.late import changes
from storage.report_books import values_of
from storage.tables_daily import ReportPlan

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2020, 1, 24), False),  # 除夕
        (date(2020, 1, 19), True),  # a Sunday made up for it
        (date(2020, 1, 31), False),  # the holiday was prolonged that year
        (date(2020, 2, 24), True),
        (date(2020, 2, 23), False),
        (date(2022, 10, 8), True),  # a Saturday made up for 国庆
        (date(2099, 5, 4), True),  # no notice yet: a Monday
        (date(2099, 5, 3), False),
    ],
)
def test_workdays_follow_the_notices(day: date, works: bool) -> None:  # noqa: FBT001  (what is expected)
    assert is_workday(day) is works


def test_named_days_win_over_the_calendar() -> None:
    sunday = date(2020, 2, 23)
    assert not wanted(sunday, "workday")
    assert wanted(sunday, "workday", extra=(sunday,))
    assert wanted(sunday, "holiday")
    assert not wanted(sunday, "all", skipped=(sunday,))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/日报 22:30", Order("daily", "at", ("22:30",))),
        ("日报 8点 22点半", Order("daily", "at", ("08:00", "22:30"))),
        ("/日报 22:33 工作日", Order("daily", "at", ("22:35",), "workday")),
        ("/日报 停", Order("daily", "stop")),
        ("/日报 恢复", Order("daily", "resume")),
        ("/周报 9:00", Order("weekly", "at", ("09:00",))),
        ("/月报 停", Order("monthly", "stop")),
        ("/日报 不要 招募、巡查", Order("daily", "show", hidden=frozenset({"calls", "patrols"}))),
        ("/日报 不要 天气", Order("daily", "show", hidden=frozenset(), bad="天气")),
        ("日报", None),
        ("/日报 昨天", None),
        ("今天的日报发一下", None),
    ],
)
def test_orders_are_read(text: str, expected: Order | None) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "first", "last", "rest"),
    [
        ("红石坎村这周测温", date(2020, 2, 17), date(2020, 2, 23), "红石坎村测温"),
        ("昨天到岗", date(2020, 2, 22), date(2020, 2, 22), "到岗"),
        ("2月1日至14日测温", date(2020, 2, 1), date(2020, 2, 14), "测温"),
        ("12月30日车辆", date(2019, 12, 30), date(2019, 12, 30), "车辆"),
        ("2月20号到今天测温", date(2020, 2, 20), date(2020, 2, 23), "测温"),
        ("12月30日到今天", date(2019, 12, 30), date(2020, 2, 23), ""),
        ("2月份测温", date(2020, 2, 1), date(2020, 2, 23), "测温"),
        ("12月测温", date(2019, 12, 1), date(2019, 12, 31), "测温"),
        ("测温", date(2020, 2, 23), date(2020, 2, 23), "测温"),
    ],
)
def test_periods_are_found_in_questions(text: str, first: date, last: date, rest: str) -> None:
    assert period_in(text, date(2020, 2, 23)) == (Period(first, last), rest)


@pytest.mark.parametrize(
    ("covers", "at", "first", "last"),
    [
        ("day", datetime(2020, 2, 23, 22, tzinfo=ZONE), date(2020, 2, 23), date(2020, 2, 23)),
        ("day", datetime(2020, 2, 24, 0, 30, tzinfo=ZONE), date(2020, 2, 23), date(2020, 2, 23)),
        ("week", datetime(2020, 2, 24, 9, tzinfo=ZONE), date(2020, 2, 17), date(2020, 2, 23)),
        ("month", datetime(2020, 3, 1, 9, tzinfo=ZONE), date(2020, 2, 1), date(2020, 2, 29)),
    ],
)
def test_what_a_report_is_about(covers: str, at: datetime, first: date, last: date) -> None:
    assert desk.period_of(covers, at) == Period(first, last)


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        ("daily", datetime(2020, 2, 26, 22, 30, tzinfo=ZONE)),
        ("weekly", datetime(2020, 2, 24, 22, 30, tzinfo=ZONE)),
        ("monthly", datetime(2020, 2, 1, 22, 30, tzinfo=ZONE)),
    ],
)
def test_when_a_plan_was_due_last(kind: str, due: datetime) -> None:
    plan = ReportPlan(chat="g", kind=kind, at="22:30", days="", state="active")
    assert chat_times.last_due(plan, datetime(2020, 2, 27, 8, tzinfo=ZONE)) == due


def test_the_offset_of_a_group_is_stable_and_spreads() -> None:
    width = timedelta(minutes=5)
    offsets = [desk.spread(f"wr{number}", width) for number in range(500)]
    assert offsets == [desk.spread(f"wr{number}", width) for number in range(500)]
    assert all(timedelta(0) <= offset < width for offset in offsets)
    assert len({offset // timedelta(minutes=1) for offset in offsets}) == 5
    assert desk.spread("wr1", timedelta(0)) == timedelta(0)


def test_a_part_that_begins_within_a_table_repeats_its_headings() -> None:
    header = ["| 点位 | 人次 |", "| :--- | ---: |"]
    rows = [f"| {number}. 第{number:03}号卡点 | {number} |" for number in range(40)]
    parts = split("\n".join(["# 日报", "", *header, *rows, "", "> 小结"]), 400)
    assert len(parts) > 2
    assert all(len(part.encode()) <= 400 for part in parts)
    for part in parts[1:-1]:
        assert part.splitlines()[:2] == header
    assert [row for part in parts for row in part.splitlines() if "号卡点" in row] == rows
    assert parts[0].endswith(f"（1/{len(parts)}）")


def test_changes_are_told_in_the_order_of_the_report() -> None:
    old = {"到岗人次": (3, "人次", "duty"), "测温": (43, "人次", "work"), "车辆": (5, "辆", "gate")}
    new = {"到岗人次": (4, "人次", "duty"), "测温": (63, "人次", "work"), "扫码": (7, "人次", "work")}
    assert changes(old, new) == ["到岗人次 3→4人次", "测温 43→63人次", "扫码 0→7人次", "车辆 5→0辆"]
    assert changes(old, new, {"work"}) == ["到岗人次 3→4人次", "车辆 5→0辆"]
    assert changes(old, new, {"duty", "gate"}) == ["测温 43→63人次", "扫码 0→7人次"]


def test_figures_that_were_noted_without_a_section_are_read() -> None:
    assert values_of('{"测温": [43, "人次"], "车辆": [5, "辆", "gate"]}') == {
        "测温": (43, "人次", ""),
        "车辆": (5, "辆", "gate"),
    }


def test_the_closing_sentence_says_what_is_shown() -> None:
    clauses = [
        Clause("duty", "共派出志愿者 3 名"),
        Clause("work", "测温 206人次", "完成"),
        Clause("forms", "发放宣传品 80张", "完成"),
        Clause("work", "扫码 7人次", "完成"),
        Clause("patrols", "开展巡查 2 轮次"),
    ]
    rows = [Row("到岗人次", 3, "人次", section="duty"), Row("测温", 206, "人次", section="work")]
    whole = Report("日报", "", "平谷区", [], "2月23日，平谷区", clauses, rows)
    assert whole.closing == (
        "2月23日，平谷区共派出志愿者 3 名，完成测温 206人次、发放宣传品 80张、扫码 7人次，开展巡查 2 轮次。"
    )
    less = whole.without({"duty", "forms"})
    assert less.closing == "2月23日，平谷区完成测温 206人次、扫码 7人次，开展巡查 2 轮次。"
    assert [row.label for row in less.rows] == ["测温"]
    assert whole.without({"duty", "work", "forms", "patrols"}).closing == ""


def test_a_workbook_holds_numbers_dates_and_no_formula() -> None:
    moment = datetime(2020, 2, 23, 21, 5, tzinfo=ZONE)
    row = ("C1", date(2020, 2, 23), "红石坎村", "=1+1", "+张三", moment, None, 8.5, 0, "@在岗")
    out = io.BytesIO()
    assert workbook.write([workbook.Sheet("值守明细", ("a",) * 10, [row])], out) == 1
    found = CalamineWorkbook.from_filelike(io.BytesIO(out.getvalue())).get_sheet_by_name("值守明细").to_python()[1]
    assert found[:5] == ["C1", date(2020, 2, 23), "红石坎村", "=1+1", "+张三"]
    assert found[5:] == [datetime(2020, 2, 23, 21, 5), "", 8.5, 0.0, "@在岗"]  # noqa: DTZ001  (workbooks know no zone)


SHOWN = {
    "title": "红石坎村 日报",
    "head": "统计期：2月23日（截至 2月23日22:00）",
    "tiles": [{"label": "到岗人次", "hedge": "", "value": "46", "measure": "人次", "change": "比昨天多3"}] * 5,
    "bars_title": "各点位到岗人次",
    "bars": [{"label": "䶮昇家园北门", "value": 9, "shown": "9"}, {"label": "西门", "value": 3, "shown": "3"}],
    "days_title": "近14天到岗人次",
    "days": [{"label": f"2/{10 + number}", "value": number * 3} for number in range(14)],
    "most_shown": "最多 39 人次",
    "rows_title": "全部指标",
    "header": ["指标", "本期", "上期", "累计"],
    "rows": [["测温", "超过1,203 人次", "1,180", "9,876"]],
    "notes": ["2月23日，红石坎村共派出志愿者 38 名。"],
}


def test_the_picture_is_as_wide_as_a_phone_and_small() -> None:
    image = pictures.render(json.dumps(SHOWN, ensure_ascii=False))
    assert image.startswith(b"\x89PNG")
    assert len(image) < pictures.MOST_BYTES
    width, height, pixels = decoded(image)
    assert width == 750, "two pixels for each of 375 points"
    assert height > 900
    assert pixels(20, 20) == (15, 118, 110), "the band of the head"
    assert pixels(740, height - 4) == (255, 255, 255), "the margin"
    green = sum(pixels(x, y) == (15, 118, 110) for y in range(140, height, 8) for x in range(0, width, 4))
    assert 250 < green < 1200, "the bars, the curve and the figures"


def test_an_empty_day_has_a_picture_too() -> None:
    empty = {**SHOWN, "tiles": [], "bars": [], "days": [], "rows": []}
    assert pictures.render(json.dumps(empty, ensure_ascii=False)).startswith(b"\x89PNG")


def decoded(png: bytes):
    """Width, height and a function (x, y) → (red, green, blue) of an 8-bit picture that is not interlaced."""
    width, height, depth, colour = struct.unpack(">IIBB", png[16:26])
    assert depth == 8
    channels = {2: 3, 6: 4}[colour]
    data, at = b"", 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        data += png[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    raw = zlib.decompress(data)
    lines, before, stride = [], bytes(width * channels), width * channels
    for number in range(height):
        start = number * (stride + 1)
        before = unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + stride]), before, channels)
        lines.append(before)
    return width, height, lambda x, y: tuple(lines[y][x * channels : x * channels + 3])


def unfiltered(kind: int, line: bytearray, above: bytes, step: int) -> bytes:
    for i in range(len(line)):
        left = line[i - step] if i >= step else 0
        up, corner = above[i], above[i - step] if i >= step else 0
        line[i] = (line[i] + (0, left, up, (left + up) // 2, paeth(left, up, corner))[kind]) & 0xFF
    return bytes(line)


def paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))
