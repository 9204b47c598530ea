from dataclasses import dataclass, replace

import aiohttp
import pytest

from bot.channels import CHANNEL_TYPES
from bot.channels.base import Directory, Receiver, Sender
from bot.clock import MovableClock
from bot.errors import ConfigError
from tests.support.platform import AES_KEY, CORP, TOKEN


@dataclass(frozen=True)
class Config:
    name: str = "main"
    path: str = "/callback/main"
    token: str = TOKEN
    encoding_aes_key: str = AES_KEY
    corp_id: str = CORP
    agent_id: int = 218
    secret: str = ""
    key: str = "KEY"
    api_base: str = "https://qyapi.weixin.qq.com"


def _never() -> aiohttp.ClientSession:
    raise AssertionError("making a channel asks nobody")


ROLES = [
    ("aibot_callback", "", (True, True, False)),
    ("app_callback", "", (True, False, False)),
    ("app_callback", "secret", (True, True, True)),
    ("group_webhook", "", (False, True, False)),
]


@pytest.mark.parametrize(("type_name", "secret", "roles"), ROLES)
def test_what_each_type_can_do(
    clock: MovableClock, type_name: str, secret: str, roles: tuple[bool, bool, bool]
) -> None:
    channel = CHANNEL_TYPES[type_name](Config(secret=secret), _never, clock)
    assert channel.name == "main"
    assert (isinstance(channel, Receiver), isinstance(channel, Sender), isinstance(channel, Directory)) == roles


def test_only_what_is_built_is_offered() -> None:
    assert sorted(CHANNEL_TYPES) == ["aibot_callback", "app_callback", "group_webhook"]


@pytest.mark.parametrize("type_name", ["aibot_callback", "app_callback"])
@pytest.mark.parametrize(("field", "value"), [("token", ""), ("encoding_aes_key", "tooshort")])
def test_a_bad_secret_is_named(clock: MovableClock, type_name: str, field: str, value: str) -> None:
    with pytest.raises(ConfigError, match=rf"^channels\.main\.{field}: expected") as caught:
        CHANNEL_TYPES[type_name](replace(Config(), **{field: value}), _never, clock)
    assert "tooshort" not in str(caught.value)
