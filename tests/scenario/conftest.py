"""A scenario goes by the moved clock; how busy the machine is must not show in what the bot says."""

import pytest

from bot import inbox, media, names

PATIENCE = 60.0


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deadlines of real time do not pass."""
    for module, name in (
        (names, "SECONDS"),
        (media, "SECONDS"),
        (inbox, "PASSIVE_SECONDS"),
        (inbox, "GIVE_UP_SECONDS"),
    ):
        monkeypatch.setattr(module, name, PATIENCE)
