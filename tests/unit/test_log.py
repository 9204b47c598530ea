"""The log: an action on every event, and nothing in it that is a secret or a person's."""

import io
import json
import logging

import pytest
import structlog

from bot.log import MASK, configure, mask


@pytest.fixture
def stream():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    out = io.StringIO()
    configure("debug", json=True, stream=out)
    yield out
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def events(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_line_of_json_with_its_action(stream):
    structlog.get_logger("bot.inbox").info("message stored", action="inbox.stored", chat="wr1", count=3)
    (event,) = events(stream)
    assert event["event"] == "message stored"
    assert (event["action"], event["level"], event["logger"]) == ("inbox.stored", "info", "bot.inbox")
    assert (event["chat"], event["count"]) == ("wr1", 3)
    assert "timestamp" in event


def test_the_standard_library_logs_alike_and_says_that_it_names_no_action(stream):
    logging.getLogger("apscheduler").warning("job %s missed", "nightly")
    (event,) = events(stream)
    assert (event["event"], event["action"], event["level"]) == ("job nightly missed", "unnamed", "warning")


def test_the_level_holds(stream):
    configure("warning", json=True, stream=stream)
    structlog.get_logger("x").info("quiet", action="a")
    structlog.get_logger("x").warning("loud", action="a")
    assert [event["event"] for event in events(stream)] == ["loud"]


HIDDEN = [
    ("phone", "电话13800001234", "电话***1234"),
    ("phone with blanks", "138 0000 1234", "***1234"),
    ("phone with prefix", "+8613900005678", "***5678"),
    ("id number", "身份证11010120000101123X", "身份证***X"),
    ("webhook", "POST /cgi-bin/webhook/send?key=abc-def", "POST /cgi-bin/webhook/send?key=***"),
    ("token", "?access_token=abc&agentid=1", "?access_token=***&agentid=1"),
    ("signature", "?msg_signature=5c45ff&nonce=1", "?msg_signature=***&nonce=1"),
    ("mapping", "{'secret': 'abc', 'corpid': 'wx'}", "{'secret': '***', 'corpid': 'wx'}"),
    ("database", "postgresql://kakou:pw@host/name", "postgresql://kakou:***@host/name"),
]


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in HIDDEN], ids=[case[0] for case in HIDDEN])
def test_what_identifies_or_opens_is_hidden(text, expected):
    assert mask(text) == expected


@pytest.mark.parametrize(
    "text", ["C12 离岗 测温120人次", "msgid 3f2a13800001234b", "2020-02-24T22:00", "key is unknown"]
)
def test_everything_else_stays(text):
    assert mask(text) == text


def test_values_are_masked_wherever_they_hide(stream):
    structlog.get_logger("x").error(
        "failed for %s", "13800001234", action="a", token="abc", nested={"secret": "s", "list": ["13900001234"]},
        body="电话13700001234".encode(), phone=13800001234,
    )  # fmt: skip
    (event,) = events(stream)
    assert event["event"] == "failed for ***1234"
    assert event["token"] == MASK
    assert event["nested"] == {"secret": MASK, "list": ["***1234"]}
    assert event["body"] == "17 bytes"
    assert "1380000" not in stream.getvalue()


def fail():
    raise ValueError("cannot reach https://host/cgi-bin/webhook/send?key=abc-def for 13800001234")


def test_a_trace_is_masked_too(stream):
    try:
        fail()
    except ValueError:
        structlog.get_logger("x").exception("send failed", action="outbox.failed")
    assert "abc-def" not in stream.getvalue()
    assert "13800001234" not in stream.getvalue()
    assert "ValueError" in stream.getvalue()


def test_a_terminal_reads_lines_for_people():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    out = io.StringIO()
    configure("info", json=False, stream=out)
    structlog.get_logger("x").info("hello", action="a.b", phone="13800001234")
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()
    assert "hello" in out.getvalue()
    assert "13800001234" not in out.getvalue()


def test_libraries_tell_no_routine(stream):
    logging.getLogger("apscheduler.scheduler").info("Added job")
    logging.getLogger("aiohttp.access").info("GET /callback?msg_signature=abc")
    assert events(stream) == []
