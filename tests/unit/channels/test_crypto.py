import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.crypto import Crypto
from bot.errors import Rejected
from tests.support.platform import AES_KEY, CORP, TOKEN, Platform, frame, pad

VECTORS = json.loads((Path(__file__).parents[2] / "support/wecom_vectors.json").read_text())
PLATFORM = Platform(CORP)
AIBOT = Platform("")
REASONS = {
    "npm-wrong-receiveid": "receiveid",
    "empty-encrypt": "block length",
    "not-base64": "base64",
    "not-block-multiple": "block length",
    "one-block": "block length",
    "length-field-too-large": "length",
    "bad-padding-zero": "block length",
}


def _named(vectors: list[dict[str, Any]]) -> Any:
    return pytest.mark.parametrize("vector", vectors, ids=[vector["name"] for vector in vectors])


def _crypto(vector: dict[str, Any]) -> Crypto:
    return Crypto(vector["token"], vector["encoding_aes_key"], vector["receiveid"])


def _check(crypto: Crypto, vector: dict[str, Any]) -> None:
    crypto.check(vector["msg_signature"], vector["timestamp"], vector["nonce"], vector["encrypt"])


def _check_and_open(crypto: Crypto, vector: dict[str, Any]) -> None:
    _check(crypto, vector)
    crypto.open(vector["encrypt"])


def test_all_vectors_are_here() -> None:
    assert (len(VECTORS["positive"]), len(VECTORS["negative"])) == (12, 11)


@_named(VECTORS["positive"])
def test_a_right_message_is_opened(vector: dict[str, Any]) -> None:
    _check(_crypto(vector), vector)
    assert _crypto(vector).open(vector["encrypt"]) == vector["plaintext"].encode()


@_named([vector for vector in VECTORS["positive"] if vector.get("random_hex")])
def test_sealing_gives_the_published_ciphertext(vector: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    crypto = _crypto(vector)
    crypto._prp.get_random_string = lambda: bytes.fromhex(vector["random_hex"])
    sealed = crypto.seal(vector["plaintext"].encode(), int(vector["timestamp"]), vector["nonce"])
    assert (sealed.encrypt, sealed.signature) == (vector["encrypt"], vector["msg_signature"])


@_named(VECTORS["negative"])
def test_a_wrong_message_is_refused(vector: dict[str, Any]) -> None:
    crypto = _crypto(vector)
    with pytest.raises(Rejected) as caught:
        _check_and_open(crypto, vector)
    assert caught.value.reason == REASONS.get(vector["name"], "signature")


GOOD = pad(frame(b"hello, kakou", CORP))
FRAMES = [
    ("padding of 0", bytes(64), "padding"),
    ("padding of 33", b"\x21" * 64, "padding"),
    ("one padding byte wrong", GOOD[:-2] + b"\x00" + GOOD[-1:], "padding"),
    ("padding alone", b"\x20" * 32, "length"),
    ("no room for the length field", pad(bytes(19)), "length"),
    ("length one too large", pad(frame(b"x" * 8, "", length=9)), "length"),
    ("length one too large, within the receiveid", pad(frame(b"x" * 8, CORP, length=9)), "receiveid"),
    ("length one too small", pad(frame(b"x" * 8, CORP, length=7)), "receiveid"),
    ("length of four gigabytes", pad(frame(b"x", CORP, length=2**32 - 1)), "length"),
    ("no receiveid", pad(frame(b"x", "")), "receiveid"),
    ("another receiveid", pad(frame(b"x", CORP + "0")), "receiveid"),
]


@pytest.mark.parametrize(("padded", "reason"), [row[1:] for row in FRAMES], ids=[row[0] for row in FRAMES])
def test_a_signed_but_malformed_frame_is_refused(padded: bytes, reason: str) -> None:
    with pytest.raises(Rejected, match=reason):
        Crypto(TOKEN, AES_KEY, CORP).open(PLATFORM.encrypt_frame(padded))


def test_an_aibot_takes_no_message_for_a_corp() -> None:
    with pytest.raises(Rejected, match="receiveid"):
        Crypto(TOKEN, AES_KEY, "").open(PLATFORM.encrypt(b"{}"))


ENCODINGS = [
    ("a line end", lambda text: text[:8] + "\n" + text[8:]),
    ("a blank", lambda text: text + " "),
    ("a character too many", lambda text: text + "A"),
    ("the padding gone", lambda text: text[:-1]),
    ("the URL alphabet", lambda text: "-_" + text[2:]),
    ("not ASCII", lambda text: "卡" + text[1:]),
    ("a lone surrogate", lambda text: "\ud800" + text[1:]),
]


@pytest.mark.parametrize("spoil", [row[1] for row in ENCODINGS], ids=[row[0] for row in ENCODINGS])
def test_base64_is_strict(spoil: Any) -> None:
    encrypt = PLATFORM.encrypt(b"hello")
    assert encrypt.endswith("=")
    with pytest.raises(Rejected, match="base64"):
        Crypto(TOKEN, AES_KEY, CORP).open(spoil(encrypt))


@given(message=st.binary(max_size=200), nonce=st.text(max_size=40), timestamp=st.integers(0, 2**33))
def test_what_is_sealed_can_be_opened_by_the_platform_and_by_us(message: bytes, nonce: str, timestamp: int) -> None:
    crypto = Crypto(TOKEN, AES_KEY, "")
    sealed = crypto.seal(message, timestamp, nonce)
    crypto.check(sealed.signature, str(timestamp), nonce, sealed.encrypt)
    assert crypto.open(sealed.encrypt) == message == AIBOT.decrypt(sealed.encrypt)


def test_no_two_ciphertexts_are_the_same() -> None:
    crypto = Crypto(TOKEN, AES_KEY, "")
    assert len({crypto.seal(b"same", 1, "n").encrypt for _ in range(50)}) == 50


@given(st.text(), st.text(), st.text(), st.text())
def test_no_text_breaks_the_signature_check(signature: str, timestamp: str, nonce: str, encrypt: str) -> None:
    with pytest.raises(Rejected, match="signature"):
        Crypto(TOKEN, AES_KEY).check(signature, timestamp, nonce, encrypt)


@given(st.binary(min_size=32, max_size=256))
def test_no_ciphertext_breaks_the_frame_checks(ciphertext: bytes) -> None:
    whole = ciphertext[: len(ciphertext) // 32 * 32]
    with pytest.raises(Rejected):
        Crypto(TOKEN, AES_KEY, CORP).open(PLATFORM.encrypt_frame(whole))


def test_a_failing_cipher_stays_behind_the_fence() -> None:
    crypto = Crypto(TOKEN, AES_KEY)
    crypto._prp.cipher = None
    with pytest.raises(Rejected, match="cipher"):
        crypto.open(AIBOT.encrypt(b"x"))


@pytest.mark.parametrize(
    ("token", "key"),
    [("", AES_KEY), (TOKEN, ""), (TOKEN, AES_KEY[:-1]), (TOKEN, AES_KEY + "A"), (TOKEN, "!" * 43), (TOKEN, "卡" * 43)],
)
def test_secrets_that_cannot_be_right_are_named_but_not_shown(token: str, key: str) -> None:
    with pytest.raises(ValueError, match=r"^(token|encoding_aes_key): expected") as caught:
        Crypto(token, key)
    assert not key or key not in str(caught.value)
