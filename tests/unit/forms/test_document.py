"""docs/forms.md says what the program does: every key is explained, the example loads, its messages are read."""

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from handlers.forms import load
from handlers.forms.schema import FIELD, FIGURE, FORM
from handlers.language import read
from handlers.language.form_book import book_of
from handlers.language.form_spec import FIELD_TYPES, KINDS, MEASURES, PARTS, ROLES, FormSpec
from handlers.language.types import Message
from handlers.rights import ROLES as RANKED

DOCUMENT = (Path(__file__).parents[3] / "docs/forms.md").read_text(encoding="utf-8")
FENCES = re.findall(r"^```(\w*)\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
SENT = datetime(2022, 11, 21, 21, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def example() -> FormSpec:
    text = next(body for language, body in FENCES if language == "toml" and "[[fields]]" in body)
    loaded = load(text, "docs/forms.md")
    assert isinstance(loaded, FormSpec), loaded
    return loaded


@pytest.mark.parametrize("key", sorted({*FORM, *FIELD, *FIGURE, *FIELD_TYPES, *KINDS, *MEASURES, *PARTS, *ROLES}))
def test_every_key_and_word_is_explained(key: str) -> None:
    assert f"`{key}`" in DOCUMENT


def test_the_example_uses_every_key_that_most_forms_need() -> None:
    form = example()
    assert (form.name, form.kind, form.identity) == ("medicine", "work", ("elder", "address"))


def test_the_messages_below_the_example_are_one_entry() -> None:
    messages = next(body for language, body in FENCES if not language and "王奶奶" in body).splitlines()
    found = []
    for text in messages:
        (record,) = read(Message(text, SENT, "李明", forms=book_of((example(),)))).records
        found += [dict(entry.values) for entry in record.entries]
    assert found == [found[0]] * 3
    assert found[0] == {
        "elder": "王奶奶", "address": "3号楼2单元501", "medicine": "降压药", "count": 2, "carrier": "李明",
        "delivered": True,
    }  # fmt: skip


def test_an_incomplete_message_is_asked_about() -> None:
    (record,) = read(Message("代买药 王奶奶 已送达", SENT, "李明", forms=book_of((example(),)))).records
    assert record.entries[0].missing == ("medicine",)


def test_roles_are_those_of_the_rights() -> None:
    assert set(ROLES) == {"volunteer", *RANKED}
