"""The log: one event a line, JSON for machines or colours for a terminal, and no secret or person's number in it.

Every call carries a machine-readable `action`: `log.info("message stored", action="inbox.stored", key=key)`.
"""

import logging
import re
import sys
from typing import Any, Final, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

MASK: Final = "***"
UNNAMED: Final = "unnamed"
"""The action of a call that names none, so that a search by action finds what was forgotten."""

QUIET: Final = ("aiohttp.access", "alembic", "apscheduler", "asyncio")
"""Libraries that are heard from warnings on: access lines hold query strings, the others tell of routine."""

SECRET_KEYS: Final = frozenset(
    {"access_token", "api_key", "authorization", "corpsecret", "encoding_aes_key", "msg_signature", "password"}
    | {"response_code", "response_url", "secret", "token", "webhook_key"}
)
"""Keys of an event whose whole value is hidden."""

PATTERNS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    # key=…, access_token=… and so on, in addresses, forms and printed mappings
    (
        re.compile(
            r"(?i)\b((?:access_token|api_key|authorization|corpsecret|encoding_aes_key|key|msg_?signature|password"
            r"|response_code|secret|token)[\"']?\s*[=:]\s*[\"']?)(?!\*\*\*)[^\s&\"',;)}\]]+"
        ),
        rf"\1{MASK}",
    ),
    (re.compile(r"(?<=://)([^/\s:@]+):[^/\s@]+@"), rf"\1:{MASK}@"),
    # ID numbers: 17 digits and a check character; the last four stay, as people quote them
    (re.compile(r"(?<![0-9A-Za-z])\d{6}(?:18|19|20)\d{9}(?=[0-9Xx](?![0-9A-Za-z]))"), MASK),
    # mobile phones, also with +86, blanks or hyphens; the last four stay
    (re.compile(r"(?<![0-9A-Za-z.])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?(?=\d{4}(?![0-9A-Za-z]))"), MASK),
)


def mask(text: str) -> str:
    """`text` with phones, ID numbers, keys, tokens, signatures and passwords hidden."""
    for pattern, replacement in PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, bytes):
        return f"{len(value)} bytes"  # bodies of messages never reach a log
    if isinstance(value, dict):
        return {key: MASK if str(key).lower() in SECRET_KEYS else _masked(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(item) for item in value]
    if isinstance(value, bool | int | float) or value is None:
        return value if abs(value or 0) < 10**10 else mask(str(value))
    return mask(str(value))


def mask_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Hide what identifies a person or opens a door; the second line of defence behind not logging it."""
    return {key: MASK if key.lower() in SECRET_KEYS else _masked(value) for key, value in event.items()}


def name_action(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Give every event an `action`."""
    event.setdefault("action", UNNAMED)
    return event


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=False),
        name_action,
    ]


def _renderers(json: bool) -> list[Processor]:  # noqa: FBT001  (private)
    if json:
        dump = structlog.processors.JSONRenderer(ensure_ascii=False)
        return [structlog.processors.format_exc_info, mask_event, dump]
    # The trace is text before it is masked, therefore the console's own pretty traces are off.
    return [structlog.processors.format_exc_info, mask_event, structlog.dev.ConsoleRenderer()]


def configure(level: str = "info", *, json: bool | None = None, stream: TextIO | None = None) -> None:
    """Send structlog's events and those of the standard library to `stream` (standard error) from `level` on.

    `json` None decides by the stream: a terminal reads colours, everything else JSON Lines.
    """
    out = stream or sys.stderr
    as_json = not out.isatty() if json is None else json
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_shared(),
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(as_json)],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,  # tests configure again
    )
