"""Which messages to the bot are the gate's."""

from datetime import UTC, datetime

import pytest

from handlers.gate import orders
from handlers.language.types import Reading

SENT = datetime(2020, 2, 24, 14, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", " ", "。", ",\n;"])
def test_a_message_without_a_word_is_none_of_them(text):
    assert orders.read(Reading(addressed=True, text=text), SENT) is None


@pytest.mark.parametrize(
    ("text", "name", "order"),
    [
        ("卡口登记", "gate", "how"),
        ("进出情况 昨天", "gate", "figures"),
        ("异常名单", "gate", "exceptions"),
        ("处置 J3 劝返", "gate", "handle"),
        ("登记 进 张某 京A12345 36.5", "gate", "enter"),
        ("黄码 王某 劝返", "gate", "enter"),
        ("进村 张某 36.5", "gate", "enter"),
    ],
)
def test_its_own_words_open_a_message(text, name, order):
    found = orders.read(Reading(addressed=True, text=text), SENT)
    assert found is not None
    assert (found["name"], found["order"]) == (name, order)
