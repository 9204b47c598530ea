"""The configuration: TOML and environment in, one frozen `Config` out, or every mistake at once as a `ConfigError`."""

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.config_problems import cross_problems, environment_problems, field_problems, overlay
from bot.config_values import (
    Address,
    AesKey,
    CallbackPath,
    ClockTime,
    Cron,
    DatabaseUrl,
    Duration,
    Folder,
    Name,
    OptionalAddress,
    Secret,
    StorageKey,
    Unit,
    Zone,
)
from bot.cron import cron_fields
from bot.errors import ConfigError
from storage.crypto import decode_key

WECOM_API: Final = "https://qyapi.weixin.qq.com"
BODY_LIMIT: Final = 1_048_576
"""Bytes of a callback body; the platform's own clients accept 1 MB."""

SECTION_NAMES = (
    ("duty", "work", "gate", "returnees", "health", "calls", "patrols", "others", "backlog", "children")
)  # fmt: skip
"""Blocks of a report, in its order."""
ON_DAYS: Final = {"day": "* * *", "week": "* * 1", "month": "1 * *"}
"""What a report covers → the cron fields of the days on which it is posted at its time."""

NAME_IS = "a name of letters, digits, - and _"
AES_KEY_IS = "the EncodingAESKey of the callback: 43 characters that decode to 32 bytes"
STORAGE_KEY_IS = "32 bytes in base64 (`kakou keys new` prints one)"
PATH_IS = 'a path such as "/callback/main" that no page of Kakou uses'
API_IS = f'an address such as "{WECOM_API}"'


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Server(_Model):
    """Where the bot listens and how the world reaches it."""

    host: str = Field("127.0.0.1", min_length=1, description='an address to listen on, such as "127.0.0.1"')
    port: int = Field(8080, ge=0, le=65535, description="a port from 0 (any free one) to 65535")
    public_url: OptionalAddress = Field(
        "", description='the address for links in messages, such as "https://bot.example.org"'
    )
    body_limit: int = Field(BODY_LIMIT, ge=1024, le=BODY_LIMIT, description="bytes, from 1024 to 1048576")


class Storage(_Model):
    """Where the books are kept, and the keys of their personal fields."""

    url: DatabaseUrl = Field(
        "sqlite:///data/kakou.db",
        repr=False,
        description='"sqlite:///path/file.db" or "postgresql://user:password@host/name"',
    )
    key: StorageKey = Field(description=STORAGE_KEY_IS)
    retired_keys: tuple[StorageKey, ...] = Field((), description=f"a list of former keys, each {STORAGE_KEY_IS}")
    keep_words_days: int = Field(
        180, ge=7, le=3650, description="days (7 to 3650) after which messages as they came and went are forgotten"
    )

    @property
    def key_bytes(self) -> bytes:
        """The 32 bytes that encrypt from now on."""
        return decode_key(self.key.get_secret_value())

    @property
    def retired_key_bytes(self) -> tuple[bytes, ...]:
        """Keys that only decrypt, 32 bytes each."""
        return tuple(decode_key(key.get_secret_value()) for key in self.retired_keys)


class Time(_Model):
    """The zone in which people speak of hours and days."""

    zone: Zone = Field("Asia/Shanghai", description='a zone of the IANA database, such as "Asia/Shanghai"')

    @property
    def zone_info(self) -> ZoneInfo:
        """The zone as an object."""
        return ZoneInfo(self.zone)


NO_WAY_TO_MEMBERS = (
    "no channel writes to single members: alerts wait until their reader next writes to the bot alone, reminders and "
    "files are not sent; configure an app_callback with its secret (docs/operations.md, Without an app)"
)


class AibotCallback(_Model):
    """智能机器人 by URL callback (JSON, receiveid empty)."""

    type: Literal["aibot_callback"]
    name: Name = Field(description=NAME_IS)
    path: CallbackPath = Field(description=PATH_IS)
    token: Secret = Field(description="the Token of the callback")
    encoding_aes_key: AesKey = Field(description=AES_KEY_IS)
    bot_names: tuple[str, ...] = Field(
        ("小站",), min_length=1, description='the bot\'s names in chats, such as ["小站"]'
    )
    api_base: Address = Field(WECOM_API, description=API_IS)


class AppCallback(_Model):
    """自建应用: single chats, sending to members, the directory."""

    type: Literal["app_callback"]
    name: Name = Field(description=NAME_IS)
    path: CallbackPath = Field(description=PATH_IS)
    corp_id: str = Field(min_length=1, description="the enterprise's corp id")
    agent_id: int = Field(ge=0, description="the app's agent id, a number")
    secret: Secret | None = Field(None, description="the app's Secret, for sending; left out where it only receives")
    token: Secret = Field(description="the Token of the callback")
    encoding_aes_key: AesKey = Field(description=AES_KEY_IS)
    api_base: Address = Field(WECOM_API, description=API_IS)


class GroupWebhook(_Model):
    """消息推送 (群机器人): sends to one group."""

    type: Literal["group_webhook"]
    name: Name = Field(description=NAME_IS)
    key: Secret = Field(description="the key of the webhook's address")
    api_base: Address = Field(WECOM_API, description=API_IS)


Channel = Annotated[AibotCallback | AppCallback | GroupWebhook, Field(discriminator="type")]


class Group(_Model):
    """A chat, what it is for, and where its reports go."""

    chat: str = Field(min_length=1, description="the chat id as the channel reports it")
    unit: Unit = Field("", description='a unit from the district down, such as "平谷区/金海湖镇"')
    chat_type: Literal["group", "single"] = Field("group", description='"group" or "single"')
    receive: str = Field(min_length=1, description="the name of a channel that receives")
    report_to: str = Field("", description="the name of a channel that sends to this chat")
    coordinators: tuple[str, ...] = Field((), description='user ids, such as ["zhangsan"]')


class Report(_Model):
    """A report that is posted by itself."""

    name: Name = Field(description=NAME_IS)
    at: ClockTime | None = Field(None, description='a time of day such as "22:00"')
    cron: Cron | None = Field(None, description='five fields such as "0 22 * * 1-5" (0 and 7 are Sunday)')
    groups: tuple[str, ...] = Field(("*",), min_length=1, description='chats of [[groups]], or ["*"]')
    max_delay: Duration = Field(
        timedelta(hours=6), ge=timedelta(0), description='a duration such as "90s", "30m", "6h" or "1d"'
    )
    covers: Literal["day", "week", "month"] = Field(
        "day", description='"day", "week" (the seven days before) or "month" (the month before)'
    )
    days: Literal["all", "workday", "holiday"] = Field(
        "all", description='"all", "workday" or "holiday", by the Chinese calendar'
    )
    extra_days: tuple[date, ...] = Field((), description="dates on which it is posted in any case, such as 2020-02-01")
    skip_days: tuple[date, ...] = Field((), description="dates on which it is not posted, such as 2020-01-25")
    forms: tuple[Literal["text", "picture", "workbook"], ...] = Field(
        ("text",), min_length=1, description='what is posted: ["text", "picture", "workbook"] or some of them'
    )
    sections: tuple[Literal[SECTION_NAMES], ...] = Field(  # type: ignore[valid-type]  # pydantic reads the names
        (), description=f"sections to show, of {', '.join(SECTION_NAMES)}; all where it is empty"
    )
    mention: bool = Field(
        default=False, description="true where the coordinators are to be notified (@) of what waits for them"
    )
    spread: Duration = Field(
        timedelta(minutes=5), ge=timedelta(0), description='a duration such as "5m"; "0s" for all at once'
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> "Report":
        if (self.at is None) == (self.cron is None):
            raise ValueError("both at and cron" if self.at else "neither at nor cron")
        return self

    @property
    def trigger_fields(self) -> dict[str, str]:
        """The slot's times as keyword arguments of APScheduler's `CronTrigger`; weekdays by name."""
        if self.cron is not None:
            return cron_fields(self.cron)
        hour, minute = str(self.at).split(":")
        return cron_fields(f"{int(minute)} {int(hour)} {ON_DAYS[self.covers]}")


class Returnees(_Model):
    """返京人员: the rules of this town about verification, observation and deletion."""

    observation_days: int = Field(14, ge=1, le=60, description="days of observation, from 1 to 60")
    arrival_is_day: int = Field(0, ge=0, le=1, description="0 (day 1 is the day after the arrival) or 1")
    twice_daily: bool = Field(default=False, description="true where two health reports a day are asked for")
    fever: float = Field(37.3, ge=36, le=40, description="a temperature in ℃, such as 37.3")
    fever_at_threshold: bool = Field(
        default=True, description="true where the threshold itself is fever (≥), or false (>)"
    )
    retry_waits: tuple[Duration, ...] = Field(
        (timedelta(minutes=30), timedelta(hours=2), timedelta(hours=4)),
        description='durations between calls in vain, such as ["30m", "2h", "4h"]; after the last the lead decides',
    )
    call_from: ClockTime = Field("08:00", description='a time of day such as "08:00"')
    call_until: ClockTime = Field("21:00", description='a time of day such as "21:00"')
    handover_at: tuple[ClockTime, ...] = Field(
        ("18:00", "20:00", "22:00"), description='times of day such as ["18:00", "20:00", "22:00"]'
    )
    remind_self_at: ClockTime = Field("10:00", description='a time of day such as "10:00"')
    remind_volunteer_at: ClockTime = Field("16:00", description='a time of day such as "16:00"')
    remind_lead_at: ClockTime = Field("20:00", description='a time of day such as "20:00"')
    keep_id_number: bool = Field(default=False, description="true where the law asks you to keep ID numbers")
    purge_days: int = Field(14, ge=0, le=365, description="days after the end until personal fields are deleted")
    chat_rows: int = Field(300, ge=1, le=2000, description="rows of a table sent in a chat, from 1 to 2000")


DURATION_IS = 'a duration such as "90s", "30m", "6h" or "1d"'


class Duty(_Model):
    """到岗, 排班 and 招募: how long is long, late or long ago."""

    ask_after: Duration = Field(timedelta(hours=12), description=DURATION_IS)
    grace: Duration = Field(timedelta(hours=1), description=DURATION_IS)
    close_after: Duration = Field(timedelta(hours=6), description=DURATION_IS)
    backdate_after: Duration = Field(timedelta(hours=12), description=DURATION_IS)
    late_after: Duration = Field(timedelta(minutes=15), description=DURATION_IS)
    remind_before: Duration = Field(timedelta(hours=2), description=DURATION_IS)
    gaps_within: Duration = Field(timedelta(hours=12), description=DURATION_IS)
    rest: Duration = Field(timedelta(hours=8), description=DURATION_IS)
    most_at_once: Duration = Field(timedelta(hours=12), description=DURATION_IS)
    night: tuple[int, int] = Field((22, 6), description="two hours of the day, such as [22, 6]")
    board_every: Duration = Field(timedelta(minutes=10), description=DURATION_IS)
    administrators: tuple[str, ...] = Field((), description='user ids, such as ["zhangsan"]')


class Patrols(_Model):
    """巡查: how long a round may wait."""

    remind_after: Duration = Field(timedelta(minutes=30), description=DURATION_IS)
    alert_after: Duration = Field(timedelta(hours=1), description=DURATION_IS)
    picture_within: Duration = Field(timedelta(minutes=10), description=DURATION_IS)


class Notices(_Model):
    """通知: how long a notice may wait to be confirmed, and when nobody is reminded."""

    remind_after: Duration = Field(timedelta(hours=2), description=DURATION_IS)
    quiet: tuple[int, int] = Field((22, 7), description="two hours of the day, such as [22, 7]")
    confirm_within: Duration = Field(timedelta(minutes=30), description=DURATION_IS)
    spread: Duration = Field(timedelta(minutes=3), description=DURATION_IS)


class Gate(_Model):
    """卡口登记: how long things are kept and how long passes are good. Fever is what `[returnees]` says."""

    purge_days: int = Field(14, ge=0, le=365, description="days until what identifies somebody is deleted")
    pass_days: int = Field(0, ge=0, le=3650, description="days for which a new pass is good; 0: until further notice")
    remind_at: ClockTime = Field("09:00", description='a time of day such as "09:00"')


class Forms(_Model):
    """Forms that this place has beside those that come with the program."""

    folder: Folder = Field("", description='a folder of form files (docs/forms.md), such as "forms"')


class Supplies(_Model):
    """How scarce goods are shared out, where that differs from what comes with the program."""

    rules: Folder = Field(
        "", description='a file of rules (handlers/supplies/allocation.toml), such as "allocation.toml"'
    )


class Config(_Model):
    """All that can be configured."""

    server: Server = Field(default_factory=lambda: Server.model_validate({}), description="a table [server]")
    storage: Storage = Field(description="a table [storage]")
    time: Time = Field(default_factory=lambda: Time.model_validate({}), description="a table [time]")
    members: Mapping[str, str] = Field(default_factory=dict, description='a table of names, such as zhangsan = "张三"')
    channels: tuple[Channel, ...] = Field((), description="tables [[channels]]")
    groups: tuple[Group, ...] = Field((), description="tables [[groups]]")
    reports: tuple[Report, ...] = Field((), description="tables [[reports]]")
    returnees: Returnees = Field(
        default_factory=lambda: Returnees.model_validate({}), description="a table [returnees]"
    )
    forms: Forms = Field(default_factory=lambda: Forms.model_validate({}), description="a table [forms]")
    duty: Duty = Field(default_factory=lambda: Duty.model_validate({}), description="a table [duty]")
    gate: Gate = Field(default_factory=lambda: Gate.model_validate({}), description="a table [gate]")
    patrols: Patrols = Field(default_factory=lambda: Patrols.model_validate({}), description="a table [patrols]")
    notices: Notices = Field(default_factory=lambda: Notices.model_validate({}), description="a table [notices]")
    supplies: Supplies = Field(default_factory=lambda: Supplies.model_validate({}), description="a table [supplies]")

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is no mistake, but leaves people without messages that they may expect."""
        if any(isinstance(channel, AppCallback) and channel.secret for channel in self.channels):
            return ()
        return (NO_WAY_TO_MEMBERS,)

    def report_groups(self, report: Report) -> tuple[Group, ...]:
        """Give the configured chats that `report` goes to; `*` means every group chat and no single one."""
        every = "*" in report.groups
        return tuple(g for g in self.groups if g.chat in report.groups or (every and g.chat_type == "group"))


def parse(mapping: Mapping[str, Any], source: str, env: Mapping[str, str], *, base: Path | None = None) -> Config:
    """Check `mapping`, overlaid with the environment's `KAKOU_<SECTION>_<KEY>`; `source` names it in problems.

    `base` is the folder from which `file:` paths start. Raises `ConfigError` with every problem found.
    """
    merged, origins = overlay(mapping, env)
    problems = environment_problems(Config, env)
    config: Config | None = None
    try:
        config = Config.model_validate(merged, context={"env": env, "base": base or Path()})
    except ValidationError as error:
        problems += field_problems(Config, error, merged, source, origins)
    problems += cross_problems(merged, source)
    if problems or config is None:
        raise ConfigError(problems)
    return config


def load(path: Path | None, env: Mapping[str, str]) -> Config:
    """Read and check the file at `path`; None takes everything from the environment. Raises `ConfigError`."""
    if path is None:
        return parse({}, "environment", env)
    try:
        mapping = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError([f"{path}: no such file; expected a file like config.example.toml"]) from None
    except OSError as error:
        raise ConfigError([f"{path}: cannot be read ({error.strerror}); expected a readable file"]) from None
    except UnicodeDecodeError as error:
        raise ConfigError([f"{path}: byte {error.start} is not UTF-8; expected a TOML file in UTF-8"]) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([f"{path}: not TOML: {error}"]) from None
    return parse(mapping, str(path), env, base=path.parent)
