"""What can be set about the gate; the configuration's table `[gate]` gives the values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class GateSettings:
    """The rules of this gate. What counts as fever is said in `[returnees]`: one threshold for the whole town."""

    purge_days: int = 14
    """What identifies somebody goes so many days after an entry, after a pass has ended, after a call list is done."""
    pass_days: int = 0
    """Days for which a new pass is good; 0: until further notice."""
    remind_at: str = "09:00"
    """Local time at which those in charge hear who is expected back."""


def settings_of(services: Mapping[str, Any]) -> GateSettings:
    """The rules in force."""
    found = services.get("gate")
    return found if isinstance(found, GateSettings) else GateSettings()
