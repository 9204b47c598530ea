"""What the callback channels do in the same way and the same order: size, signature, freshness, decryption."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo

from bot.channels.crypto import Crypto
from bot.errors import Rejected

MAX_BODY = 1024 * 1024
"""Bytes of a callback, as the official plugin limits them."""
MAX_ID = 256
"""Characters of a user, chat or message id. The platform's own are below 128."""
FRESHNESS = timedelta(seconds=300)
_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)


def verify(crypto: Crypto, query: Mapping[str, str]) -> str:
    """URL verification: the plaintext of `echostr`. Raises `Rejected`."""
    # A sender that forgot to escape "+" hands us a blank; base64 has none.
    echo = _parameter(query, "echostr").replace(" ", "+")
    _check_signature(crypto, query, echo)
    return decode(crypto.open(echo))


def check_size(body: bytes) -> None:
    """Raises `Rejected` (413) above `MAX_BODY`."""
    if len(body) > MAX_BODY:
        raise Rejected("too large", 413)


def unseal(crypto: Crypto, query: Mapping[str, str], encrypt: str, now: datetime, window: timedelta) -> bytes:
    """Signature, then freshness, then decryption: the body of a message. Raises `Rejected`."""
    _check_signature(crypto, query, encrypt)
    _check_fresh(query["timestamp"], now, window)
    return crypto.open(encrypt)


def message_key(channel: str, sender: str, msgid: str, raw: bytes) -> str:
    """The idempotency key. Events of apps have no msgid: sender and second would merge two events (docs 90240)."""
    return f"{channel}|{sender}|{msgid or 'sha256:' + hashlib.sha256(raw).hexdigest()}"


def decode(raw: bytes) -> str:
    """UTF-8, or `Rejected`."""
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise Rejected("encoding", 400) from error


def clean(text: str) -> str:
    """Text that every database and encoder takes: without NUL, lone surrogates replaced."""
    text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def identifier(value: object, name: str) -> str:
    """A user, chat or message id as text, empty if it is missing. Raises `Rejected` for anything that cannot be one."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Rejected(f"odd {name}", 400)
    text = str(value)
    if len(text) > MAX_ID or not (text.isprintable() or _is_storable(text)):
        raise Rejected(f"odd {name}", 400)
    return text


def moment(seconds: object, zone: tzinfo | None) -> datetime | None:
    """The time of a platform's timestamp, or None where there is none that can be read."""
    text = str(seconds)
    if isinstance(seconds, bool) or not _TIMESTAMP.fullmatch(text):
        return None
    try:
        return datetime.fromtimestamp(int(text), zone)
    except (ValueError, OverflowError, OSError):
        return None


def _is_storable(text: str) -> bool:
    return not any(unicodedata.category(character) in {"Cc", "Cs"} for character in text)


def _parameter(query: Mapping[str, str], name: str) -> str:
    value = query.get(name)
    if not value:
        raise Rejected(f"no {name}", 400)
    return value


def _check_signature(crypto: Crypto, query: Mapping[str, str], encrypt: str) -> None:
    signature, timestamp, nonce = (_parameter(query, name) for name in ("msg_signature", "timestamp", "nonce"))
    crypto.check(signature, timestamp, nonce, encrypt)


def _check_fresh(timestamp: str, now: datetime, window: timedelta) -> None:
    if not _TIMESTAMP.fullmatch(timestamp):
        raise Rejected("odd timestamp", 400)
    if abs(now.timestamp() - int(timestamp)) > window.total_seconds():
        raise Rejected("stale")
