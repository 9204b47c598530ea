"""The guide for volunteers, tried as a newcomer would: every example of its chapter on returnees is understood."""

import re
from datetime import date
from pathlib import Path

import pytest

from tests.support.town import LEAD, TOWN, VOLUNTEERS, Person, Town, at

GUIDE = Path(__file__).parents[2] / "docs" / "guide.zh-CN.md"
PEOPLE = [Person(n, "self00" if n == 0 else "") for n in range(6)]
LOST = ("没处理好", "还差", "没看懂", "没找到您最近", "不知道您")
"""What the bot says to words that it does not understand."""
ALONE = re.compile(r"健康打卡 3|同昨天|健康打卡 第")


def chapter() -> str:
    text = GUIDE.read_text(encoding="utf-8")
    return text[text.index("<!-- 返京人员：") : text.index("<!-- /返京人员 -->")]


def examples() -> list[str]:
    """What stands between back quotes and may be sent as it is."""
    found = re.findall(r"(?<!`)`([^`\n]+)`(?!`)", chapter())
    said = [one for one in found if not one.startswith("#") and "." not in one[:4]]
    return list(dict.fromkeys(said))


async def test_the_form_of_the_guide_registers(tmp_path: Path) -> None:
    town = Town(tmp_path, PEOPLE, at(date(2020, 2, 23), "09:00"))
    await town.start()
    try:
        form = re.search(r"```\n(返京登记.*?)```", chapter(), re.DOTALL)
        assert form is not None
        reply = await town.say("self00", "", form[1].strip())
        assert "信息齐了" in reply
        assert "2月24日是第1天" in reply
        assert "3月9日零点解除" in reply
    finally:
        await town.stop()


@pytest.mark.parametrize("part", range(3))
async def test_every_example_is_understood(tmp_path: Path, part: int) -> None:
    town = Town(tmp_path, PEOPLE, at(date(2020, 2, 23), "09:00"))
    await town.start()
    try:
        await town.say("self00", "", PEOPLE[0].form("2月23日"))
        for one in PEOPLE[1:]:
            await town.say(VOLUNTEERS[0], TOWN, one.form("2月23日"))
        for said in examples()[part::3]:
            words = said.replace("R58", "R2").replace("R59", "R3").replace("R61", "R4").replace("V12", "V1")
            alone = ALONE.match(words) is not None
            reply = await town.say("self00" if alone else LEAD, "" if alone else TOWN, words)
            assert reply, f"nothing is said to {said!r}"
            assert not any(word in reply for word in LOST), (said, reply)
    finally:
        await town.stop()
