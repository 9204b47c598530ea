# ruff: noqa: DTZ001 - local time without offset is what the readers reckon in
"""Days and clock times in running text."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.language.normalise import normalise
from handlers.language.times import Moment, TimeExpr, TimeRange, find_durations, find_periods, find_times
from tests.unit.language.time_tables import ROWS, SUN

REFERENCE = datetime.fromisoformat(SUN)

NO_TIME = [
    "36.5",
    "体温36.8",
    "早36.4 晚36.6",
    "上午36.5 下午36.7",
    "36.3/36.5",
    "早三十六度四 晚三十六度六",
    "5-2-501",
    "3号楼2单元501",
    "阳坊镇西贯市村88号",
    "住安固村西街8号,居家隔离",
    "6排3号",
    "亚澜湾3号点位",
    "5号院",
    "138 0000 1234",
    "138-0002-0417",
    "13800001234",
    "130699199003124178",
    "G6704 CA1640 冀F7K2M9",
    "v2.3.1",
    "2020-2022",
    "第3次 第6轮 第14天",
    "D5 R58",
    "19个点位 3点位",
    "两点建议",
    "有一点咳嗽",
    "晚一点到",
    "好一点了",
    "24小时值守",
    "4个半小时",
    "2月30日",
    "13月5日",
    "2/30",
    "25:00",
    "夜班 早班 晚班",
    "春节过后",
    "刚才 现在 马上",
    "张国庆节后到岗",
    "测温8.5万人次",
    "1.5小时",
    "消杀6/8次",
    "接班 早点来",
    "三间房乡 十八里店",
]

IN_CONTEXT = [
    ("李四8点到岗", ["8点"]),
    ("今天2月23日 8:00", ["今天2月23日 8:00"]),
    ("2月26日(周三)8:00", ["2月26日(周三)8:00"]),
    ("抵京时间:2月23日下午3点(已抵京)", ["2月23日下午3点"]),
    ("2月24日,已到", ["2月24日"]),
    ("今晚七点半到岗,值到明早七点", ["今晚七点半", "明早七点"]),
    ("补签 昨天 张三 14:00-18:00 北门", ["昨天", "14:00-18:00"]),
    ("1. 于长河 东口 19:00\n2. 刘铁柱 西口 19:05", ["19:00", "19:05"]),
    ("李明晚上8点到岗", ["晚上8点"]),
    ("0800到岗", ["0800"]),
    ("时间:1930", ["1930"]),
    ("8:00左右", ["8:00左右"]),
    ("8点20人", ["8点"]),
    ("2月26日到,3月1日走", ["2月26日", "3月1日"]),
    ("张三 8:00 李四 8:10", ["8:00", "8:10"]),
]

FLAGS = [
    ("值到明早七点", "until"),
    ("干到下午两点", "until"),
    ("今晚9点前到", "before"),
    ("夜里10点以后", "after"),
    ("8:30起", "from"),
    ("从8点", "from"),
    ("截至22日9点", "as_of"),
    ("截止今晚9点", "as_of"),
    ("8点到岗", None),
]

DURATIONS = [
    ("值了4个半小时", (4.5, None)),
    ("6个半小时", (6.5, None)),
    ("共10小时", (10, None)),
    ("四个小时", (4, None)),
    ("半小时", (0.5, None)),
    ("90分钟", (1.5, None)),
    ("1小时30分", (1.5, None)),
    ("8h", (8, None)),
    ("十个钟头", (10, None)),
    ("3小时半", (3.5, None)),
    ("脱产一周", (None, 7)),
    ("连续3天", (None, 3)),
    ("两周", (None, 14)),
    ("半个月", (None, 15)),
    ("一个月", (None, 30)),
    ("两个星期", (None, 14)),
]

NO_DURATION = [
    "十五分钟后",
    "半小时前",
    "第三天",
    "第14天",
    "24小时值守",
    "周三",
    "8点30分",
    "3月",
    "14天内",
    "测温10人",
]

PERIODS = [
    ("今天", ["today"]),
    ("今日汇总", ["today"]),
    ("昨天", ["yesterday"]),
    ("本周 阳坊镇", ["week"]),
    ("上周", ["last_week"]),
    ("本月", ["month"]),
    ("2月20日", ["2020-02-20"]),
    ("前天", ["2020-02-21"]),
    ("2月20日至2月22日", ["2020-02-20/2020-02-22"]),
    ("2.20-2.22", ["2020-02-20/2020-02-22"]),
    ("2020-02-20/2020-02-22", ["2020-02-20/2020-02-22"]),
    ("阳坊镇", []),
]


def read(sent: str, text: str, tense: str) -> str:
    spans = find_times(normalise(text).text, datetime.fromisoformat(sent))
    assert len(spans) == 1, spans
    value = spans[0].value
    if isinstance(value, TimeRange):
        return "/".join(moment.text() for moment in value.resolve(tense) if moment)  # type: ignore[arg-type]
    return value.resolve(tense).text()  # type: ignore[arg-type]


@pytest.mark.parametrize(("sent", "text", "tense", "expected"), ROWS)
def test_moment(sent: str, text: str, tense: str, expected: str) -> None:
    assert read(sent, text, tense) == expected


@pytest.mark.parametrize("text", NO_TIME)
def test_no_time(text: str) -> None:
    assert find_times(normalise(text).text, REFERENCE) == []


@pytest.mark.parametrize(("text", "expected"), IN_CONTEXT)
def test_spans_in_context(text: str, expected: list[str]) -> None:
    assert [text[span.start : span.end] for span in find_times(text, REFERENCE)] == expected


@pytest.mark.parametrize(("text", "bound"), FLAGS)
def test_bounds(text: str, bound: str | None) -> None:
    (span,) = find_times(text, REFERENCE)
    assert isinstance(span.value, TimeExpr)
    assert span.value.bound == bound


@pytest.mark.parametrize("text", ["8点左右", "8点多", "六点来钟", "大约8点", "五六点", "8:00前后"])
def test_hedged_times(text: str) -> None:
    (span,) = find_times(text, REFERENCE)
    assert isinstance(span.value, TimeExpr)
    assert span.value.approx


def test_a_day_from_a_header_is_put_on_times_and_ranges() -> None:
    day = date(2020, 2, 20)
    (clock,) = find_times("8:00", REFERENCE)
    (hours,) = find_times("22:00-6:00", REFERENCE)
    assert clock.value.on(day).resolve("report") == Moment(day, datetime(2020, 2, 20, 8).time())
    assert isinstance(hours.value, TimeRange)
    assert [moment.text() for moment in hours.value.on(day).resolve("over") if moment] == [
        "2020-02-20T22:00",
        "2020-02-21T06:00",
    ]


def test_an_aware_reference_is_taken_to_local_time() -> None:
    (span,) = find_times("今天", datetime.fromisoformat("2020-02-22T18:00:00+00:00"))
    assert isinstance(span.value, TimeExpr)
    assert span.value.resolve("report").text() == "2020-02-23"


@pytest.mark.parametrize(("text", "expected"), DURATIONS)
def test_durations(text: str, expected: tuple[float | None, float | None]) -> None:
    (span,) = find_durations(text)
    assert (span.value.hours, span.value.days) == expected


@pytest.mark.parametrize("text", NO_DURATION)
def test_no_duration(text: str) -> None:
    assert find_durations(text) == []


@pytest.mark.parametrize(("text", "expected"), PERIODS)
def test_periods(text: str, expected: list[str]) -> None:
    assert [span.value for span in find_periods(text, REFERENCE)] == expected


WORDS = (
    "今 昨 明 晚 早 上午 下午 凌晨 半夜 次日 周 星期 点 半 一刻 分 : - 到 至 ~ / . 月 日 号 初 正月 廿 十 二 三 12 24 31 0 6 8 30"
    " 59 99 20 2020 左右 前 后 起 差 个 小时 分钟 天 除夕 大年"
)
PIECES = st.sampled_from([*WORDS.split(), " ", "\n"])


@given(
    st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join)),
    st.datetimes(datetime(2000, 1, 1), datetime(2090, 12, 31)),
)
def test_any_text_is_read_and_resolved(text: str, reference: datetime) -> None:
    for span in find_times(text, reference):
        assert 0 <= span.start < span.end <= len(text)
        for tense in ("report", "plan", "over"):
            span.value.resolve(tense)
    find_durations(text)
    find_periods(text, reference)


@given(st.datetimes(datetime(2020, 1, 3), datetime(2030, 1, 1)), st.integers(0, 23), st.integers(0, 59))
def test_a_report_is_not_after_the_message_and_a_plan_is(reference: datetime, hour: int, minute: int) -> None:
    (span,) = find_times(f"{hour}点{minute:02}分", reference)
    assert isinstance(span.value, TimeExpr)
    report, plan = (datetime.fromisoformat(span.value.resolve(tense).text()) for tense in ("report", "plan"))  # type: ignore[arg-type]
    assert (report - reference).total_seconds() <= 3600
    assert plan > reference
