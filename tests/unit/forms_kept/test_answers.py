"""Which messages answer the question about an entry, and which are something else."""

from typing import Any

import pytest

from handlers.form_books.answers import COMMAND, answering, is_answer
from handlers.language.form_spec import Entry
from handlers.language.types import Question, Reading, Record
from storage.tables import PendingQuestion

NUMBER = {
    "form": "f",
    "entry": "M1",
    "type": "number",
    "keys": ["households"],
    "labels": ["户数", "总户数"],
    "units": ["户"],
}
PERSON = {**NUMBER, "type": "person", "labels": ["楼长"], "units": []}
BUILDING = {**NUMBER, "type": "building", "labels": ["楼号"], "units": []}
DAY = {**NUMBER, "type": "date", "labels": ["日期"], "units": []}


@pytest.mark.parametrize(
    ("asked", "text", "reads", "answers"),
    [
        (NUMBER, "96户", False, True),
        (NUMBER, "96", True, True),
        (NUMBER, "大概九十六户左右", False, True),
        (NUMBER, "总户数是96户", True, True),
        (NUMBER, "户数还不知道", False, False),
        (NUMBER, "测温96人次", True, False),
        (NUMBER, "96人次", False, False),
        (NUMBER, "明天再说", False, False),
        (NUMBER, "多少户？", False, False),
        (NUMBER, "好的96户", False, False),
        (PERSON, "王小明", False, True),
        (PERSON, "王小明", True, False),
        (PERSON, "楼长王小明", True, True),
        (PERSON, "谢谢", False, False),
        (PERSON, "/汇总", False, False),
        (DAY, "2月25日", False, True),
        (DAY, "更正 W1 完成改为5户", False, False),
        (BUILDING, "16栋", False, True),
        (BUILDING, "更正 W4 完成改为85户", False, False),
        (BUILDING, "东门", False, False),
        (DAY, "一" * 61, False, False),
    ],
)
def test_answers_are_known(asked: dict[str, Any], text: str, *, reads: bool, answers: bool) -> None:
    assert is_answer(asked, text, reads=reads) is answers


def pending(kind: str = "form") -> PendingQuestion:
    return PendingQuestion(chat="g", sender="a", kind=kind, field="households", understood=NUMBER, ref="W1", text="")


def test_an_answer_takes_the_place_of_the_work_that_it_looked_like() -> None:
    reading = Reading((Record("work", {"counts": []}),), addressed=True, text="96户", question=Question("work", "x"))
    assert answering(reading, pending()).command == {
        "name": COMMAND,
        "ref": "W1",
        "field": "households",
        "text": "96户",
        "form": "f",
        "entry": "M1",
    }
    assert answering(reading, pending()).records == ()


def test_words_that_open_the_form_may_answer_too() -> None:
    entry = Entry("f", {"households": 96})
    assert answering(Reading((Record("work", entries=(entry,)),), text="户数96户"), pending()).command
    other = Entry("f", {"households": 96, "done": 5})
    for strange in (other, Entry("g", {"households": 96})):
        assert answering(Reading((Record("work", entries=(strange,)),), text="户数96户"), pending()).command is None


@pytest.mark.parametrize(
    ("reading", "asked"),
    [
        (Reading((), text="96户"), None),
        (Reading((), text="96户"), pending("check_in")),
        (Reading((), {"name": "summary"}, text="96户"), pending()),
        (Reading((Record("check_in"),), text="96户"), pending()),
    ],
)
def test_anything_else_stays_what_it_is(reading: Reading, asked: PendingQuestion | None) -> None:
    assert answering(reading, asked) is reading
