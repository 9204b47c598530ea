"""WXBizMsgCrypt, the signature and encryption that all callbacks of 企业微信 share (document page 101033).

wechatpy supplies the cipher; it checks neither base64, padding nor length and compares signatures with `!=`, so the
checks are ours and only `Rejected` leaves this module.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from bot.channels.wechat import library
from bot.errors import Rejected

BLOCK = 32
"""PKCS#7 block in bytes; the platform pads to 32 although AES has 16."""
RANDOM = 16
HEAD = RANDOM + 4
"""Random bytes and the big-endian length of the message."""
KEY_CHARACTERS = 43


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted answer and what belongs beside it."""

    encrypt: str
    signature: str
    timestamp: int
    nonce: str


class Crypto:
    """Checks, opens and seals the messages of one callback address. `receiveid`: the corp id, or empty for an aibot."""

    def __init__(self, token: str, encoding_aes_key: str, receiveid: str = "") -> None:
        """Raises ValueError, without the value, where `token` or `encoding_aes_key` cannot be right."""
        if not token:
            raise ValueError("token: expected the callback's Token, not an empty string")
        self._token = token.encode()
        self._receiveid = receiveid
        self._key = _key(encoding_aes_key)

    @cached_property
    def _prp(self) -> Any:
        """The cipher, loaded at the first use."""
        prp = library().cipher(self._key)
        # wechatpy draws its 16 leading bytes from `random`; with a fixed IV they are what makes two ciphertexts differ.
        prp.get_random_string = partial(secrets.token_bytes, RANDOM)
        return prp

    def check(self, signature: str, timestamp: str, nonce: str, encrypt: str) -> None:
        """Compare the signature in constant time, before anything is decoded. Raises `Rejected`."""
        if not hmac.compare_digest(self._sign(timestamp, nonce, encrypt).encode(), _octets(signature)):
            raise Rejected("signature")

    def open(self, encrypt: str) -> bytes:
        """Decrypt the message. Raises `Rejected` for bad base64, length, padding, length field or receiveid."""
        frame = _unpad(self._decrypt(encrypt))
        end = HEAD + int.from_bytes(frame[RANDOM:HEAD], "big")
        if end > len(frame):
            raise Rejected("length", 400)
        if not hmac.compare_digest(frame[end:], self._receiveid.encode()):
            raise Rejected("receiveid")
        return frame[HEAD:end]

    def seal(self, plaintext: bytes, timestamp: int, nonce: str) -> Sealed:
        """Encrypt and sign an answer; `timestamp` in seconds, `nonce` that of the callback's address."""
        encrypt = self._prp.encrypt(plaintext, self._receiveid).decode()
        return Sealed(encrypt, self._sign(str(timestamp), nonce, encrypt), timestamp, nonce)

    def _sign(self, timestamp: str, nonce: str, encrypt: str) -> str:
        parts = sorted((self._token, _octets(timestamp), _octets(nonce), _octets(encrypt)))
        # SHA-1 is the platform's choice.
        return hashlib.sha1(b"".join(parts), usedforsecurity=False).hexdigest()

    def _decrypt(self, encrypt: str) -> bytes:
        ciphertext = _unbase64(encrypt)
        if not ciphertext or len(ciphertext) % BLOCK:
            raise Rejected("block length", 400)
        try:
            return bytes(self._prp.cipher.decrypt(ciphertext))
        except Exception as error:  # the fence: whatever the library makes of it, the caller was wrong
            raise Rejected("cipher", 400) from error


def _key(encoding_aes_key: str) -> bytes:
    try:
        key = base64.b64decode(encoding_aes_key + "=", validate=True)
    except ValueError:
        key = b""
    if len(encoding_aes_key) != KEY_CHARACTERS or len(key) != BLOCK:
        raise ValueError(f"encoding_aes_key: expected {KEY_CHARACTERS} characters of base64")
    return key


def _octets(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")


def _unbase64(encrypt: str) -> bytes:
    try:
        return binascii.a2b_base64(encrypt, strict_mode=True)
    except ValueError as error:
        raise Rejected("base64", 400) from error


def _unpad(padded: bytes) -> bytes:
    count = padded[-1]
    if not 1 <= count <= BLOCK or not padded.endswith(bytes((count,)) * count):
        raise Rejected("padding", 400)
    if len(padded) - count < HEAD:
        raise Rejected("length", 400)
    return padded[:-count]
