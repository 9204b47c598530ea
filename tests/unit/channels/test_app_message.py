import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.channels import app_message
from bot.channels.app_message import AppIdentity
from bot.channels.base import Incoming
from bot.errors import Rejected
from tests.support.platform import CORP

ZONE = ZoneInfo("Asia/Shanghai")
IDENTITY = AppIdentity(CORP, 218)


def xml(inner: str, *, head: str = "", msgid: str = "4561255354251345929", agent: str = "218") -> str:
    head = (
        head
        or f"<ToUserName>{CORP}</ToUserName><FromUserName>wang.fang</FromUserName><CreateTime>1582502400</CreateTime>"
    )
    msgid = f"<MsgId>{msgid}</MsgId>" if msgid else ""
    agent = f"<AgentID>{agent}</AgentID>" if agent else ""
    return f"<xml>{head}{inner}{msgid}{agent}</xml>"


BASE = Incoming(
    channel="app",
    key="app|wang.fang|4561255354251345929",
    chat="wang.fang",
    chat_type="single",
    sender="wang.fang",
    kind="text",
    raw=b"",
    sent_at=datetime(2020, 2, 24, 8, tzinfo=ZONE),
    extra={"agent_id": "218"},
)
MESSAGES: list[tuple[str, str, dict[str, Any]]] = [
    (
        "text",
        xml("<MsgType>text</MsgType><Content><![CDATA[到岗 <北门> & 南门]]></Content>"),
        {"text": "到岗 <北门> & 南门"},
    ),
    (
        "image",
        xml("<MsgType>image</MsgType><PicUrl>u</PicUrl><MediaId>M</MediaId>"),
        {"kind": "image", "media": ("M",)},
    ),
    (
        "voice",
        xml("<MsgType>voice</MsgType><MediaId>M</MediaId><Format>amr</Format><Recognition>我到了</Recognition>"),
        {"kind": "voice", "media": ("M",), "text": "我到了"},
    ),
    ("video", xml("<MsgType>video</MsgType><MediaId>M</MediaId>"), {"kind": "video", "media": ("M",)}),
    (
        "location",
        xml(
            "<MsgType>location</MsgType><Location_X>40.1</Location_X><Location_Y>117.1</Location_Y><Label>北门</Label>"
        ),
        {"kind": "other", "text": "北门", "extra": {"agent_id": "218", "latitude": "40.1", "longitude": "117.1"}},
    ),
    (
        "link",
        xml("<MsgType>link</MsgType><Title>题</Title><Description>述</Description><Url>https://example.org</Url>"),
        {"kind": "other", "text": "题\n述\nhttps://example.org"},
    ),
    ("a type of tomorrow", xml("<MsgType>hologram</MsgType>"), {"kind": "other"}),
    ("empty content", xml("<MsgType>text</MsgType><Content></Content>"), {}),
    ("content of an odd type", xml("<MsgType>text</MsgType><Content><b>x</b></Content>"), {}),
    ("content twice", xml("<MsgType>text</MsgType><Content>a</Content><Content>b</Content>"), {}),
    ("a control character", xml("<MsgType>text</MsgType><Content>到\x08岗</Content>"), {"text": "到岗"}),
    (
        "a time that is none",
        xml("<MsgType>text</MsgType>", head=f"<ToUserName>{CORP}</ToUserName><FromUserName>wang.fang</FromUserName>"),
        {"sent_at": None},
    ),
]


@pytest.mark.parametrize(("body", "fields"), [row[1:] for row in MESSAGES], ids=[row[0] for row in MESSAGES])
def test_a_body_becomes_a_message(body: str, fields: dict[str, Any]) -> None:
    raw = body.encode()
    assert app_message.parse("app", raw, IDENTITY, ZONE) == replace(BASE, raw=raw, **fields)


EVENTS = [
    ("enter_agent", "<Event>enter_agent</Event><EventKey></EventKey>", "218", {"agent_id": "218"}),
    ("click", "<Event>click</Event><EventKey>K1</EventKey>", "218", {"agent_id": "218", "event_key": "K1"}),
    (
        "template_card_event",
        "<Event>template_card_event</Event><TaskId>T</TaskId>",
        "218",
        {"agent_id": "218", "task_id": "T"},
    ),
    ("batch_job_result", "<Event>batch_job_result</Event>", "", {}),
]


@pytest.mark.parametrize(("event", "inner", "agent", "extra"), EVENTS, ids=[row[0] for row in EVENTS])
def test_an_event_is_keyed_by_its_body(event: str, inner: str, agent: str, extra: dict[str, str]) -> None:
    raw = xml(f"<MsgType>event</MsgType>{inner}", msgid="", agent=agent).encode()
    incoming = app_message.parse("app", raw, IDENTITY, ZONE)
    key = f"app|wang.fang|sha256:{hashlib.sha256(raw).hexdigest()}"
    assert incoming == replace(BASE, raw=raw, key=key, kind="event", event=event, extra=extra)


def test_two_events_of_one_second_have_two_keys() -> None:
    bodies = [xml(f"<MsgType>event</MsgType><Event>click</Event><EventKey>{key}</EventKey>", msgid="") for key in "ab"]
    messages = [app_message.parse("app", body.encode(), IDENTITY, ZONE) for body in bodies]
    assert len({message.key for message in messages if message}) == 2


def test_the_platforms_own_messages_are_dropped() -> None:
    head = f"<ToUserName>{CORP}</ToUserName><FromUserName>sys</FromUserName>"
    raw = xml("<MsgType>event</MsgType><Event>batch_job_result</Event>", head=head, msgid="", agent="")
    assert app_message.parse("app", raw.encode(), IDENTITY, ZONE) is None


def test_agent_id_0_lets_every_app_of_the_corp_in() -> None:
    assert (
        app_message.parse("app", xml("<MsgType>text</MsgType>", agent="9").encode(), AppIdentity(CORP), ZONE)
        is not None
    )


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><xml><MsgType>&b;</MsgType></xml>'
FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><xml><MsgType>&a;</MsgType></xml>'
REFUSED: list[tuple[str, bytes, str]] = [
    ("empty", b"", "xml"),
    ("not XML", b"{}", "xml"),
    ("another root", b"<html/>", "xml"),
    ("no type", b"<xml><a/></xml>", "xml"),
    ("a root with text alone", b"<xml>hello</xml>", "xml"),
    ("type with children", xml("<MsgType><a/></MsgType>").encode(), "xml"),
    ("event without a name", xml("<MsgType>event</MsgType>").encode(), "xml"),
    ("not closed", xml("<MsgType>text</MsgType>").encode()[:-3], "xml"),
    ("not UTF-8", b"<xml>\xff</xml>", "encoding"),
    ("entities that multiply", BOMB.encode(), "xml"),
    ("an entity from a file", FILE.encode(), "xml"),
    ("no corp", xml("<MsgType>text</MsgType>", head="<FromUserName>a</FromUserName>").encode(), "corp"),
    ("another corp", xml("<MsgType>text</MsgType>", head="<ToUserName>wxOTHER</ToUserName>").encode(), "corp"),
    ("corp twice", xml(f"<MsgType>text</MsgType><ToUserName>{CORP}</ToUserName>").encode(), "odd corp"),
    ("another agent", xml("<MsgType>text</MsgType>", agent="219").encode(), "agent"),
    ("no agent", xml("<MsgType>text</MsgType>", agent="").encode(), "agent"),
    ("an event of another agent", xml("<MsgType>event</MsgType><Event>click</Event>", agent="219").encode(), "agent"),
    ("no sender", xml("<MsgType>text</MsgType>", head=f"<ToUserName>{CORP}</ToUserName>").encode(), "no sender"),
    ("sender twice", xml("<MsgType>text</MsgType><FromUserName>b</FromUserName>").encode(), "odd sender"),
    ("msgid with children", xml("<MsgType>text</MsgType>", msgid="<a/>").encode(), "odd msgid"),
]


@pytest.mark.parametrize(("raw", "reason"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_body_that_is_not_ours_is_refused(raw: bytes, reason: str) -> None:
    with pytest.raises(Rejected) as caught:
        app_message.parse("app", raw, IDENTITY, ZONE)
    assert caught.value.reason == reason
    assert 400 <= caught.value.status < 500
