"""`kakou parse`: JSON Lines in, JSON Lines out."""

import json
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, TextIO

from handlers.language.form_book import FormBook
from handlers.language.read import read
from handlers.language.types import Message, Reading

_LOCAL = timezone(timedelta(hours=8))


def run(stdin: TextIO, stdout: TextIO, explain: bool = False, forms: FormBook | None = None) -> None:  # noqa: FBT001, FBT002 - the command line passes its flag on
    """Read messages of the parse contract from `stdin`, write one line for each to `stdout`; with `explain`,
    for people. `forms` are those to hold messages against, if not the ones that come with the program.
    """
    for line in stdin:
        if not line.strip():
            continue
        if explain:
            from handlers.language.explain import explain_line  # noqa: PLC0415 - colour is loaded only where it is wanted

            explain_line(line, stdout, forms)
        else:
            stdout.write(json.dumps(answer(line, forms), ensure_ascii=False, separators=(",", ":")) + "\n")
            stdout.flush()


def answer(line: str, forms: FormBook | None = None) -> dict[str, Any]:
    """The output of one input line; a line that is no message of the contract gets `_error`."""
    given = parse_line(line)
    if isinstance(given, str):
        return _failed(None, given)
    message = message_of(given, forms)
    return (
        _failed(given.get("id"), message)
        if isinstance(message, str)
        else {"id": given.get("id"), **as_json(read(message))}
    )


def parse_line(line: str) -> dict[str, Any] | str:
    """The object on an input line, or what is wrong with it."""
    try:
        given = json.loads(line)
    except (ValueError, RecursionError) as error:
        return f"不是一行 JSON: {error}"
    return given if isinstance(given, dict) else "每行应是一个 JSON 对象"


def message_of(given: Mapping[str, Any], forms: FormBook | None = None) -> Message | str:
    """The message of an input line, or what is wrong with it."""
    text, sent = given.get("text"), given.get("sent_at")
    if not isinstance(text, str):
        return "缺少 text, 或不是字符串"
    if not isinstance(sent, str):
        return "缺少 sent_at, 例如 2020-02-23T21:58:00+08:00"
    try:
        sent_at = datetime.fromisoformat(sent)
    except ValueError:
        return f"sent_at 不是时间: {sent}"
    sent_at = sent_at.replace(tzinfo=_LOCAL) if sent_at.tzinfo is None else sent_at
    names = given.get("bot_names")
    return Message(
        text=text,
        sent_at=sent_at,
        sender=str(given.get("sender") or ""),
        place=given.get("place") if isinstance(given.get("place"), str) else None,
        chat_type="single" if given.get("chat_type") == "single" else "group",
        bot_names=tuple(map(str, names)) if isinstance(names, list) and names else ("小站",),
        roster=frozenset(map(str, given.get("roster") or ())) if isinstance(given.get("roster"), list) else frozenset(),
        forms=forms,
    )


def as_json(reading: Reading) -> dict[str, Any]:
    """A reading in the contract's form; keys with `_` are extras."""
    found: dict[str, Any] = {"records": [_record(record) for record in reading.records], "command": reading.command}
    if reading.question:
        question = reading.question
        found["_question"] = {"kind": question.kind, "field": question.field}
    if reading.unread:
        found["_unread"] = reading.unread
    return found


def _record(record: Any) -> dict[str, Any]:
    fields: dict[str, Any] = record.as_json()
    if record.problems:
        fields["_problems"] = list(record.problems)
    if record.entries:
        entries = [entry.as_json() for entry in record.entries]
        fields["_form"] = record.form
        fields.update({"_entry": entries[0]} if len(entries) == 1 else {"_entries": entries})
    return fields


def _failed(identity: object, hint: str) -> dict[str, Any]:
    return {"id": identity, "records": [], "command": None, "_error": hint}


if __name__ == "__main__":
    run(sys.stdin, sys.stdout, explain="--explain" in sys.argv)
