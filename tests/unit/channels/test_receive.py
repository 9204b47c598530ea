"""Requests as they arrive, for both callback channels: what is let in, what is refused, in which order it is checked."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.aibot_callback import AibotCallback
from bot.channels.app_callback import AppCallback
from bot.channels.app_message import AppIdentity
from bot.channels.base import Incoming
from bot.channels.crypto import Crypto
from bot.channels.wecom_api import WeComApi
from bot.errors import Rejected
from tests.support.platform import AES_KEY, CORP, TOKEN, Platform, signature, xml_envelope

NOW = datetime(2020, 2, 24, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
BODY = {"msgid": "M1", "from": {"userid": "wang.fang"}, "chatid": "wrk1", "chattype": "group", "msgtype": "text"}
BODY_JSON = BODY | {"text": {"content": "@小站 到岗"}}
BODY_XML = (
    f"<xml><ToUserName>{CORP}</ToUserName><FromUserName>wang.fang</FromUserName><CreateTime>1582502400</CreateTime>"
    "<MsgType>text</MsgType><Content>到岗</Content><MsgId>M1</MsgId><AgentID>218</AgentID></xml>"
)
Request = tuple[dict[str, str], bytes]


def _never() -> Any:
    raise AssertionError("receiving asks nobody")


AIBOT_SIDE, APP_SIDE = Platform(""), Platform(CORP)
AIBOT = AibotCallback("main", "/callback/main", Crypto(TOKEN, AES_KEY), WeComApi(_never))
APP = AppCallback("app", "/callback/app", Crypto(TOKEN, AES_KEY, CORP), AppIdentity(CORP, 218))


def aibot_request(now: datetime = NOW, **how: Any) -> Request:
    return AIBOT_SIDE.json_post(how.pop("body", BODY_JSON), now, **how)


def app_request(now: datetime = NOW, **how: Any) -> Request:
    return APP_SIDE.xml_post(how.pop("body", BODY_XML), now, **how)


CHANNELS = [pytest.param(AIBOT, aibot_request, id="aibot"), pytest.param(APP, app_request, id="app")]
both = pytest.mark.parametrize(("channel", "make"), CHANNELS)
Channel = AibotCallback | AppCallback
Make = Callable[..., Request]


def refusal(channel: Channel, query: Mapping[str, str], body: bytes, now: datetime = NOW) -> tuple[str, int]:
    with pytest.raises(Rejected) as caught:
        channel.receive(query, body, now)
    return caught.value.reason, caught.value.status


@both
def test_a_right_message_is_let_in(channel: Channel, make: Make) -> None:
    incoming = channel.receive(*make(), NOW)
    assert incoming is not None
    assert incoming.key == f"{channel.name}|wang.fang|M1"
    assert incoming.text.endswith("到岗")


@both
def test_the_same_message_again_has_the_same_key_also_with_a_new_nonce(channel: Channel, make: Make) -> None:
    later = NOW + timedelta(seconds=5)
    requests = [make(), make(), make(later, nonce="other")]
    keys = {incoming.key for request in requests if (incoming := channel.receive(*request, later))}
    assert len(keys) == 1


@both
@pytest.mark.parametrize("name", ["msg_signature", "timestamp", "nonce"])
@pytest.mark.parametrize("value", [None, "", "x", "0", "卡", "\ud800", "1" * 5000])
def test_a_query_that_was_changed_is_refused(channel: Channel, make: Make, name: str, value: str | None) -> None:
    query, body = make()
    changed = {key: old for key, old in query.items() if key != name} | ({} if value is None else {name: value})
    reason, status = refusal(channel, changed, body)
    assert (reason, status) == ((f"no {name}", 400) if not value else ("signature", 403))


@both
def test_a_signature_in_capitals_is_refused(channel: Channel, make: Make) -> None:
    query, body = make()
    assert refusal(channel, query | {"msg_signature": query["msg_signature"].upper()}, body) == ("signature", 403)


@both
def test_every_changed_byte_of_the_ciphertext_is_refused(channel: Channel, make: Make) -> None:
    query, body = make()
    start = body.index(b"CDATA[", body.index(b"<Encrypt>")) + 6 if b"<xml>" in body else body.index(b': "') + 3
    for place in range(start, body.index(b"]]></Encrypt" if b"<xml>" in body else b'"}'), 7):
        changed = body[:place] + (b"A" if body[place : place + 1] != b"A" else b"B") + body[place + 1 :]
        assert refusal(channel, query, changed) == ("signature", 403)


@both
def test_every_truncation_is_refused(channel: Channel, make: Make) -> None:
    query, body = make()
    whole = body.index(b"]]></Encrypt") if b"<xml>" in body else len(body) - 1
    for end in range(0, whole, 5):
        assert refusal(channel, query, body[:end])[0] in {"envelope", "signature"}


@both
@pytest.mark.parametrize(("seconds", "fresh"), [(-301, False), (-300, True), (0, True), (300, True), (301, False)])
def test_the_window_of_freshness(channel: Channel, make: Make, seconds: int, *, fresh: bool) -> None:
    request = make(NOW + timedelta(seconds=seconds))
    if fresh:
        assert channel.receive(*request, NOW) is not None
    else:
        assert refusal(channel, *request) == ("stale", 403)


@both
def test_the_window_can_be_set(channel: Channel, make: Make) -> None:
    crypto, hour = Crypto(TOKEN, AES_KEY, "" if channel is AIBOT else CORP), timedelta(hours=1)
    wide: Channel = (
        AibotCallback("main", "/", crypto, WeComApi(_never), freshness=hour)
        if channel is AIBOT
        else AppCallback("app", "/", crypto, AppIdentity(CORP, 218), freshness=hour)
    )
    assert wide.receive(*make(NOW - timedelta(minutes=59)), NOW) is not None


@both
@pytest.mark.parametrize("timestamp", ["-1", "1.5", "١٥٨٢٥٠٢٤٠٠", "1582502400 ", "9" * 13, "１５８２５０２４００"])
def test_a_signed_timestamp_that_is_none_is_refused(channel: Channel, make: Make, timestamp: str) -> None:
    _, body = make()
    encrypt = body.split(b"<![CDATA[")[3].split(b"]]>")[0].decode() if b"<xml>" in body else json.loads(body)["encrypt"]
    query = {"timestamp": timestamp, "nonce": "n", "msg_signature": signature(TOKEN, timestamp, "n", encrypt)}
    assert refusal(channel, query, body) == ("odd timestamp", 400)


@both
def test_a_stale_request_with_a_wrong_signature_is_refused_for_its_signature(channel: Channel, make: Make) -> None:
    query, body = make(NOW - timedelta(days=1))
    assert refusal(channel, query | {"nonce": "other"}, body) == ("signature", 403)


@both
def test_nothing_is_decoded_before_the_signature_holds(channel: Channel, make: Make) -> None:
    query, _ = make()
    garbage = b'{"encrypt":"@@@@"}' if channel is AIBOT else xml_envelope("@@@@").encode()
    assert refusal(channel, query, garbage) == ("signature", 403)


@both
def test_more_than_a_mebibyte_is_refused_unseen(channel: Channel, make: Make) -> None:
    query, body = make()
    assert refusal(channel, query, body.ljust(1024 * 1024 + 1)) == ("too large", 413)
    assert channel.receive(query, body.ljust(1024 * 1024), NOW) is not None


@both
@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"null", b"<xml/>", b"\xff\xfe", b'{"encrypt":7}', b'{"encrypt":"']
)
def test_a_body_without_an_envelope_is_refused(channel: Channel, make: Make, body: bytes) -> None:
    assert refusal(channel, make()[0], body) == ("envelope", 400)


@both
def test_a_message_for_another_receiver_is_refused(channel: Channel, make: Make) -> None:
    other = Platform("wxOTHERCORP")
    request = other.json_post(BODY_JSON, NOW) if channel is AIBOT else other.xml_post(BODY_XML, NOW)
    assert refusal(channel, *request) == ("receiveid", 403)


ENVELOPES: list[tuple[str, Callable[[str], bytes]]] = [
    ("plugin's capital", lambda encrypt: json.dumps({"Encrypt": encrypt}).encode()),
    ("no blanks", lambda encrypt: json.dumps({"encrypt": encrypt}, separators=(",", ":")).encode()),
    ("escaped slashes", lambda encrypt: ('{"encrypt":"' + encrypt.replace("/", "\\/") + '"}').encode()),
    ("escaped as \\u", lambda encrypt: ('{"encrypt":"' + encrypt.replace("=", "\\u003d") + '"}').encode()),
    ("more beside it", lambda encrypt: json.dumps({"tousername": "", "encrypt": encrypt, "agentid": "218"}).encode()),
]


@pytest.mark.parametrize("envelope", [row[1] for row in ENVELOPES], ids=[row[0] for row in ENVELOPES])
def test_json_envelopes(envelope: Callable[[str], bytes]) -> None:
    encrypt = AIBOT_SIDE.encrypt(json.dumps(BODY_JSON).encode())
    assert AIBOT.receive(AIBOT_SIDE.query(encrypt, NOW), envelope(encrypt), NOW) is not None


VECTORS = json.loads((Path(__file__).parents[2] / "support/wecom_vectors.json").read_text())["positive"]
SAMPLES = [
    (APP, "doc-QDG6eK-xml-post", "app|mycreate|4561255354251345929", "hello"),
    (AIBOT, "npm-aibot-json-unicode", "main|zhangsan|CAIQ16HMjQYY/NGagIOAgAMgq4KM0AI=", None),
]


@pytest.mark.parametrize(("channel", "name", "key", "text"), SAMPLES, ids=["official XML", "aibot JSON"])
def test_published_messages_are_let_in_at_their_time(channel: Channel, name: str, key: str, text: str | None) -> None:
    vector = next(vector for vector in VECTORS if vector["name"] == name)
    encrypt = vector["encrypt"]
    body = xml_envelope(encrypt).encode() if channel is APP else json.dumps({"encrypt": encrypt}).encode()
    incoming = channel.receive(vector, body, datetime.fromtimestamp(int(vector["timestamp"]), NOW.tzinfo))
    assert incoming is not None
    assert (incoming.key, incoming.raw) == (key, vector["plaintext"].encode())
    assert incoming.text == (text or json.loads(vector["plaintext"])["text"]["content"])


def test_an_xml_envelope_without_cdata() -> None:
    encrypt = APP_SIDE.encrypt(BODY_XML.encode())
    body = f"<xml>\n<Encrypt> {encrypt}\n</Encrypt>\n</xml>".encode()
    assert APP.receive(APP_SIDE.query(encrypt, NOW), body, NOW) is not None


HOSTILE = [
    b'"encrypt":"' * 90_000,
    b'{"encrypt"' + b" " * 1_000_000,
    b'"encrypt":"' + b'\\"' * 500_000,
    b"<Encrypt>" * 110_000,
]


@both
@pytest.mark.parametrize("body", HOSTILE, ids=["repeated", "blanks", "escapes", "tags"])
def test_a_hostile_envelope_costs_one_pass(channel: Channel, make: Make, body: bytes) -> None:
    assert refusal(channel, make()[0], body)[0] in {"envelope", "signature"}


def test_refusals_hold_no_secret() -> None:
    query, body = aibot_request()
    with pytest.raises(Rejected) as caught:
        AIBOT.receive(query | {"nonce": "x"}, body, NOW)
    shown = repr(caught.value) + str(caught.value.__dict__)
    assert not any(secret in shown for secret in (TOKEN, AES_KEY, query["msg_signature"], body.decode()))


def _echo(side: Platform, plain: bytes) -> dict[str, str]:
    encrypt = side.encrypt(plain)
    return side.query(encrypt, NOW - timedelta(days=3650)) | {"echostr": encrypt}


@both
def test_url_verification_gives_the_plaintext_whatever_the_time(channel: Channel, make: Make) -> None:
    side = AIBOT_SIDE if channel is AIBOT else APP_SIDE
    assert channel.verify(_echo(side, b"1616140317555161061")) == "1616140317555161061"


def test_a_plus_that_was_not_escaped_is_understood() -> None:
    query = next(query for query in (_echo(APP_SIDE, b"123") for _ in range(500)) if "+" in query["echostr"])
    assert APP.verify(query | {"echostr": query["echostr"].replace("+", " ")}) == "123"


@both
@pytest.mark.parametrize("name", ["msg_signature", "timestamp", "nonce", "echostr"])
@pytest.mark.parametrize("value", [None, "", "x"])
def test_url_verification_refuses_what_was_changed(channel: Channel, make: Make, name: str, value: str | None) -> None:
    query = _echo(AIBOT_SIDE if channel is AIBOT else APP_SIDE, b"1")
    query = {key: old for key, old in query.items() if key != name} | ({} if value is None else {name: value})
    with pytest.raises(Rejected):
        channel.verify(query)


def test_url_verification_answers_text_only() -> None:
    with pytest.raises(Rejected, match="encoding"):
        APP.verify(_echo(APP_SIDE, b"\xff\xfe"))


def _client_fault(verdict: Rejected) -> None:
    assert 400 <= verdict.status < 500


def _outcome(channel: Channel, request: Request) -> Incoming | None:
    """What `receive` promises: a message, None or `Rejected`; anything else fails the test."""
    try:
        return channel.receive(*request, NOW)
    except Rejected as verdict:
        _client_fault(verdict)
        return None


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ("msgid", "aibotid", "chatid", "chattype", "from", "response_url", "msgtype", "create_time", "quote", "text")
PARTS = ("mixed", "event", "image", "voice", "file")
TYPES = st.sampled_from(["text", "mixed", "voice", "image", "event", "stream", "file", "video"])
BODIES = st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS + PARTS, JSON_VALUES))


@given(body=BODIES, msgtype=TYPES | JSON_VALUES, sender=st.text() | JSON_VALUES)
def test_no_json_breaks_the_aibot(body: dict[str, Any], msgtype: Any, sender: Any) -> None:
    message = body | {"msgtype": msgtype, "from": {"userid": sender}}
    incoming = _outcome(AIBOT, AIBOT_SIDE.json_post(json.dumps(message).encode(), NOW))
    if incoming is not None:
        f"{incoming.key}{incoming.text}{incoming.quote}{incoming.chat}{incoming.response_url}".encode()


@given(st.binary(max_size=300))
def test_no_plaintext_breaks_the_aibot(raw: bytes) -> None:
    _outcome(AIBOT, AIBOT_SIDE.json_post(raw, NOW))


TAGS = st.sampled_from(
    ["ToUserName", "FromUserName", "MsgType", "MsgId", "AgentID", "Content", "Event", "CreateTime", "x"]
)
WORDS = st.text(max_size=20) | st.sampled_from([CORP, "218", "text", "event", "location", "1582502400"])
TREES = st.recursive(
    WORDS.map(lambda text: f"<![CDATA[{text}]]>"),
    lambda inner: st.lists(st.tuples(TAGS, inner), max_size=6).map(
        lambda pairs: "".join(f"<{tag}>{value}</{tag}>" for tag, value in pairs)
    ),
    max_leaves=10,
)


@given(TREES)
def test_no_xml_breaks_the_app(inner: str) -> None:
    raw = f"<xml><ToUserName>{CORP}</ToUserName><MsgType>text</MsgType>{inner}</xml>".encode("utf-8", "replace")
    _outcome(APP, APP_SIDE.xml_post(raw, NOW))


@given(st.binary(max_size=300))
def test_no_plaintext_breaks_the_app(raw: bytes) -> None:
    _outcome(APP, APP_SIDE.xml_post(raw, NOW))


NAMES = st.sampled_from(["msg_signature", "timestamp", "nonce", "echostr", "x"])


@given(query=st.dictionaries(NAMES, st.text()), body=st.binary(max_size=200))
def test_garbage_is_refused(query: dict[str, str], body: bytes) -> None:
    for channel in (AIBOT, APP):
        refusal(channel, query, body)
        with pytest.raises(Rejected):
            channel.verify(query)
