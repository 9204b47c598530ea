"""Quantities as people write them → value, upper end, hedge; and what is no quantity."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.language.normalise import normalise
from handlers.language.numbers import find_numbers
from handlers.language.numerals import read_numeral

NUMERALS = [
    ("120", 120),
    ("1,200", 1200),
    ("1.1万", 11000),
    ("336万", 3360000),
    ("1万2", 12000),
    ("1万2千", 12000),
    ("3.5k", 3500),
    ("零", 0),
    ("十", 10),
    ("十二", 12),
    ("二十", 20),
    ("廿八", 28),
    ("一百零八", 108),
    ("三百二十", 320),
    ("三百二", 320),
    ("两百", 200),
    ("两千五", 2500),
    ("一千零五十", 1050),
    ("一千零五", 1005),
    ("一万二", 12000),
    ("一万零二十", 10020),
    ("一万二千三百四十五", 12345),
    ("三十万", 300000),
    ("二〇二〇", 2020),
    ("四个半", 4.5),
    ("4个半", 4.5),
    ("半", 0.5),
    ("俩", 2),
    ("", None),
    ("三间", None),
    ("12a", None),
    ("两三", None),
]

QUANTITIES = [
    ("测温43人次", (43, None, None, "人次")),
    ("1.1万余人次", (11000, None, "over", "人次")),
    ("近9万人次", (90000, None, "under", "人次")),
    ("300余万人次", (3000000, None, "over", "人次")),
    ("超过336万人次", (3360000, None, "over", "人次")),
    ("约50万人次", (500000, None, "about", "人次")),
    ("近200支", (200, None, "under", "支")),
    ("20余人", (20, None, "over", "人")),
    ("百余名", (100, None, "over", "名")),
    ("上百人", (100, None, "over", "人")),
    ("近百户", (100, None, "under", "户")),
    ("2000余户", (2000, None, "over", "户")),
    ("2000多户", (2000, None, "over", "户")),
    ("6至9名", (6, 9, None, "名")),
    ("6-9人", (6, 9, None, "人")),
    ("消杀6至8次", (6, 8, None, "次")),
    ("三到五人", (3, 5, None, "人")),
    ("6名至9名", (6, 9, None, "名")),
    ("1至2万人", (10000, 20000, None, "人")),
    ("七八个", (7, 8, None, "个")),
    ("五六十户", (50, 60, None, "户")),
    ("十七八人", (17, 18, None, "人")),
    ("两三百人次", (200, 300, None, "人次")),
    ("扫码三百二十人次", (320, None, None, "人次")),
    ("测温近三百人次", (300, None, "under", "人次")),
    ("排查二十来户", (20, None, "about", "户")),
    ("台账300来条", (300, None, "about", "条")),
    ("配送三百二十单左右", (320, None, "about", "单")),
    ("测温200人次以上", (200, None, "over", "人次")),
    ("10人以内", (10, None, "under", "人")),
    ("劝返不到10人", (10, None, "under", "人")),
    ("大约 120 人次", (120, None, "about", "人次")),
    ("200+人次", (200, None, "over", "人次")),
    ("十几人", (10, None, "over", "人")),
    ("二十几户", (20, None, "over", "户")),
    ("入户一百零八户", (108, None, None, "户")),
    ("一千零五十人次", (1050, None, None, "人次")),
    ("消杀1200余平方米", (1200, None, "over", "平方米")),
    ("面积800平", (800, None, None, "平")),
    ("面积800m2", (800, None, None, "m2")),
    ("面积800平米", (800, None, None, "平米")),
    ("4个半小时", (4.5, None, None, "小时")),
    ("4.5小时", (4.5, None, None, "小时")),
    ("异常0", (0, None, None, None)),
    ("异常:0人", (0, None, None, "人")),
    ("服务120 张三", (120, None, None, None)),
    ("手套两百双", (200, None, None, "双")),
    ("测温枪两把", (2, None, None, "把")),
    ("劝返一人", (1, None, None, "人")),
    ("俩人", (2, None, None, "人")),
    ("1.2w人次", (12000, None, None, "人次")),
    ("测温1,200人次", (1200, None, None, "人次")),
    ("东门120人次", (120, None, None, "人次")),
    ("19个点位", (19, None, None, "个")),
    ("测温三百二十,", (320, None, None, None)),
    ("3人次日到", (3, None, None, "人")),
    ("两袋米", (2, None, None, "袋")),
    ("1万2千人次", (12000, None, None, "人次")),
]

SEVERAL = [
    ("进35人出28人", [35, 28]),
    ("测温118人 异常0", [118, 0]),
    ("口罩200只,84消毒液5桶,测温枪两把", [200, 5, 2]),
    ("N95口罩2000只、酒精四十瓶", [2000, 40]),
    ("1. 东门 测温120人次\n2. 西门\n1)测温98人次\n2)扫码96人次", [120, 98, 96]),
    ("从1号楼到49号楼 116栋", [116]),
]

NONE = [
    "三间房乡",
    "十八里店",
    "四道口",
    "一里东门",
    "嘉园一里东门",
    "芳古园二区南门",
    "丁一凡",
    "张三 李四 王五",
    "李四次日到岗",
    "万鹏20:00接班",
    "百泉庄村",
    "三元桥",
    "一切正常",
    "统一个人信息",
    "第三轮",
    "第2次",
    "8:00-12:00",
    "22点到6点",
    "2月23日",
    "11.24",
    "2/23",
    "36.5",
    "36.3/36.5",
    "5-2-501",
    "3号楼2单元501",
    "14楼3门",
    "6排3号",
    "R58 C12 G6704 D5",
    "报名+1",
    "13800001234",
    "下午三点一刻",
    "六点半",
    "1. 张三\n2、李四\n(3)王五",
    "84消毒液",
    "夜里十一点半",
    "初六",
    "周三",
    "腊月廿八",
    "36度5",
    "第十三天",
]


@pytest.mark.parametrize(("text", "value"), NUMERALS)
def test_whole_numerals(text: str, value: float | None) -> None:
    assert read_numeral(text) == value


@pytest.mark.parametrize(("text", "expected"), QUANTITIES)
def test_quantity(text: str, expected: tuple[float, float | None, str | None, str | None]) -> None:
    (span,) = find_numbers(text)
    quantity = span.value
    assert (quantity.value, quantity.max, quantity.approx, quantity.unit) == expected


@pytest.mark.parametrize(("text", "values"), SEVERAL)
def test_several_in_a_message(text: str, values: list[int]) -> None:
    assert [span.value.value for span in find_numbers(text)] == values


@pytest.mark.parametrize("text", NONE)
def test_no_quantity(text: str) -> None:
    assert find_numbers(text) == []


def test_the_span_holds_the_hedges_but_not_the_unit() -> None:
    text = "排查超过300余万人次"
    (span,) = find_numbers(text)
    assert text[span.start : span.end] == "超过300余万"


@given(st.one_of(st.text(), st.text(alphabet="0123456789.,:-零一二三十百千万亿余多来几近约上超过至到人次户个半 第")))
def test_any_text_is_read(text: str) -> None:
    for span in find_numbers(text):
        assert 0 <= span.start < span.end <= len(text)
    read_numeral(text)


@given(st.text(alphabet="0123456789.,:人次户 "))
def test_full_width_reads_the_same(text: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    assert find_numbers(normalise(wide).text) == find_numbers(normalise(text).text)


@given(st.integers(0, 99_999_999))
def test_a_written_number_is_read_back(number: int) -> None:
    assert read_numeral(chinese(number)) == number


def chinese(number: int) -> str:
    """The full spelling of a number below a hundred million."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        gap = "零" if 0 < low < 1000 else ""
        return chinese(high) + "万" + gap + (chinese(low) if low else "")
    text, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if zero and text else "") + "零一二三四五六七八九"[digit] + name
        zero = not digit
    return text or "零"
