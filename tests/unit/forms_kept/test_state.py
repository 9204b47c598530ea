"""What entries are after their messages, and what those add to the figures: against what anybody would reckon."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import texts_forms as words
from handlers.form_books import state
from handlers.form_books.counting import Count, contributions, cover, is_said_by
from handlers.form_books.state import Said
from handlers.language.form_spec import FieldSpec, FigureSpec, FormSpec

DAY = date(2020, 2, 23)


def number(key: str, label: str, **more: Any) -> FieldSpec:
    return FieldSpec(key, label, "number", "户", ("户",), **more)


TESTS = FormSpec(
    "tests",
    "入户检测",
    fields=(
        FieldSpec("community", "小区", "place"),
        FieldSpec("building", "楼号", "building", required=True),
        number("households", "户数", required=True, parts="equal", minimum=0, maximum=500),
        number("done", "完成", part_of="households"),
        number("refused", "拒检", part_of="households"),
        number("left", "未做", part_of="households"),
        FieldSpec("head", "楼长", "person", personal=True),
        FieldSpec("state", "状态", "choice", choices=(("进行中", ()), ("已完成", ("做完",)))),
    ),
    identity=("community", "building"),
    figures=(
        FigureSpec("完成检测", "户", "done", "latest"),
        FigureSpec("当日拒检", "户", "refused", "sum"),
        FigureSpec("检测楼栋", "栋", "done", "set"),
    ),
    answer="{community}{building}：共{户数}，完成{done}户，拒检{refused}，未做{left}。",
)
SENSORS = FormSpec(
    "sensors",
    "门磁",
    fields=(
        FieldSpec("building", "楼号", "building"),
        number("planned", "应装"),
        number("today", "今日安装"),
        number("total", "累计安装", total=True, part_of="planned"),
    ),
    identity=("building",),
    figures=(FigureSpec("安装门磁", "户", "today", "sum"), FigureSpec("累计安装门磁", "户", "total", "latest")),
)


@dataclass
class Change:
    values: dict[str, Any]
    day: date = DAY
    approx: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)


def added(spec: FormSpec, *changes: Change) -> list[list[tuple[str, float]]]:
    return [[(one.item, one.value) for one in some] for some in contributions(spec, changes)]


def test_a_later_message_adds_to_what_was_known() -> None:
    said = state.folded(
        TESTS,
        [
            Change({"building": "16栋", "households": 132, "done": 100}, approx={"done": "about"}),
            Change({"done": 130}),
            Change({"refused": 1}),
        ],
    )
    assert said == Said({"building": "16栋", "households": 132, "done": 130, "refused": 1})


def test_what_is_left_is_not_believed_once_more_is_done() -> None:
    first = Change({"households": 60, "done": 50, "refused": 3, "left": 7})
    assert "left" not in state.folded(TESTS, [first, Change({"done": 55})]).values
    assert state.folded(TESTS, [first, Change({"left": 5})]).values["left"] == 5
    assert state.folded(TESTS, [first, Change({"done": 50})]).values["left"] == 7, "nothing has changed"


@pytest.mark.parametrize(
    ("values", "done", "left", "percent"),
    [
        ({"households": 132, "done": 130}, 130, 2, 98),
        ({"households": 132, "done": 130, "refused": 2}, 130, 0, 98),
        ({"households": 132, "left": 2}, 130, 2, 98),
        ({"households": 1150, "done": 1149}, 1149, 1, 99),
        ({"households": 60, "done": 60}, 60, 0, 100),
        ({"households": 0, "done": 0}, 0, 0, 0),
    ],
)
def test_progress(values: dict[str, Any], done: float, left: float, percent: int) -> None:
    (one,) = state.progress(TESTS, values)
    assert (one.done, one.left, one.percent) == (done, left, percent)


@pytest.mark.parametrize("values", [{"done": 5}, {"households": 60}, {"households": 60, "refused": 2}])
def test_no_progress_where_too_little_is_known(values: dict[str, Any]) -> None:
    assert state.progress(TESTS, values) == []


@pytest.mark.parametrize("written", ["16栋", "16号楼", "16 栋", "１６栋", "十六号楼", "16#"])
def test_a_building_is_the_same_however_it_is_written(written: str) -> None:
    assert state.identity(TESTS, "村", {"building": written}) == state.identity(TESTS, "村", {"building": "16栋"})


@pytest.mark.parametrize(
    ("spec", "values", "same"),
    [
        (TESTS, {"done": 5}, None),  # the building is needed
        (TESTS, {"building": "1栋"}, "tests|村||1"),
        (TESTS, {"building": "1栋", "community": "翠林"}, "tests|村|翠林|1"),
        (SENSORS, {"today": 30}, None),  # anybody's thirty of the day
        (SENSORS, {"today": 30, "total": 750}, "sensors|村|"),  # the place's own
        (FormSpec("free", "自由", fields=(number("n", "数"),)), {"n": 1}, None),
    ],
)
def test_what_makes_an_entry_the_same(spec: FormSpec, values: dict[str, Any], same: str | None) -> None:
    assert state.identity(spec, "村", values) == same


def test_a_building_is_part_of_its_community() -> None:
    whole = {"community": "翠林"}
    assert state.above(TESTS, "村", {**whole, "building": "1栋"}) == "tests|村|翠林|"
    assert state.above(SENSORS, "村", {"building": "1栋", "today": 3}) == "sensors|村|"
    assert state.above(SENSORS, "村", {"total": 3}) is None
    assert state.over(SENSORS, "村", {"community": "翠林", "building": "1栋"}) == ["sensors|村|"]


def test_parts_are_not_counted_beside_their_whole() -> None:
    parts: list[state.Part] = [
        ("c", None, 1150.0, 750.0, 400.0),
        ("1", "c", 100.0, 90.0, 10.0),
        ("2", "elsewhere", 50.0, 50.0, 0.0),
        ("3", None, None, 0.0, 0.0),
    ]
    (one,) = state.whole_of(SENSORS, parts)
    assert (one.done, one.total, one.left, one.entries) == (800, 1200, 400, 2)
    assert state.whole_of(SENSORS, [("3", None, None, 0.0, 0.0)]) == []


def test_only_what_names_nobody_is_stored_in_the_clear() -> None:
    values = {"community": "翠林", "building": "1栋", "households": 60, "head": "王小明", "state": "进行中"}
    plain, sealed = state.split(TESTS, values)
    assert plain == {"building": "1栋", "households": 60, "state": "进行中"}
    assert sealed == {"community": "翠林", "head": "王小明"}


# -- figures -------------------------------------------------------------------------------------------------------


def test_the_newest_value_counts_and_a_building_once() -> None:
    first, second = Change({"building": "1栋", "done": 100}), Change({"done": 130}, DAY + timedelta(days=1))
    assert added(TESTS, first, second) == [[("完成检测", 100), ("检测楼栋", 1)], [("完成检测", 30)]]


def test_a_days_figure_replaces_that_of_the_same_day() -> None:
    told = [Change({"today": 30}), Change({"today": 40}), Change({"today": 5}, DAY + timedelta(days=1))]
    assert added(SENSORS, *told) == [[("安装门磁", 30)], [("安装门磁", 10)], [("安装门磁", 5)]]


def test_a_total_stands_beside_the_days_figure() -> None:
    ((total,),) = contributions(SENSORS, [Change({"total": 750}, approx={"total": "about"})])
    assert total == Count("安装门磁", "户", 750, "about", total=True)


def test_a_measure_word_of_its_own_is_a_figure_of_its_own() -> None:
    ((one,),) = contributions(SENSORS, [Change({"today": 3}, units={"today": "套"})])
    assert (one.item, one.measure) == ("安装门磁", "套")


def test_what_the_whole_tells_is_not_counted_of_its_parts() -> None:
    part = [Change({"today": 20}), Change({"today": 9}, DAY + timedelta(days=1))]
    covered = cover([Change({"today": 50})])
    assert contributions(SENSORS, part, covered)[0] == []
    assert [one.value for one in contributions(SENSORS, part, covered)[1]] == [9]


@pytest.mark.parametrize(
    ("count", "is_theirs"),
    [
        ({"item": "完成", "value": 130, "unit": "户"}, True),
        ({"item": "检测", "value": 16, "unit": "栋"}, True),
        ({"item": "测温", "value": 130, "unit": "人次"}, False),
        ({"item": "完成", "value": 131, "unit": "户"}, False),
    ],
)
def test_numbers_of_an_entry_are_known_among_the_counts(count: dict[str, Any], is_theirs: bool) -> None:  # noqa: FBT001  (what is expected)
    assert is_said_by(TESTS, {"building": "16栋", "done": 130}, count) is is_theirs


CHANGES = st.lists(
    st.builds(
        Change,
        st.dictionaries(st.sampled_from(("done", "refused")), st.integers(0, 200), min_size=1),
        st.integers(0, 3).map(lambda days: DAY + timedelta(days=days)),
    ),
    max_size=8,
)


@given(CHANGES)
def test_sums_over_days_are_what_a_plain_reckoning_gives(changes: list[Change]) -> None:
    sums: dict[str, float] = {}
    for some in contributions(TESTS, changes):
        for one in some:
            sums[one.item] = sums.get(one.item, 0) + one.value
    done = [change.values["done"] for change in changes if "done" in change.values]
    refused = {change.day: change.values["refused"] for change in changes if "refused" in change.values}
    assert sums.get("完成检测", 0) == (done[-1] if done else 0)
    assert sums.get("当日拒检", 0) == sum(refused.values())
    assert sums.get("检测楼栋", 0) == (1 if done and done[-1] else 0)


@given(CHANGES, st.integers(0, 7))
def test_taking_a_change_back_leaves_what_the_others_say(changes: list[Change], at: int) -> None:
    others = changes[:at] + changes[at + 1 :]
    plain: dict[str, int] = {}
    for change in others:
        plain |= change.values
    assert state.folded(TESTS, others).values == plain


# -- sentences -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"building": "16栋", "households": 132, "done": 130}, "16栋：共132户，完成130户，剩2户"),
        ({"building": "16栋", "done": 130}, "16栋：完成130户"),
        ({"community": "翠林", "building": "1栋", "refused": 0}, "翠林1栋：拒检0户"),
        ({"building": "5栋", "households": 60, "done": 50, "refused": 20}, "5栋：共60户，完成50户，拒检20户"),
    ],
)
def test_a_template_says_what_is_known_and_nothing_else(values: dict[str, Any], said: str) -> None:
    assert words.entry(TESTS, Said(values), masked=False) == said


def test_hedges_and_measure_words_are_shown() -> None:
    said = Said({"building": "1栋", "done": 300}, {"done": "under"}, {"done": "家"})
    assert words.entry(TESTS, said, masked=False) == "1栋：完成近300家"


@pytest.mark.parametrize(
    ("kind", "value", "masked"),
    [("person", "王小明", "王*"), ("phone", "13800001111", "尾号1111"), ("place", "3号楼501", ""), ("number", 3, "")],
)
def test_people_are_masked(kind: Any, value: Any, masked: str) -> None:
    assert words.shown(FieldSpec("x", "某项", kind, personal=True), value, masked=True) == masked


def test_an_entry_keeps_the_name_that_it_was_first_given() -> None:
    told = [Change({"building": "16号楼", "done": 1}), Change({"building": "十六栋", "done": 2})]
    assert state.folded(TESTS, told).values == {"building": "16号楼", "done": 2}
