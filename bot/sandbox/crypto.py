"""The platform's side of the callback crypto, written apart from the bot's: neither confirms the other's mistakes.

Signature: SHA-1 over the sorted token, timestamp, nonce and ciphertext. Ciphertext: AES-256-CBC over 16 random bytes,
the length of the message, the message and the receive id, padded to 32 bytes (`WXBizMsgCrypt`).
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
HEAD = 20
"""Bytes before the message: 16 random ones and 4 of its length."""


class BadReply(Exception):
    """An answer that the platform would not have understood."""


def new_aes_key() -> str:
    """Make an EncodingAESKey: 43 characters that stand for 32 bytes."""
    return base64.b64encode(secrets.token_bytes(32)).decode()[:43]


@dataclass(frozen=True, slots=True)
class Codec:
    """One callback's token, key and receive id."""

    token: str
    aes_key: str
    receive_id: str = ""

    def _cipher(self) -> Cipher[modes.CBC]:
        key = base64.b64decode(self.aes_key + "=")
        return Cipher(algorithms.AES(key), modes.CBC(key[:16]))

    def encrypt(self, message: bytes) -> str:
        """Encrypt a body; the answer is base64."""
        plain = secrets.token_bytes(16) + len(message).to_bytes(4, "big") + message + self.receive_id.encode()
        pad = BLOCK - len(plain) % BLOCK
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()

    def encrypt_file(self, content: bytes) -> bytes:
        """Encrypt a file as its download is: nothing before it, padded to 32 bytes."""
        pad = BLOCK - len(content) % BLOCK
        encryptor = self._cipher().encryptor()
        return encryptor.update(content + bytes([pad]) * pad) + encryptor.finalize()

    def decrypt(self, text: str) -> bytes:
        """Decrypt an answer of the bot. Raises `BadReply`."""
        try:
            decryptor = self._cipher().decryptor()
            padded = decryptor.update(base64.b64decode(text, validate=True)) + decryptor.finalize()
        except ValueError:
            raise BadReply("the answer is no ciphertext of this key") from None
        pad = padded[-1] if padded else 0
        if not 1 <= pad <= BLOCK or padded[-pad:] != bytes([pad]) * pad:
            raise BadReply("the answer's padding is wrong")
        plain = padded[:-pad]
        end = HEAD + int.from_bytes(plain[16:HEAD], "big")
        if end > len(plain) or plain[end:] != self.receive_id.encode():
            raise BadReply("the answer's length or receive id is wrong")
        return plain[HEAD:end]

    def sign(self, timestamp: str, nonce: str, encrypted: str) -> str:
        """Sign what goes over the wire, in lower-case hex."""
        joined = "".join(sorted([self.token, timestamp, nonce, encrypted]))
        return hashlib.sha1(joined.encode()).hexdigest()  # noqa: S324  (the platform's algorithm)
