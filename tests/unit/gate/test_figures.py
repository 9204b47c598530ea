"""Which counts are the gate's, and how they are held together with single records."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.cases.settings import Settings
from handlers.gate.entries import fill
from handlers.gate.figures import Gate
from handlers.gate.metrics import metric, metric_of
from storage.daily_count import CountCell
from storage.daily_read import Figures
from storage.gate_count import Single, Stretch, Told, figures, metrics_of, stretches

EIGHT = datetime(2020, 2, 23, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def at(minutes: int) -> datetime:
    return EIGHT + timedelta(minutes=minutes)


METRICS = (
    ("进", "人", "in"),
    ("进村", "人次", "in"),
    ("进入小区人员", "人", "in"),
    ("出", "人", "out"),
    ("出村", "人", "out"),
    ("离村", "人次", "out"),
    ("进出", "人次", "both"),
    ("车辆", "辆", "vehicles"),
    ("进村车辆", "辆", "vehicles"),
    ("劝返", "人", "back"),
    ("测温", "人次", "measured"),
    ("发热", "例", "fever"),
    ("黄码", "人", "exception"),
    ("健康码异常", "人", "exception"),
    ("发放出入证", "张", "passes"),
    ("车证", "张", "passes"),
    ("进货", "箱", ""),
    ("发放温馨提示", "张", ""),
    ("出勤", "人", ""),
    ("送菜", "户", ""),
    ("登记", "人", ""),
)


@pytest.mark.parametrize(("item", "measure", "name"), METRICS)
def test_which_figure_a_count_is(item: str, measure: str, name: str) -> None:
    assert metric(item, measure) == name


def test_a_stated_total_is_none_of_the_day_s_figures() -> None:
    assert metric_of({"item": "进村", "value": 300, "unit": "人", "total": True}) == ""
    assert metric_of({"item": "进村", "value": 30, "unit": "人"}) == "in"


def total(found: list[Stretch]) -> float:
    return sum(one.value for one in found)


def test_a_count_covers_the_single_records_before_it() -> None:
    assert total(stretches([Told(at(60), 3, 3)], [Single(at(10), 1), Single(at(20), 1)])) == 3
    assert total(stretches([Told(at(60), 3, 3)], [Single(at(minute), 1) for minute in (1, 2, 3, 4, 5)])) == 5
    assert total(stretches([Told(at(60), 3, 3)], [Single(at(10), 1), Single(at(70), 1), Single(at(80), 2)])) == 6
    assert total(stretches([Told(at(60), 3, 3), Told(at(120), 4, 4)], [Single(at(90), 1)])) == 7
    assert total(stretches([], [Single(at(90), 1)])) == 1


def test_a_hedge_is_kept_where_the_count_stands() -> None:
    (one,) = stretches([Told(at(60), 30, 30, 0, "about")], [Single(at(10), 1)])
    assert one == Stretch(30, 30, 0, "about")


told = st.lists(st.builds(Told, st.integers(0, 600).map(at), *[st.integers(0, 30)] * 2), max_size=6)
singles = st.lists(st.builds(Single, st.integers(0, 600).map(at), st.integers(1, 3)), max_size=12)


@given(told=told, singles=singles, more=singles)
def test_the_figure_is_never_less_than_either_and_never_more_than_both(
    told: list[Told], singles: list[Single], more: list[Single]
) -> None:
    figure = total(stretches(told, singles))
    counted, single = sum(one.value for one in told), sum(one.number for one in singles)
    assert max(counted, single) <= figure <= counted + single
    assert figure == total(stretches(told[::-1], singles[::-1])), "the order in which they came does not matter"
    assert total(stretches(told, [*singles, *more])) >= figure


def entry(post: str, minutes: int, **more: Any) -> Any:
    plain = {"direction": "in", "heads": 1, "vehicle": False, "measured": False, "fever": False, "problem": ""}
    return SimpleNamespace(chat="wr", post=post, at=at(minutes), **{**plain, "action": "", **more})


def count(post: str, minutes: int, name: str, value: float) -> Any:
    return SimpleNamespace(chat="wr", post=post, reported_at=at(minutes), gate=name, value=value, most=None, approx="")


def test_whoever_is_sent_back_has_not_come_in() -> None:
    assert metrics_of(entry("", 0, action="sent_back", problem="yellow")) == {"exception": 1, "back": 1}
    assert metrics_of(entry("", 0, measured=True, fever=True, vehicle=True)) == {
        "in": 1,
        "vehicles": 1,
        "measured": 1,
        "fever": 1,
    }


def test_where_a_chat_names_one_post_whoever_names_none_means_that_one() -> None:
    one = figures([entry("东门", 1)], [count("", 60, "in", 3)])
    assert {key: total(value) for key, value in one.items()} == {("东门", "in"): 3}
    two = figures([entry("东门", 1), entry("西门", 2)], [count("", 60, "in", 3)])
    assert {key: total(value) for key, value in two.items()} == {("", "in"): 3, ("东门", "in"): 1, ("西门", "in"): 1}


def cell(value: float) -> CountCell:
    return CountCell(value, value, 0, "", 1)


def gate(now: dict[str, float], before: dict[str, float] | None = None) -> Gate:
    whole = {name: cell(value) for name, value in now.items()}
    return Gate(Figures(whole=whole), Figures(whole={n: cell(v) for n, v in (before or {}).items()}), whole)


def test_no_fever_is_said_where_the_gate_works_and_nothing_where_there_is_none() -> None:
    lines = [line.text for line in gate({"gate|in": 12, "gate|out": 5, "gate|measured": 17}).lines()]
    assert lines == ["进 12人次，出 5人次", "测温 17人次，发热 0 例", "查验异常 0人，劝返 0人"]
    assert [line.text for line in gate({}, {"gate|in": 12}).lines()] == [
        "进 0人次，出 0人次",
        "发热 0 例",
        "查验异常 0人，劝返 0人",
    ]
    assert list(gate({"gate|measured": 17, "gate|vehicles": 3, "gate|back": 1}).lines()) == []


def test_passes_of_the_register_and_those_that_were_only_counted() -> None:
    (line,) = gate({"pass|issued": 3, "gate|passes": 20, "pass|void": 1}).lines()
    assert line.text == "发证 23 张（逐张登记 3，批量 20），作废 1 张；累计 23 张"


def test_the_closing_clause() -> None:
    assert gate({"gate|in": 12, "gate|out": 5}).clause() == "卡口进出 17人次，没有一例发热"
    assert gate({"gate|in": 12, "gate|fever": 2}).clause() == "卡口进出 12人次，发热 2 例"
    assert gate({"pass|issued": 3}).clause() == ""


@pytest.mark.parametrize(
    ("settings", "degrees", "fever"),
    [
        (Settings(), 37.3, True),
        (Settings(), 37.2, False),
        (Settings(fever_at_threshold=False), 37.3, False),
        (Settings(fever=37.0), 37.0, True),
    ],
)
def test_fever_is_what_the_town_says(settings: Settings, degrees: float, fever: bool) -> None:  # noqa: FBT001  (a column of the table)
    row: Any = SimpleNamespace()
    ctx: Any = SimpleNamespace(services={"returnees": settings})
    fill(ctx, row, {"direction": "in", "temperature": degrees})
    assert (row.fever, row.measured, row.vehicle) == (fever, True, False)
