"""Column types: moments in UTC; sealed text, bytes and JSON. The key ring hangs on the engine's dialect, not on a
global.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import DateTime, LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from storage.crypto import Keyring


def _naive(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a moment needs a zone")
    return value.astimezone(UTC).replace(tzinfo=None)


def _sqlite_text(value: datetime | None) -> str | None:
    return None if value is None else _naive(value).isoformat(" ", "microseconds")


def _sqlite_texts() -> Callable[[datetime | None], str | None]:
    """`_sqlite_text` for one value after the other: many rows of a batch have the same moment."""
    last: tuple[datetime | None, str | None] = None, None

    def text(value: datetime | None) -> str | None:
        nonlocal last
        known, told = last
        if value is known:
            return told
        told = _sqlite_text(value)
        last = value, told
        return told

    return text


class Moment(TypeDecorator[datetime]):
    """An aware datetime, stored as naive UTC on every database."""

    impl = DateTime
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:
        """On SQLite the text that SQLAlchemy would make of it: a message writes ten moments, and this costs a third."""
        return _sqlite_texts() if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else _naive(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.replace(tzinfo=UTC)


def ring_of(dialect: Dialect) -> Keyring:
    """The key ring that `storage.engine.create` attached to a dialect."""
    return cast("Keyring", dialect.kakou_keyring)  # type: ignore[attr-defined]


class _Sealed(TypeDecorator[Any]):
    """A value under AES-GCM. `context` names the column."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, context: str) -> None:
        super().__init__()
        self.context = context

    @staticmethod
    def pack(value: Any) -> bytes:
        """A value as bytes."""
        raise NotImplementedError

    @staticmethod
    def unpack(plain: bytes) -> Any:
        """The value of `pack`."""
        raise NotImplementedError

    def bind_processor(self, dialect: Dialect) -> Any:
        """On SQLite what the driver takes, without the detours: a message writes six sealed values."""
        if dialect.name != "sqlite":
            return super().bind_processor(dialect)
        seal, pack, context = ring_of(dialect).seal, self.pack, self.context.encode()
        return lambda value: None if value is None else seal(pack(value), context)

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else ring_of(dialect).seal(self.pack(value), self.context.encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else self.unpack(ring_of(dialect).open(bytes(value), self.context.encode()))


class SealedBytes(_Sealed):
    """Bytes under AES-GCM."""

    cache_ok = True

    @staticmethod
    def pack(value: bytes) -> bytes:
        """As they are."""
        return value

    @staticmethod
    def unpack(plain: bytes) -> bytes:
        """As they are."""
        return plain


class SealedText(_Sealed):
    """Text under AES-GCM."""

    cache_ok = True

    @staticmethod
    def pack(value: str) -> bytes:
        """In UTF-8."""
        return value.encode()

    @staticmethod
    def unpack(plain: bytes) -> str:
        """From UTF-8."""
        return plain.decode()


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class SealedJSON(_Sealed):
    """A JSON value under AES-GCM."""

    cache_ok = True

    @staticmethod
    def pack(value: Any) -> bytes:
        """As JSON without spaces."""
        return _JSON.encode(value).encode()

    @staticmethod
    def unpack(plain: bytes) -> Any:
        """From JSON."""
        return json.loads(plain)
