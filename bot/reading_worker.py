"""The language in a process of its own, for bursts: `python -m bot.reading_worker`, started by `bot.second_core`."""

from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import Any

from bot.second_core import SecondCore, Travel, serve
from handlers.language import Message, Reading, warm_up
from handlers.language.form_book import book_of
from handlers.language.form_spec import FormSpec
from handlers.language.types import Record
from handlers.understanding import unasked

FORMS = "forms"
"""The field of a message that is the same for all of them: the helper has it from the beginning."""
_MESSAGE = [field.name for field in fields(Message) if field.name != FORMS]
_RECORD = [field.name for field in fields(Record)]
_READING = [field.name for field in fields(Reading) if field.name != "records"]
_of_message, _of_record, _of_reading = attrgetter(*_MESSAGE), attrgetter(*_RECORD), attrgetter(*_READING)


def readers(forms: tuple[FormSpec, ...] | None) -> SecondCore[Message, Reading]:
    """A second core that reads messages, all of them with these forms; None: those of the program."""
    return SecondCore(unasked, "bot.reading_worker", Travel(forms, _of_message, _reading))


def _reading(packed: Any) -> Reading:
    records, values = packed
    return Reading(tuple(Record(*record) for record in records), **dict(zip(_READING, values, strict=True)))


def _reader(forms: tuple[FormSpec, ...] | None) -> Callable[[Any], Any]:
    book = None if forms is None else book_of(forms)

    def read_packed(packed: Any) -> Any:
        reading = unasked(Message(**dict(zip(_MESSAGE, packed, strict=True)), forms=book))
        return [_of_record(record) for record in reading.records], _of_reading(reading)

    return read_packed


if __name__ == "__main__":
    warm_up()
    serve(_reader)
