"""The exceptions of the platform edge.

KakouError
├── ConfigError          every mistake of a configuration at once
├── Rejected             a callback that is not let in: one 4xx, no detail for the caller
└── SendError            a message that the platform did not take
    ├── RetryLater       may succeed later; carries how long to wait at least
    └── GiveUp           will never succeed as it is
"""


class KakouError(Exception):
    """What every other exception of Kakou is."""


class ConfigError(KakouError):
    """A configuration that cannot run. `problems` are sentences, each with its key and what was expected."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Rejected(KakouError):
    """A callback that is refused. `reason` goes to the log and the metrics, never into the answer."""

    def __init__(self, reason: str, status: int = 403) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


class SendError(KakouError):
    """The platform did not take a message. `code` is its errcode, or a word for a fault of the way there."""

    def __init__(self, code: int | str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else str(code))
        self.code = code
        self.detail = detail


class RetryLater(SendError):
    """May succeed later. `after` is the least wait in seconds; `sure_unsent` is false where the platform may have it
    already.
    """

    def __init__(self, code: int | str, detail: str = "", *, after: float = 1.0, sure_unsent: bool = True) -> None:
        super().__init__(code, detail)
        self.after = after
        self.sure_unsent = sure_unsent


class GiveUp(SendError):
    """Will not succeed however often it is tried."""
