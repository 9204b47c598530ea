import hashlib
import json
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.channels import aibot
from bot.channels.base import Incoming
from bot.errors import Rejected

ZONE = ZoneInfo("Asia/Shanghai")
GROUP = {
    "msgid": "CAIQ16HMjQYY/NGagIOAgAMgq4KM0AI=",
    "aibotid": "AIBOTID",
    "chatid": "wrkCHAT",
    "chattype": "group",
    "from": {"userid": "wang.fang"},
    "response_url": "https://qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code=x",
}
SINGLE = {name: value for name, value in GROUP.items() if name != "chatid"} | {"chattype": "single"}
TEXT = {"msgtype": "text", "text": {"content": "@小站 到岗"}}


def _incoming(body: dict[str, Any], **fields: Any) -> Incoming:
    group = Incoming(
        channel="main",
        key=f"main|wang.fang|{GROUP['msgid']}",
        chat="wrkCHAT",
        chat_type="group",
        sender="wang.fang",
        kind="text",
        raw=json.dumps(body).encode(),
        response_url=str(GROUP["response_url"]),
        extra={"aibotid": "AIBOTID"},
    )
    return replace(group, **fields)


ALONE: dict[str, Any] = {"chat": "wang.fang", "chat_type": "single"}
URL = "https://example.org/f?sig=1"
MESSAGES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("text in a group", GROUP | TEXT, {"text": "@小站 到岗"}),
    ("text alone", SINGLE | TEXT, ALONE | {"text": "@小站 到岗"}),
    (
        "voice",
        SINGLE | {"msgtype": "voice", "voice": {"content": "我到了"}},
        ALONE | {"kind": "voice", "text": "我到了"},
    ),
    ("image", SINGLE | {"msgtype": "image", "image": {"url": URL}}, ALONE | {"kind": "image", "media": (URL,)}),
    ("file", SINGLE | {"msgtype": "file", "file": {"url": URL}}, ALONE | {"kind": "file", "media": (URL,)}),
    ("video", SINGLE | {"msgtype": "video", "video": {"url": URL}}, ALONE | {"kind": "video", "media": (URL,)}),
    (
        "mixed",
        GROUP
        | {
            "msgtype": "mixed",
            "mixed": {
                "msg_item": [
                    {"msgtype": "text", "text": {"content": "@小站 巡查"}},
                    {"msgtype": "image", "image": {"url": URL}},
                    {"msgtype": "text", "text": {"content": "一切正常"}},
                    {"msgtype": "image", "image": {"url": URL + "2"}},
                ]
            },
        },
        {"kind": "mixed", "text": "@小站 巡查\n一切正常", "media": (URL, URL + "2")},
    ),
    (
        "quoted text",
        GROUP | TEXT | {"quote": {"msgtype": "text", "text": {"content": "昨天的表"}}},
        {"text": "@小站 到岗", "quote": "昨天的表", "extra": {"aibotid": "AIBOTID", "quote_type": "text"}},
    ),
    (
        "quoted file",
        GROUP | TEXT | {"quote": {"msgtype": "file", "file": {"url": URL}}},
        {"text": "@小站 到岗", "media": (URL,), "extra": {"aibotid": "AIBOTID", "quote_type": "file"}},
    ),
    (
        "quoted mixed",
        GROUP
        | TEXT
        | {"quote": {"msgtype": "mixed", "mixed": {"msg_item": [{"msgtype": "text", "text": {"content": "一"}}]}}},
        {"text": "@小站 到岗", "quote": "一", "extra": {"aibotid": "AIBOTID", "quote_type": "mixed"}},
    ),
    (
        "image of the long connection",
        SINGLE | {"msgtype": "image", "image": {"url": URL, "aeskey": "QUJD"}},
        ALONE | {"kind": "image", "media": (URL,), "extra": {"aibotid": "AIBOTID", "media_keys": ("QUJD",)}},
    ),
    (
        "enter_chat",
        SINGLE | {"msgtype": "event", "create_time": 1582502400, "event": {"eventtype": "enter_chat"}},
        ALONE | {"kind": "event", "event": "enter_chat", "sent_at": datetime(2020, 2, 24, 8, tzinfo=ZONE)},
    ),
    (
        "card event",
        SINGLE
        | {
            "msgtype": "event",
            "event": {
                "eventtype": "template_card_event",
                "template_card_event": {"card_type": "button_interaction", "event_key": "yes", "task_id": "t1"},
            },
        },
        ALONE
        | {
            "kind": "event",
            "event": "template_card_event",
            "extra": {"aibotid": "AIBOTID", "card_type": "button_interaction", "event_key": "yes", "task_id": "t1"},
        },
    ),
    ("a type of tomorrow", GROUP | {"msgtype": "hologram", "hologram": {"content": "?"}}, {"kind": "other"}),
    ("no type", GROUP, {"kind": "other"}),
    ("text of an odd type", GROUP | {"msgtype": "text", "text": ["到岗"]}, {}),
    ("content of an odd type", GROUP | {"msgtype": "text", "text": {"content": 7}}, {}),
    ("mixed without a list", GROUP | {"msgtype": "mixed", "mixed": {"msg_item": {"a": 1}}}, {"kind": "mixed"}),
    (
        "mixed with odd parts",
        GROUP | {"msgtype": "mixed", "mixed": {"msg_item": [1, None, {"msgtype": []}]}},
        {"kind": "mixed"},
    ),
    ("type of an odd type", GROUP | {"msgtype": {"a": 1}}, {"kind": "other"}),
    ("quote of an odd type", GROUP | TEXT | {"quote": "x"}, {"text": "@小站 到岗"}),
    (
        "NUL and half a character",
        GROUP | {"msgtype": "text", "text": {"content": "到\x00岗\ud83d"}},
        {"text": "到岗\ufffd"},
    ),
    ("no chat type, a chat", {k: v for k, v in (GROUP | TEXT).items() if k != "chattype"}, {"text": "@小站 到岗"}),
    ("odd chat type", SINGLE | TEXT | {"chattype": ["group"]}, ALONE | {"text": "@小站 到岗"}),
    ("a number for a msgid", GROUP | TEXT | {"msgid": 12}, {"text": "@小站 到岗", "key": "main|wang.fang|12"}),
    ("a time beyond the calendar", GROUP | TEXT | {"create_time": 999999999999}, {"text": "@小站 到岗"}),
    ("a time that is none", GROUP | TEXT | {"create_time": "soon"}, {"text": "@小站 到岗"}),
]


@pytest.mark.parametrize(("body", "fields"), [row[1:] for row in MESSAGES], ids=[row[0] for row in MESSAGES])
def test_a_body_becomes_a_message(body: dict[str, Any], fields: dict[str, Any]) -> None:
    assert aibot.parse("main", json.dumps(body).encode(), ZONE) == _incoming(body, **fields)


@pytest.mark.parametrize("msgid", [None, ""])
def test_without_a_msgid_the_body_is_the_key(msgid: str | None) -> None:
    raw = json.dumps(GROUP | TEXT | {"msgid": msgid}).encode()
    incoming = aibot.parse("main", raw, ZONE)
    assert incoming is not None
    assert incoming.key == f"main|wang.fang|sha256:{hashlib.sha256(raw).hexdigest()}"


def test_an_event_may_have_no_sender() -> None:
    raw = b'{"msgid":"m","msgtype":"event","event":{"eventtype":"disconnected_event"}}'
    incoming = aibot.parse("main", raw, ZONE)
    assert incoming is not None
    assert (incoming.key, incoming.event) == ("main||m", "disconnected_event")


@pytest.mark.parametrize(
    "body", [SINGLE | {"msgtype": "stream", "stream": {"id": "S"}}, GROUP | TEXT | {"from": {"userid": "sys"}}]
)
def test_what_is_nobodys_message_is_dropped(body: dict[str, Any]) -> None:
    assert aibot.parse("main", json.dumps(body).encode(), ZONE) is None


REFUSED: list[tuple[str, bytes, str]] = [
    ("empty", b"", "json"),
    ("not JSON", b"<xml/>", "json"),
    ("a list", b"[]", "json"),
    ("not UTF-8", b'{"a":"\xff"}', "encoding"),
    ("nested beyond reason", b"[" * 200_000, "json"),
    ("a number without end", b'{"msgid":' + b"9" * 5000 + b"}", "json"),
    ("no sender", json.dumps(TEXT).encode(), "no sender"),
    ("sender of an odd type", json.dumps(GROUP | TEXT | {"from": {"userid": ["a"]}}).encode(), "odd sender"),
    ("from of an odd type", json.dumps(GROUP | TEXT | {"from": "wang"}).encode(), "no sender"),
    ("sender with a line end", json.dumps(GROUP | TEXT | {"from": {"userid": "a\nb"}}).encode(), "odd sender"),
    ("sender with half a character", b'{"from":{"userid":"\\ud800"},"msgtype":"text"}', "odd sender"),
    ("msgid of an odd type", json.dumps(GROUP | TEXT | {"msgid": {}}).encode(), "odd msgid"),
    ("msgid too long", json.dumps(GROUP | TEXT | {"msgid": "x" * 257}).encode(), "odd msgid"),
    ("msgid true", json.dumps(GROUP | TEXT | {"msgid": True}).encode(), "odd msgid"),
    ("group without a chat", json.dumps(SINGLE | TEXT | {"chattype": "group"}).encode(), "no chat"),
]


@pytest.mark.parametrize(("raw", "reason"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_body_without_identity_is_refused(raw: bytes, reason: str) -> None:
    with pytest.raises(Rejected) as caught:
        aibot.parse("main", raw, ZONE)
    assert (caught.value.reason, caught.value.status) == (reason, 400)


def test_raw_control_characters_are_let_through() -> None:
    raw = b'{"msgid":"m","from":{"userid":"u"},"msgtype":"text","text":{"content":"a\nb"}}'
    incoming = aibot.parse("main", raw, ZONE)
    assert incoming is not None
    assert incoming.text == "a\nb"
