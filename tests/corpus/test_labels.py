"""The labels of the corpus keep to the parse contract: keys of a kind, forms of a value, names that the text holds."""

import json
import re
import unicodedata
from datetime import datetime
from pathlib import Path

import pytest

FIELDS = {
    "check_in": "people post starts_at ends_at shift duty headcount by",
    "check_out": "people post starts_at ends_at hours shift duty headcount by",
    "work": "counts post",
    "patrol": "post at round ok finding",
    "returnee": "name gender phone id_number origin arrives_at arrived transport trip address district township"
    " community employer health symptoms temperature isolation companions",
    "health": "person phone_tail day temperatures normal symptoms",
    "verification": "person phone_tail ref outcome attempt arrives_at address employer health isolation transfer_to hand_over",
    "sign_up": "people phone extra vehicle",
    "withdraw": "people phone extra vehicle",
    "call_up": "needed place duty starts_at days deadline",
    "leave": "people at",
    "enterprise": "name opens_at staff returned dormitory canteen area_m2 shortages",
    "supply": "action party items",
    "undo": "ref",
    "correction": "ref person field value",
    "repeat": "people",
}
VALUES = {
    "shift": "day morning middle night",
    "duty": "gate nucleic antigen temperature disinfection delivery tracing door_sensor publicity counselling patrol"
    " ledger visit survey",
    "gender": "m f",
    "transport": "train plane car coach other",
    "health": "normal abnormal",
    "isolation": "home central none",
    "outcome": "verified no_answer refused unreachable wrong_region vague_address not_arrived",
    "action": "need received delivered",
}
COMMANDS = {"summary", "export", "pending", "missing", "roster", "help", "mine"}
MOMENTS = {"starts_at", "ends_at", "at", "arrives_at", "opens_at", "deadline"}
AS_WRITTEN = {"post", "address", "origin", "employer", "party", "trip", "transfer_to", "finding", "place", "name"}
FILES = sorted(Path(__file__).parent.glob("grown*.jsonl"))
LINES = [line for file in FILES for line in file.read_text(encoding="utf-8").splitlines()]


def flat(text):
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def checksum_holds(number):
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(d) * w for d, w in zip(number, weights, strict=False)) % 11] == number[17:]


def check_value(field, value, text, sender):
    if field in VALUES:
        assert value in VALUES[field].split(), value
    elif field in MOMENTS:
        assert re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d)?", value)
        datetime.fromisoformat(value)
    elif field == "phone":
        assert re.fullmatch(r"1\d{10}", value)
        assert value in text.replace("-", "")
    elif field == "id_number":
        assert checksum_holds(value)
    elif field in AS_WRITTEN:
        assert flat(value) in text
    elif field in ("people", "person"):
        people = [value] if field == "person" else value
        assert people
        assert all(person == sender or flat(person) in text for person in people)
    elif field in ("counts", "items", "shortages"):
        assert all(flat(count["item"]) in text and count.get("unit", "") in text for count in value)


@pytest.mark.parametrize("line", LINES, ids=lambda line: json.loads(line)["id"])
def test_label_keeps_to_the_contract(line):
    message = json.loads(line)
    text = flat(message["text"])
    for record in message["gold"]["records"]:
        kind = record["kind"]
        assert set(record) - {"kind"} <= set(FIELDS[kind].split())
        for field, value in record.items():
            check_value(field, value, text, message["sender"])
    command = message["gold"]["command"]
    assert command is None or command["name"] in COMMANDS


def test_ids_and_texts_are_unique():
    messages = [json.loads(line) for line in LINES]
    assert len({message["id"] for message in messages}) == len(messages)
    assert len({(message["text"], message["sender"]) for message in messages}) == len(messages)
