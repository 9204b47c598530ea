"""The platform's side of a callback, written apart from the product: it signs and encrypts with plain AES and SHA-1."""

import base64
import hashlib
import json
import os
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

TOKEN = "QDG6eK"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
CORP = "wx5823bf96d3bd56c7"


def signature(token: str, timestamp: str, nonce: str, encrypt: str) -> str:
    return hashlib.sha1("".join(sorted([token, timestamp, nonce, encrypt])).encode(), usedforsecurity=False).hexdigest()


def pad(frame: bytes) -> bytes:
    count = 32 - len(frame) % 32
    return frame + bytes([count]) * count


def frame(message: bytes, receiveid: str, length: int | None = None) -> bytes:
    size = len(message) if length is None else length
    return os.urandom(16) + size.to_bytes(4, "big") + message + receiveid.encode()


@dataclass(frozen=True)
class Platform:
    """One callback's secrets, and requests made with them."""

    receiveid: str = ""
    token: str = TOKEN
    aes_key: str = AES_KEY

    def _cipher(self) -> Cipher[modes.CBC]:
        key = base64.b64decode(self.aes_key + "=")
        return Cipher(algorithms.AES(key), modes.CBC(key[:16]))

    def encrypt_frame(self, padded: bytes) -> str:
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()

    def encrypt(self, message: bytes) -> str:
        return self.encrypt_frame(pad(frame(message, self.receiveid)))

    def decrypt(self, encrypt: str) -> bytes:
        decryptor = self._cipher().decryptor()
        padded = decryptor.update(base64.b64decode(encrypt)) + decryptor.finalize()
        plain = padded[16 : -padded[-1]]
        size = int.from_bytes(plain[:4], "big")
        assert plain[4 + size :].decode() == self.receiveid
        return plain[4 : 4 + size]

    def query(self, encrypt: str, now: datetime, nonce: str = "263014780") -> dict[str, str]:
        timestamp = str(int(now.timestamp()))
        return {
            "msg_signature": signature(self.token, timestamp, nonce, encrypt),
            "timestamp": timestamp,
            "nonce": nonce,
        }

    def json_post(self, body: object, now: datetime, nonce: str = "263014780") -> tuple[dict[str, str], bytes]:
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        encrypt = self.encrypt(raw)
        return self.query(encrypt, now, nonce), json.dumps({"encrypt": encrypt}).encode()

    def xml_post(self, body: str | bytes, now: datetime, nonce: str = "263014780") -> tuple[dict[str, str], bytes]:
        encrypt = self.encrypt(body.encode() if isinstance(body, str) else body)
        return self.query(encrypt, now, nonce), xml_envelope(encrypt).encode()

    def open_json(self, answer: bytes) -> dict[str, object]:
        """Check an encrypted JSON answer as the platform does, and its plaintext."""
        envelope = json.loads(answer)
        assert set(envelope) == {"encrypt", "msgsignature", "timestamp", "nonce"}
        assert type(envelope["timestamp"]) is int
        parts = (self.token, str(envelope["timestamp"]), envelope["nonce"], envelope["encrypt"])
        assert envelope["msgsignature"] == signature(*parts)
        plain: dict[str, object] = json.loads(self.decrypt(envelope["encrypt"]))
        return plain


def xml_envelope(encrypt: str) -> str:
    return (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><AgentID><![CDATA[218]]></AgentID>"
        f"<Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>"
    )
