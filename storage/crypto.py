"""Personal fields at rest: AES-256-GCM with key ids, and a keyed hash that finds a value without storing it in the
clear.

A sealed value is `version (1 byte) · key id (4) · nonce (12) · ciphertext and tag`. The first key of a ring seals,
every key opens, so that a key can be changed while old rows remain. Hashes use the first key too: a row's hashes and
its sealed values are always of the same key, and a value under an older key is found again once `storage.keys.rotate`
has rewritten its row.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = b"\x01"
_HEAD = 17
_NONCE_BYTES = 12
_NONCES_AT_ONCE = 512
KEY_BYTES = 32
HASH_CHARS = 32

_nonces: list[bytes] = []
os.register_at_fork(after_in_child=_nonces.clear)


class SealError(Exception):
    """A stored value cannot be opened: its key is not in the ring, or it was altered."""


def new_key() -> str:
    """A fresh key, base64, as the configuration takes it."""
    return base64.b64encode(os.urandom(KEY_BYTES)).decode()


def decode_key(text: str) -> bytes:
    """The 32 bytes of a base64 key. Raises ValueError where it is none."""
    raw = base64.b64decode(text, validate=True)
    if len(raw) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes, this one {len(raw)}")
    return raw


class Keyring:
    """The keys of one database, newest first."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise ValueError("a key ring needs at least one key")
        self._ciphers = {_key_id(key): AESGCM(key) for key in keys}
        newest = _key_id(keys[0])
        self._seal = self._ciphers[newest]
        self._head = _VERSION + newest
        self._hash_key = hmac.digest(keys[0], b"kakou search hash", "sha256")

    def seal(self, plain: bytes, context: bytes) -> bytes:
        """Encrypt `plain`; `context` names the column and is authenticated with it, so that values cannot swap."""
        nonce = _nonce()
        return self._head + nonce + self._seal.encrypt(nonce, plain, context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """The plain bytes of `sealed`. Raises `SealError`."""
        cipher = self._ciphers.get(sealed[1:5])
        if sealed[:1] != _VERSION or cipher is None or len(sealed) < _HEAD:
            raise SealError("the value was sealed with a key that is not configured")
        try:
            return cipher.decrypt(sealed[5:_HEAD], sealed[_HEAD:], context)
        except InvalidTag:
            raise SealError("the stored value was altered, or belongs to another column") from None

    @property
    def head(self) -> bytes:
        """What a value sealed with the newest key begins with."""
        return self._head

    def hash(self, value: str) -> str:
        """A keyed hash of `value` (spaces and case do not count), for searching and for finding doubles."""
        plain = "".join(value.split()).casefold().encode()
        return hmac.digest(self._hash_key, plain, "sha256").hex()[:HASH_CHARS]


def _nonce() -> bytes:
    """Random, never given out twice. Drawn by the block: every call of the system lets other threads in, and to get the
    turn back costs more than sealing does.
    """
    try:
        return _nonces.pop()
    except IndexError:
        drawn = os.urandom(_NONCES_AT_ONCE * _NONCE_BYTES)
        fresh = [drawn[start : start + _NONCE_BYTES] for start in range(0, len(drawn), _NONCE_BYTES)]
        mine = fresh.pop()
        _nonces.extend(fresh)
        return mine


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"kakou key id" + key).digest()[:4]
