"""What handlers know about the database: loaded for a whole batch at once, kept up to date by what the batch itself
does.
"""

from collections.abc import Hashable, Iterable
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy.orm import Session

from storage.portions import portions
from storage.probe import Probe

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

MOST_KEYS = 5000
"""Keys of one query: both databases take about 32,000 parameters."""


class Facts(Generic[K, V]):
    """Objects by key. `ensure` loads the keys of a batch with one query; what a handler adds is seen by the messages
    after it.

    Subclasses give `fetch(keys)`, one query that returns (key, object) pairs, and where most keys are new, a probe.
    """

    PROBE: ClassVar[Probe[Any] | None] = None

    def __init__(self, session: Session) -> None:
        self.session = session
        self._found: dict[K, list[V]] = {}

    def fetch(self, keys: list[K]) -> Iterable[tuple[K, V]]:
        """(key, object) for all of `keys`, oldest first."""
        raise NotImplementedError

    def ensure(self, keys: Iterable[K]) -> None:
        """Load those of `keys` that are not known yet."""
        missing = [key for key in dict.fromkeys(keys) if key not in self._found]
        for some in portions(missing, MOST_KEYS):
            found: dict[K, list[V]] = {key: [] for key in some}
            known = self.PROBE.known(self.session, some) if self.PROBE is not None else list(some)
            for key, value in self.fetch(known) if known else ():
                found[key].append(value)
            self._found |= found

    def of(self, key: K) -> list[V]:
        """The objects of one key, oldest first, the batch's own included."""
        found = self._found.get(key)
        if found is None:
            self.ensure([key])
            found = self._found[key]
        return found

    def add(self, key: K, value: V) -> None:
        """A new object: added to the session and seen from now on."""
        self.of(key).append(value)
        self.session.add(value)
