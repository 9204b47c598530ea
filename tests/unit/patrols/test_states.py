"""Every step from every state: allowed as the table says, or refused with a sentence, and then nothing has changed."""

from datetime import date, datetime
from itertools import product
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handlers import texts_patrol as words
from handlers.patrols import states
from handlers.patrols.states import ASSIGNED, CLOSED, FIXED, MOVES, OPEN, STATES, UNDONE, Act
from handlers.steps import Illegal
from storage.tables_patrols import Finding

AT = datetime(2020, 2, 24, 2, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
LEADS_TO = {
    ("assign", OPEN): ASSIGNED,
    ("assign", ASSIGNED): ASSIGNED,
    ("fix", OPEN): FIXED,
    ("fix", ASSIGNED): FIXED,
    ("pass", FIXED): CLOSED,
    ("fail", FIXED): OPEN,
    ("reopen", FIXED): OPEN,
    ("reopen", CLOSED): OPEN,
    ("undo", OPEN): UNDONE,
    ("undo", ASSIGNED): UNDONE,
    ("undo", FIXED): UNDONE,
}


def finding(state: str, **more: Any) -> Finding:
    values: dict[str, Any] = {"assignee": "", "fix": "", "fixed_by": "", "fixed_sender": "", "closed_by": ""}
    return Finding(ref="P12", text="登记本缺1页", state=state, returned=0, **{**values, **more})


def act(**more: Any) -> tuple[Act, list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    uow = SimpleNamespace(insert=lambda _table, **values: rows.append(values))
    values = {"actor": "lead", "name": "刘桂英", "assignee": "孙晓雨", "said": "换了新的", **more}
    return Act(uow, AT, **values), rows


@pytest.mark.parametrize(("action", "state"), list(product(MOVES, STATES)))
def test_the_table(action: str, state: str) -> None:
    one, (doing, rows) = finding(state), act()
    target = LEADS_TO.get((action, state))
    if target is None:
        with pytest.raises(Illegal) as refused:
            states.step(one, action, doing)
        assert one.state == state
        assert not rows
        assert refused.value.sentence.startswith(f"P12 现在是“{words.STATES[state]}”。")
    else:
        states.step(one, action, doing)
        assert one.state == target
        assert [(row["action"], row["source"], row["target"]) for row in rows] == [(action, state, target)]


@pytest.mark.parametrize(("action", "state"), [("fail", FIXED), ("reopen", FIXED), ("reopen", CLOSED)])
def test_what_comes_back_comes_to_whoever_it_was_given_to(action: str, state: str) -> None:
    one = finding(state, assignee="孙晓雨", fix="已换", fixed_by="孙晓雨", fixed_sender="sun", fixed_on=AT.date())
    doing, rows = act()
    states.step(one, action, doing)
    assert (one.state, one.assignee, one.returned) == (ASSIGNED, "孙晓雨", 1)
    assert (one.fix, one.fixed_by, one.fixed_on, one.closed_on) == ("", "", None, None)
    assert rows[0]["detail"]["before"] == {"assignee": "孙晓雨", "fix": "已换", "fixed_by": "孙晓雨"}


def test_nobody_checks_their_own_work() -> None:
    one, (doing, rows) = finding(FIXED, fixed_sender="lead"), act()
    with pytest.raises(Illegal, match="illegal step") as refused:
        states.step(one, "pass", doing)
    assert "换一位" in refused.value.sentence
    assert one.state == FIXED
    assert not rows


def test_a_finding_is_given_to_somebody() -> None:
    one, (doing, _) = finding(OPEN), act(assignee="")
    with pytest.raises(Illegal) as refused:
        states.step(one, "assign", doing)
    assert refused.value.sentence == "请写上姓名，例如：指派 P12 张三"


def test_the_days_of_a_fix_and_of_a_check_are_kept() -> None:
    one = finding(OPEN)
    states.step(one, "fix", act(actor="sun", name="孙晓雨")[0])
    states.step(one, "pass", act()[0])
    assert (one.fixed_on, one.fixed_by, one.closed_on, one.closed_by) == (
        date(2020, 2, 24),
        "孙晓雨",
        date(2020, 2, 24),
        "刘桂英",
    )


def test_every_refusal_says_what_can_be_done() -> None:
    for state in (OPEN, ASSIGNED, FIXED, CLOSED):
        assert "可以说：" in words.illegal("P12", state, states.possible(state))
