"""wechatpy, loaded at its first use or shortly after the start, by one thread at a time.

It brings along all of the platform's interfaces, and a start does not wait for them. Its modules import each other in
a circle: two threads that began at different ends of it would wait for one another.
"""

import threading
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

_ONE_AT_A_TIME = threading.Lock()


class Library(NamedTuple):
    """What is used of it."""

    cipher: Callable[[bytes], Any]
    parse_message: Callable[[str], Any]


def library() -> Library:
    """The library; the first call loads it."""
    with _ONE_AT_A_TIME:
        return _loaded()


@cache
def _loaded() -> Library:
    from wechatpy.work import parse_message  # noqa: PLC0415
    from wechatpy.work.crypto import PrpCrypto  # noqa: PLC0415

    return Library(PrpCrypto, parse_message)
