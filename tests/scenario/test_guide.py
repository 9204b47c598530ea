"""The dialogues of the guide are played as they stand there."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.support.dialogue import ZONE, Dialogue, Stage, dialogues, play
from tests.support.duty_world import TOWN_CHATS, VILLAGE

GUIDE = Path(__file__).parents[2] / "docs" / "guide.zh-CN.md"
FOUND = list(dialogues(GUIDE))


def test_there_is_a_dialogue_for_everything_about_duty_and_calls() -> None:
    assert len(FOUND) >= 13


@pytest.mark.parametrize("dialogue", FOUND, ids=[f"{number}-{d.title}" for number, d in enumerate(FOUND)])
async def test_a_dialogue_of_the_guide(dialogue: Dialogue, tmp_path: Path) -> None:
    async with Stage(tmp_path, datetime(2020, 2, 23, 7, 0, tzinfo=ZONE), VILLAGE, TOWN_CHATS) as stage:
        await play(stage, dialogue)
