"""Every action that the audit names is known to be a step, a part of a record, or a mere look: 撤回 depends on it."""

import re
from pathlib import Path

import pytest

from handlers import texts_steps as words
from handlers.cases.states import MOVES as CASE_MOVES
from handlers.patrols.findings import STEPS as FINDING_STEPS
from handlers.report_orders import ACTIONS as REPORT_ACTIONS
from handlers.undoing import WAYS

HANDLERS = Path(__file__).parents[2] / "handlers"
AUDIT = re.compile(r'\baudit\(\s*ctx,\s*(f?)"([^"]+)"(?: if \w+ else "([^"]+)")?')
CASES_BY_RECORD = frozenset(
    ("verify", "fail", "escalate", "vague", "complete", "suspend", "resume", "send", "hand_over", "undo")
    + ("change", "carry")
)
"""What becomes of a case by records, or beside another step."""
OPEN = {
    "finding.{action}": [f"finding.{action}" for action in FINDING_STEPS],
    "pass.{state}": ["pass.void", "pass.replaced"],
    "enterprise.{decision}": ["enterprise.same", "enterprise.different"],
    "report.{order.action}": [f"report.{action}" for action in REPORT_ACTIONS],
}
"""Actions that are put together → what they may be."""


def audited() -> set[str]:
    found: set[str] = set()
    for path in HANDLERS.rglob("*.py"):
        for match in AUDIT.finditer(path.read_text(encoding="utf-8")):
            named = OPEN[match[2]] if match[1] else [match[2], match[3]]
            found |= {name for name in named if name}
    return found


def test_every_action_is_a_step_or_known_to_be_none() -> None:
    known = (words.STEPS.keys(), words.PARTS, words.LOOKS)
    assert sum(map(len, known)) == len(set().union(*known)), "each is one of the three"
    steps = {action for action in words.STEPS if action.removeprefix("case.") not in CASE_MOVES}
    assert audited() == steps | words.PARTS | words.LOOKS


def test_every_step_of_a_case_is_a_step_or_known_to_be_none() -> None:
    told = {action.removeprefix("case.") for action in words.STEPS if action.startswith("case.")}
    steps = told - {"distinct", "imported"}
    assert steps | CASES_BY_RECORD == set(CASE_MOVES)
    assert not steps & CASES_BY_RECORD


@pytest.mark.parametrize("action", words.STEPS)
def test_every_refusal_says_what_to_do_instead(action: str) -> None:
    assert words.instead(action, ["D1"]).strip()
    assert "{" not in words.final(action, ["D1"]) + words.built_upon(action, [])


def test_every_way_back_is_that_of_a_step() -> None:
    assert set(WAYS) <= set(words.STEPS)


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("撤回签收", "supplies.signed"),
        ("撤回刚才的作废", "pass.void"),
        ("取消作废 1号", "pass.void"),
        ("撤销 刚才的整改", ""),
        ("撤回分配", "supplies.draft"),
        ("撤回", ""),
        ("撤回上一条", ""),
        ("作废", ""),
        ("撤回姓名写错的那条", ""),
        ("撤回 签到", ""),
        ("撤回收到口罩的那条", ""),
        ("撤回已联系", "enterprise.contacted"),
    ],
)
def test_a_kind_of_step_is_named(text: str, action: str) -> None:
    word, actions = words.named(text)
    assert action in actions if action else (word, actions) == ("", frozenset())


def test_a_word_does_not_name_its_opposite() -> None:
    assert words.named("撤回同意") == ("同意", {"duty.approved"})
    assert words.named("撤回不同意") == ("不同意", {"duty.rejected", "swap.declined"})
