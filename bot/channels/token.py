"""The access token of one app (one corp id and secret): fetched once for all callers, refreshed before it ends.

The platform gives the same token while it is good, so fetching again does no harm; asking again with a wrong secret
does: after a few tries it blocks this server's address for an hour. Hence a refusal is remembered.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

from bot.channels.wecom_api import Json, TokenStale, WeComApi
from bot.clock import Clock
from bot.errors import GiveUp, RetryLater, SendError

EARLY = timedelta(seconds=300)
"""How long before its end a token is renewed."""
REFUSED_FOR = timedelta(hours=1)
DEFAULT_SECONDS = 7200

Result = TypeVar("Result")


class AccessToken:
    """The cached token of one app. `fetched_at` is for the readiness page; None while there is no token."""

    def __init__(self, api: WeComApi, corp_id: str, secret: str, clock: Clock) -> None:
        self._api = api
        self._credentials = {"corpid": corp_id, "corpsecret": secret}
        self._clock = clock
        self._lock = asyncio.Lock()
        self._token = ""
        self._ends_at: datetime | None = None
        self._renew_at: datetime | None = None
        self._refusal: tuple[datetime, int | str, str] | None = None
        self.fetched_at: datetime | None = None

    async def get(self) -> str:
        """A token that should be good. Raises `RetryLater` or `GiveUp`."""
        if not self._due():
            return self._token
        async with self._lock:
            return await self._renew() if self._due() else self._token

    def drop(self, token: str) -> None:
        """Forget `token`, which the platform refused; another caller may have renewed it meanwhile."""
        if token == self._token:
            self._token = ""
            self._renew_at = None

    def _due(self) -> bool:
        return not self._token or self._renew_at is None or self._clock.now() >= self._renew_at

    async def _renew(self) -> str:
        """Fetch; if that fails while the old token has some minutes left, go on with the old one."""
        self._check_refusal()
        try:
            self._keep(await self._api.get("/cgi-bin/gettoken", self._credentials))
        except GiveUp as error:
            self._refusal = (self._clock.now() + REFUSED_FOR, error.code, error.detail)
            raise
        except SendError:
            if not self._token or self._ends_at is None or self._clock.now() >= self._ends_at:
                raise
        return self._token

    def _check_refusal(self) -> None:
        if self._refusal and self._clock.now() < self._refusal[0]:
            raise GiveUp(self._refusal[1], self._refusal[2])
        self._refusal = None

    def _keep(self, answer: Json) -> None:
        token, seconds = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not token:
            raise RetryLater("bad answer", "no access_token", after=5)
        lifetime = timedelta(
            seconds=seconds if isinstance(seconds, int) and 0 < seconds <= DEFAULT_SECONDS else DEFAULT_SECONDS
        )
        self._token = token
        self.fetched_at = self._clock.now()
        self._ends_at = self.fetched_at + lifetime
        self._renew_at = self._ends_at - min(EARLY, lifetime / 10)


class AuthorizedApi:
    """Calls with an access token. A token that the platform refuses is renewed once and the call repeated once."""

    def __init__(self, api: WeComApi, token: AccessToken) -> None:
        self._api = api
        self.token = token

    async def get(self, path: str, params: dict[str, str]) -> Json:
        """GET with the token."""
        return await self._twice(lambda token: self._api.get(path, params | token))

    async def post(self, path: str, payload: Json) -> Json:
        """POST JSON with the token."""
        return await self._twice(lambda token: self._api.post(path, token, payload))

    async def upload(self, kind: str, data: bytes, file_name: str) -> str:
        """Upload an `image` or `file`; its media id."""
        path = "/cgi-bin/media/upload"
        return await self._twice(lambda token: self._api.upload(path, {"type": kind} | token, data, file_name))

    async def _twice(self, call: Callable[[dict[str, str]], Awaitable[Result]]) -> Result:
        token = await self.token.get()
        try:
            return await call({"access_token": token})
        except TokenStale:
            self.token.drop(token)
        return await call({"access_token": await self.token.get()})
