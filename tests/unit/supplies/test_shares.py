"""Sharing out, needs and names: pure arithmetic against what it promises."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.supplies import names
from handlers.supplies.needs import Event, fold, totals
from handlers.supplies.rules import SHARES, BadRules, Rule, configured, load, shipped
from handlers.supplies.shares import Want, share_out, shortages

AMOUNTS = st.integers(0, 60)


@st.composite
def wants(draw: st.DrawFn) -> list[Want]:
    rows = draw(st.lists(st.tuples(AMOUNTS, AMOUNTS, st.integers(0, 40)), max_size=12))
    return [Want(f"E{n}", need, min(given, need), staff) for n, (need, given, staff) in enumerate(rows)]


RULES = st.builds(Rule, st.sampled_from(SHARES), st.integers(0, 5), st.just(1))
STEPS = st.builds(Rule, st.sampled_from(SHARES), st.integers(0, 5), st.integers(2, 10))


@given(wants(), st.integers(0, 400), RULES)
def test_everything_goes_out_and_nobody_gets_more_than_they_lack(found: list[Want], there: int, rule: Rule) -> None:
    shares = share_out(found, there, rule)
    assert shares.keys() == {want.key for want in found}
    assert sum(shares.values()) == min(there, sum(want.lacks for want in found))
    assert all(0 <= shares[want.key] <= want.lacks for want in found)
    left = shortages(found, shares)
    assert all(left[want.key] == want.need - want.given - shares[want.key] >= 0 for want in found)


@given(wants(), st.integers(0, 400), st.one_of(RULES, STEPS), st.randoms(use_true_random=False))
def test_the_order_of_the_wants_changes_nothing(found: list[Want], there: int, rule: Rule, random) -> None:
    mixed = list(found)
    random.shuffle(mixed)
    assert share_out(mixed, there, rule) == share_out(found, there, rule)


@given(st.lists(AMOUNTS, max_size=12), st.integers(0, 400), st.integers(0, 5))
def test_equal_shares_differ_by_at_most_one(needs: list[int], there: int, minimum: int) -> None:
    found = [Want(f"E{n}", need) for n, need in enumerate(needs)]
    shares = share_out(found, there, Rule("equal", minimum))
    short = [shares[want.key] for want in found if shares[want.key] < want.need]
    full = [shares[want.key] for want in found if shares[want.key] == want.need]
    assert not short or max(short) - min(short) <= 1
    assert not short or max(full, default=0) <= max(short) + 1


@given(wants(), st.integers(0, 400), STEPS)
def test_with_a_step_shares_are_steps_or_all_that_is_lacking(found: list[Want], there: int, rule: Rule) -> None:
    needed = [Want(want.key, want.need, 0, want.staff) for want in found]
    least = -(-rule.minimum // rule.step) * rule.step
    shares = share_out(needed, there, rule)
    assert sum(shares.values()) <= there
    if there >= sum(min(want.need, least) for want in needed):
        assert all(shares[w.key] % rule.step == 0 or shares[w.key] == w.need for w in needed)


@given(wants(), st.integers(0, 200), st.integers(0, 200), st.sampled_from(SHARES))
def test_a_second_batch_goes_on_where_the_first_one_ended(
    found: list[Want], first: int, second: int, share: str
) -> None:
    """Nobody is further from the fair level of both batches than by the rounding of both."""
    fresh = [Want(want.key, want.need, 0, want.staff) for want in found]
    rule = Rule(share, minimum=0)
    one = share_out(fresh, first, rule)
    then = [Want(want.key, want.need, one[want.key], want.staff) for want in fresh]
    two = share_out(then, second, rule)
    at_once = share_out(fresh, first + second, rule)
    assert all(abs(one[key] + two[key] - at_once[key]) <= 1 for key in at_once)


@given(wants(), st.integers(0, 400), RULES)
def test_everybody_gets_the_minimum_while_there_is_enough(found: list[Want], there: int, rule: Rule) -> None:
    fresh = [Want(want.key, want.need, 0, want.staff) for want in found]
    if there >= sum(min(want.need, rule.minimum) for want in fresh):
        shares = share_out(fresh, there, rule)
        assert all(shares[want.key] >= min(want.need, rule.minimum) for want in fresh)


@pytest.mark.parametrize(
    ("rule", "there", "expected"),
    [
        (Rule("need", 0), 30, {"a": 5, "b": 10, "c": 15}),
        (Rule("equal", 0), 30, {"a": 10, "b": 10, "c": 10}),
        (Rule("staff", 0), 30, {"a": 10, "b": 15, "c": 5}),
        (Rule("equal", 0), 50, {"a": 10, "b": 20, "c": 20}),
        (Rule("need", 4), 13, {"a": 4, "b": 4, "c": 5}),
        (Rule("need", 8), 10, {"a": 4, "b": 3, "c": 3}),
        (Rule("need", 1), 100, {"a": 10, "b": 20, "c": 30}),
        (Rule("need", 0, 10), 35, {"a": 0, "b": 10, "c": 20}),
    ],
)
def test_shares_by_hand(rule: Rule, there: int, expected: dict[str, int]) -> None:
    found = [Want("a", 10, 0, 20), Want("b", 20, 0, 30), Want("c", 30, 0, 10)]
    assert share_out(found, there, rule) == expected


# -- needs -------------------------------------------------------------------------------------------------------------

START = datetime(2020, 2, 20, 9, 0, tzinfo=timezone(timedelta(hours=8)))
MASKS = ("口罩", "只")


def events(*told: tuple[str, int | None]) -> list[Event]:
    return [Event(START + timedelta(hours=n), n, kind, "E1", MASKS, amount) for n, (kind, amount) in enumerate(told)]


@pytest.mark.parametrize(
    ("told", "need", "lacks", "unstated"),
    [
        ([("need", 50)], 50, 50, False),
        ([("need", 50), ("need", 80)], 80, 80, False),
        ([("need", 50), ("more", 30)], 80, 80, False),
        ([("need", 50), ("given", 30)], 50, 20, False),
        ([("need", 50), ("given", 30), ("signed", 30), ("need", 40)], 70, 40, False),
        ([("need", 50), ("given", 30), ("need", 40)], 40, 10, False),
        ([("need", None)], 0, 0, True),
        ([("need", None), ("need", 20)], 20, 20, False),
        ([("need", 20), ("need", None)], 20, 20, False),
        ([("need", 20), ("given", 20), ("signed", 20), ("need", None)], 20, 0, True),
        ([("given", 20), ("signed", 20)], 0, 0, False),
    ],
)
def test_what_a_party_lacks(told: list[tuple[str, int | None]], need: int, lacks: int, *, unstated: bool) -> None:
    found = fold(events(*told))["E1"][MASKS]
    assert (found.need, found.lacks, found.unstated) == (need, lacks, unstated)


@given(
    st.lists(st.tuples(st.sampled_from(("need", "more", "given", "signed")), st.integers(0, 99)), max_size=12),
    st.randoms(use_true_random=False),
)
def test_needs_do_not_hang_on_the_order_in_which_they_are_read(told: list[tuple[str, int]], random) -> None:
    made = events(*told)
    mixed = list(made)
    random.shuffle(mixed)
    assert fold(mixed) == fold(made)


def test_all_parties_together() -> None:
    more = [Event(START, 9, "need", "E2", MASKS, 30), Event(START, 10, "need", "E3", MASKS, None)]
    found = totals(fold([*events(("need", 50), ("given", 20), ("signed", 20)), *more]))[MASKS]
    found.stock = 25
    assert (found.need, found.given, found.signed, found.lacks, found.gap) == (80, 20, 20, 60, 35)
    assert (found.parties, found.unstated, found.in_need) == (3, 1, ["E1", "E2"])


# -- names and rules ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("大都饭店", "北京大都饭店有限公司", True),
        ("阳坊超市", "阳坊镇超市", True),
        ("仁和药房", "仁合药房", True),
        ("样例测控技术股份有限公司", "北京样例测控", True),
        ("京城面馆", "京成面馆", True),
        ("阳坊超市一分店", "阳坊超市二分店", False),
        ("样例1号公司", "样例11号公司", False),
        ("样例一厂", "样例二厂", False),
        ("顺达汽修厂", "顺达物流公司", False),
        ("华联超市", "华联商店", False),
    ],
)
def test_near_names(one: str, other: str, *, near: bool) -> None:
    assert names.near(one, other) is near
    assert names.near(other, one) is near


def test_marks_in_a_name_mean_nothing() -> None:
    assert names.key("样例（北京）科技 有限公司") == names.key("样例(北京)科技有限公司")


def test_the_shipped_rules_know_what_things_are_called() -> None:
    rules = shipped()
    assert rules.goods("一次性医用口罩", "个") == MASKS
    assert rules.goods("84", "桶") == ("84消毒液", "桶")
    assert rules.goods("帐篷", "顶") == ("帐篷", "顶")
    heavy = rules.carriers(("84消毒液", "桶"))
    assert heavy is not None
    assert (heavy.people, heavy.weight) == (2, "50斤")
    assert rules.carriers(("84消毒液", "瓶")) is None


@pytest.mark.parametrize(
    "text",
    [
        '[allocation]\nshare = "half"',
        '[allocation]\neligible = ["everybody"]',
        "[allocation]\nstep = 0",
        "[allocation]\nmost = 3",
        "[allocation",
        "[alocation]",
        '[[heavy]]\nitem = "酒精"\nkilos = 25',
        'names = ["口罩"]',
    ],
)
def test_rules_that_cannot_be_used(text: str) -> None:
    with pytest.raises(BadRules):
        load(text)


def test_an_item_may_have_a_rule_of_its_own() -> None:
    rules = load('[allocation]\nshare = "need"\n[allocation.items."帐篷"]\nshare = "equal"\nminimum = 0\n')
    assert rules.rule_for("帐篷") == Rule("equal", 0)
    assert rules.rule_for("口罩", "staff") == Rule("staff")


def test_an_operator_s_file_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    assert configured("") is shipped()
    file = tmp_path / "allocation.toml"
    file.write_text('[allocation]\neligible = ["open"]\nshare = "equal"\n', encoding="utf-8")
    assert configured(str(file)).eligible == {"open"}
    with pytest.raises(BadRules):
        configured(str(tmp_path / "nothing.toml"))
