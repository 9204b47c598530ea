"""Phones, ID cards, trips, temperatures, references: what is written → what it names."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.language.identifiers import (
    find_id_numbers,
    find_phone_tails,
    find_phones,
    find_refs,
    find_temperatures,
    find_trips,
)
from handlers.language.normalise import normalise

PHONES = [
    ("电话13800010045,身体正常", ["13800010045"]),
    ("138 0004 0618", ["13800040618"]),
    ("138-0002-0417", ["13800020417"]),
    ("138 00040618", ["13800040618"]),
    ("1380004 0618", ["13800040618"]),
    ("1380-004-0618", ["13800040618"]),
    ("手机:+86 13900006603", ["13900006603"]),
    ("+86-139-0000-6603", ["13900006603"]),
    ("008613900006603", ["13900006603"]),
    ("报名褚亮13900007712", ["13900007712"]),
    ("一三八零零零零一二三四", ["13800001234"]),
    ("幺三八〇〇〇〇幺二三四", ["13800001234"]),
    ("13800001234 13900001234", ["13800001234", "13900001234"]),
    ("130602198805134710", []),
    ("010-62345678", []),
    ("12800001234", []),
    ("1380000123", []),
    ("138000012345", []),
    ("测温138人次", []),
]

TAILS = [
    ("尾号1234", ["1234"]),
    ("尾号:0087", ["0087"]),
    ("手机后四位是 3321", ["3321"]),
    ("尾号12345", []),
    ("末尾", []),
]

IDS = [
    ("身份证号:130699199003124178", ("130699199003124178", True, date(1990, 3, 12))),
    ("37149919880706158x", ("37149919880706158X", True, date(1988, 7, 6))),
    ("430699198504301153", ("430699198504301153", False, date(1985, 4, 30))),
    ("130602 19880513 4710", ("130602198805134710", True, date(1988, 5, 13))),
    ("130699199013124178", ("130699199013124178", False, None)),
]

TRIPS = [
    ("高铁 G6704", [("train", "G6704")]),
    ("从保定坐高铁G6704来的", [("train", "G6704")]),
    ("高铁g334 11/21已抵京", [("train", "G334")]),
    ("G 6704次", [("train", "G6704")]),
    ("火车T2 住址", [("train", "T2")]),
    ("动车C2551 今早", [("train", "C2551")]),
    ("车次:1461", [("train", "1461")]),
    ("坐1461次", [("train", "1461")]),
    ("D902次", [("train", "D902")]),
    ("航班号:CA1640", [("plane", "CA1640")]),
    ("航班MU2115", [("plane", "MU2115")]),
    ("飞机3U8881", [("plane", "3U8881")]),
    ("ca1236", [("plane", "CA1236")]),
    ("航班 XY123", [("plane", "XY123")]),
    ("自驾冀F7K2M9", [("car", "冀F7K2M9")]),
    ("车牌冀B·7K32M", [("car", "冀B7K32M")]),
    ("京AD12345", [("car", "京AD12345")]),
    ("京a12345", [("car", "京A12345")]),
    ("打卡 张三 D5 36.5", []),
    ("更正 C12 R58", []),
    ("N95口罩2000只", []),
    ("KN95口罩", []),
    ("首都机场T3", []),
    ("T2航站楼", []),
    ("未接 第2次", []),
    ("尾号1234", []),
    ("测温1461人次", []),
    ("XY123", []),
]

TEMPERATURES = [
    ("36.5", [36.5]),
    ("36.5℃", [36.5]),
    ("体温37.5度", [37.5]),
    ("张三36.5 李四36.8 王五 37.4 咳嗽", [36.5, 36.8, 37.4]),
    ("36.3/36.5", [36.3, 36.5]),
    ("36.5-36.8", [36.5, 36.8]),
    ("体温:36.52", [36.52]),
    ("费洋36度5,米雪37度5", [36.5, 37.5]),
    ("36点6度", [36.6]),
    ("36度半", [36.5]),
    ("36度", [36.0]),
    ("38℃", [38.0]),
    ("早三十六度四 晚三十六度六", [36.4, 36.6]),
    ("三十六点八", [36.8]),
    ("三十七度", [37.0]),
    ("四十度", [40.0]),
    ("体温36", [36.0]),
    ("36。5", [36.5]),
    ("体温36.5。", [36.5]),
    ("下午37.8,还有点咳嗽", [37.8]),
    ("体温超过37.3℃的不得上岗", []),
    ("37.3以下", []),
    ("测温36人次", []),
    ("3.65", []),
    ("136.5", []),
    ("36.5.1", []),
    ("36.5万人次", []),
    ("占36.5%", []),
    ("5-2-501", []),
    ("2.23", []),
    ("三十人", []),
    ("四十多度", []),
]

REFS = [
    ("撤回R83,刚才报重了", ["R83"]),
    ("核实R58毕敏未接", ["R58"]),
    ("r58 c12", ["R58", "C12"]),
    ("R-58", ["R58"]),
    ("R132作废", ["R132"]),
    ("D5 N95 G6704 CR12 R58A", []),
    ("R0", []),
]


@pytest.mark.parametrize(("text", "phones"), PHONES)
def test_phones(text: str, phones: list[str]) -> None:
    assert [span.value for span in find_phones(text)] == phones


@pytest.mark.parametrize(("text", "tails"), TAILS)
def test_phone_tails(text: str, tails: list[str]) -> None:
    assert [span.value for span in find_phone_tails(text)] == tails


@pytest.mark.parametrize(("text", "expected"), IDS)
def test_id_numbers(text: str, expected: tuple[str, bool, date | None]) -> None:
    (span,) = find_id_numbers(text)
    assert (span.value.number, span.value.checksum_ok, span.value.born) == expected


def test_county_of_an_id_number_only_warns() -> None:
    assert find_id_numbers("130602198805134710")[0].value.county_known
    assert not find_id_numbers("990602198805134710")[0].value.county_known


@pytest.mark.parametrize("text", ["13069919900312417", "1306991990031241781", "A130699199003124178"])
def test_no_id_number(text: str) -> None:
    assert find_id_numbers(text) == []


@pytest.mark.parametrize(("text", "trips"), TRIPS)
def test_trips(text: str, trips: list[tuple[str, str]]) -> None:
    assert [(span.value.kind, span.value.number) for span in find_trips(text)] == trips


@pytest.mark.parametrize(("text", "values"), TEMPERATURES)
def test_temperatures(text: str, values: list[float]) -> None:
    assert [span.value for span in find_temperatures(text)] == values


@pytest.mark.parametrize(("text", "refs"), REFS)
def test_refs(text: str, refs: list[str]) -> None:
    assert [span.value for span in find_refs(text)] == refs


def test_other_letters_of_references() -> None:
    assert [span.value for span in find_refs("W3 R5", "W")] == ["W3"]


ALL = (find_phones, find_phone_tails, find_id_numbers, find_trips, find_temperatures, find_refs)


@given(st.one_of(st.text(), st.text(alphabet="0123456789GDCARX冀京.。:- 度点三十六五尾号超过以下次")))
def test_any_text_is_read(text: str) -> None:
    for find in ALL:
        for span in find(text):
            assert 0 <= span.start < span.end <= len(text)


@given(st.text(alphabet="0123456789GCAR冀 .:-℃度"))
def test_full_width_reads_the_same(text: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    for find in ALL:
        assert find(normalise(wide).text) == find(normalise(text).text)
