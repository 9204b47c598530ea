"""The transports by the name that the configuration gives them. What is not in `CHANNEL_TYPES` is not available."""

from collections.abc import Callable, Mapping
from typing import Protocol

from bot.channels.aibot_callback import AibotCallback
from bot.channels.app_callback import App, AppCallback
from bot.channels.app_message import AppIdentity
from bot.channels.app_sender import AppSender
from bot.channels.crypto import Crypto
from bot.channels.group_webhook import GroupWebhook
from bot.channels.wecom_api import ALLOWED_HOSTS, API_BASE, SessionProvider, WeComApi
from bot.clock import Clock
from bot.errors import ConfigError

Channel = AibotCallback | AppCallback | App | GroupWebhook


class ChannelConfig(Protocol):
    """What a factory reads of one `[[channels]]` entry. What is not given is empty, the number 0."""

    @property
    def name(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def token(self) -> str: ...
    @property
    def encoding_aes_key(self) -> str: ...
    @property
    def corp_id(self) -> str: ...
    @property
    def agent_id(self) -> int: ...
    @property
    def secret(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def api_base(self) -> str: ...


Factory = Callable[[ChannelConfig, SessionProvider, Clock], Channel]


def _aibot_callback(config: ChannelConfig, session: SessionProvider, _clock: Clock) -> Channel:
    return AibotCallback(config.name, config.path, _crypto(config, ""), _api(config, session))


def _app_callback(config: ChannelConfig, session: SessionProvider, clock: Clock) -> Channel:
    """Without a secret the app can receive and answer passively, but not send."""
    crypto, identity = _crypto(config, config.corp_id), AppIdentity(config.corp_id, config.agent_id or 0)
    if not config.secret:
        return AppCallback(config.name, config.path, crypto, identity)
    sender = AppSender(_api(config, session), config.corp_id, config.secret, identity.agent_id, clock)
    return App(config.name, config.path, crypto, identity, sender)


def _group_webhook(config: ChannelConfig, session: SessionProvider, _clock: Clock) -> Channel:
    return GroupWebhook(config.name, config.key, _api(config, session))


CHANNEL_TYPES: Mapping[str, Factory] = {
    "aibot_callback": _aibot_callback,
    "app_callback": _app_callback,
    "group_webhook": _group_webhook,
}


def _crypto(config: ChannelConfig, receiveid: str) -> Crypto:
    try:
        return Crypto(config.token, config.encoding_aes_key, receiveid)
    except ValueError as error:
        raise ConfigError([f"channels.{config.name}.{error}"]) from None


def _api(config: ChannelConfig, session: SessionProvider) -> WeComApi:
    return WeComApi(session, config.api_base or API_BASE, allowed_hosts=ALLOWED_HOSTS)
