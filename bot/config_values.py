"""What one value of the configuration may be: secrets, keys, paths, addresses, zones, times, durations."""

import base64
import binascii
import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationInfo

from bot.cron import cron_fields

RESERVED_PATHS: Final = ("/health", "/ready", "/metrics", "/console", "/sandbox", "/cgi-bin")


def _resolve(value: Any, info: ValidationInfo) -> Any:
    """Replace `env:NAME` and `file:PATH` by what they hold; a relative PATH starts at the configuration's folder."""
    context: dict[str, Any] = info.context or {}
    if not isinstance(value, str):
        return value
    if value.startswith("env:"):
        name = value.removeprefix("env:")
        if name not in context.get("env", {}):
            raise ValueError(f"the environment variable {name} is not set")
        return context["env"][name]
    if value.startswith("file:"):
        path = Path(context.get("base", ".")) / value.removeprefix("file:")
        try:
            return path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"the file {path} cannot be read ({type(error).__name__})") from None
    return value


def _filled(value: SecretStr) -> SecretStr:
    if not value.get_secret_value():
        raise ValueError("empty")
    return value


def _decoded(text: str) -> bytes:
    """Decode standard base64. Raises ValueError, which does not repeat the text."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("not base64") from None


def _aes_key(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if len(text) != 43:  # noqa: PLR2004  (the platform's fixed length, printed in the message)
        raise ValueError(f"{len(text)} characters")
    _decoded(text + "=")
    return value


def _storage_key(value: SecretStr) -> SecretStr:
    found = len(_decoded(value.get_secret_value()))
    if found != 32:  # noqa: PLR2004  (AES-256)
        raise ValueError(f"{found} bytes")
    return value


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("unknown zone")
    return value


def _folder(value: str, info: ValidationInfo) -> str:
    """A relative folder starts at the configuration's own."""
    return str(Path((info.context or {}).get("base", ".")) / value) if value else ""


def _path(value: str) -> str:
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", value):
        raise ValueError("not a path")
    if any(value == taken or value.startswith(taken + "/") for taken in RESERVED_PATHS):
        raise ValueError("taken by Kakou itself")
    return value


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("not an address")
    return value.rstrip("/")


def _optional_web_address(value: str) -> str:
    return _web_address(value) if value else value


def _database(value: str) -> str:
    scheme = value.partition(":")[0]
    if scheme.partition("+")[0] not in {"sqlite", "postgresql"} or "//" not in value:
        raise ValueError("another kind of address")
    return value


def _unit(value: str) -> str:
    if value and not all(part.strip() == part and part for part in value.split("/")):
        raise ValueError("an empty level")
    return value


def _clock_time(value: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError("not a time of day")
    return value


def _cron(value: str) -> str:
    cron_fields(value)
    return value


def _duration(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    match = re.fullmatch(r"(\d{1,6})([smhd])", value)
    if match is None:
        raise ValueError("not a duration")
    unit = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}[match[2]]
    return timedelta(**{unit: int(match[1])})


Secret = Annotated[SecretStr, BeforeValidator(_resolve), AfterValidator(_filled)]
AesKey = Annotated[SecretStr, BeforeValidator(_resolve), AfterValidator(_aes_key)]
StorageKey = Annotated[SecretStr, BeforeValidator(_resolve), AfterValidator(_storage_key)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Address = Annotated[str, AfterValidator(_web_address)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
Zone = Annotated[str, AfterValidator(_zone)]
Folder = Annotated[str, AfterValidator(_folder)]
CallbackPath = Annotated[str, AfterValidator(_path)]
OptionalAddress = Annotated[str, AfterValidator(_optional_web_address)]
DatabaseUrl = Annotated[str, BeforeValidator(_resolve), AfterValidator(_database)]
Unit = Annotated[str, AfterValidator(_unit)]
ClockTime = Annotated[str, AfterValidator(_clock_time)]
Cron = Annotated[str, AfterValidator(_cron)]
