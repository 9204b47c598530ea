"""Which group a registration from a single chat belongs to: nobody is left without one."""

import pytest

from handlers.cases.people import Home, home_by_name, home_of_address, home_of_unit, homes
from storage.tables import Returnee

KNOWN = [
    Home("a", "平谷区/金海湖镇"),
    Home("b", "平谷区/金海湖镇/红石坎村"),
    Home("c", "昌平区/阳坊镇"),
    Home("d", ""),
]


@pytest.mark.parametrize(
    ("district", "township", "community", "chat"),
    [
        ("平谷区", "金海湖镇", "红石坎村", "b"),
        ("平谷区", "金海湖镇", "洙水村", "a"),
        ("平谷区", "金海湖镇", None, "a"),
        ("昌平区", "沙河镇", None, "c"),
        ("昌平区", None, None, "c"),
        ("朝阳区", "孙河乡", None, "a"),
        (None, None, None, "a"),
    ],
)
def test_the_nearest_group_gets_it(
    district: str | None, township: str | None, community: str | None, chat: str
) -> None:
    named = {"district": district, "township": township, "community": community}
    found = home_of_address(KNOWN, {key: value for key, value in named.items() if value})
    assert found is not None
    assert found.chat == chat


def test_without_any_group_there_is_none() -> None:
    assert home_of_address([], {"district": "平谷区"}) is None


def test_a_binding_made_in_the_chat_wins() -> None:
    row = type("Row", (), {"chat": "a", "unit": "平谷区/夏各庄镇"})
    assert homes({"groups": {"a": "平谷区/金海湖镇", "d": ""}}, [row]) == [Home("a", "平谷区/夏各庄镇"), Home("d", "")]


@pytest.mark.parametrize(
    ("name", "chat"), [("阳坊镇", "c"), ("阳坊", "c"), ("昌平区/阳坊镇", "c"), ("金海湖镇", "a"), ("沙河镇", None)]
)
def test_a_unit_is_found_by_what_people_call_it(name: str, chat: str | None) -> None:
    found = home_by_name(KNOWN, name)
    assert (found.chat if found else None) == chat


def test_a_unit_below_belongs_to_the_nearest_group_above() -> None:
    found = home_of_unit(KNOWN, "平谷区/金海湖镇/洙水村")
    assert found is not None
    assert found.chat == "a"
    assert home_of_unit(KNOWN, "朝阳区") is None


@pytest.mark.parametrize(
    ("chat", "unit", "reporter", "reached"),
    [
        ("a", "", "v", {"a"}),
        ("b", "平谷区/金海湖镇/红石坎村", "v", {"a", "b"}),
        ("c", "昌平区/阳坊镇", "v", {"c"}),
        ("x", "平谷区/金海湖镇二街", "v", set()),
        ("d", "", "v", {"d"}),
        ("self", "", "self", {"a", "b", "c", "d"}),
    ],
)
def test_a_group_reaches_its_own_and_what_lies_below(chat: str, unit: str, reporter: str, reached: set[str]) -> None:
    case = Returnee(chat=chat, unit=unit, reporter=reporter)
    assert {home.chat for home in KNOWN if home.reaches(case)} == reached
