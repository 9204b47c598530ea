"""The configuration: what is read, what is overridden, and that every mistake is told at once without a secret in it."""

import base64
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import AibotCallback, AppCallback, Config, GroupWebhook, load, parse
from bot.cron import cron_fields
from bot.errors import ConfigError

ROOT = Path(__file__).parents[2]
KEY = base64.b64encode(b"k" * 32).decode()
AES = base64.b64encode(b"a" * 32).decode()[:43]
EXAMPLE_ENV = {
    "KAKOU_KEY": KEY,
    "MAIN_TOKEN": "token-of-main",
    "MAIN_AES_KEY": AES,
    "APP_SECRET": "secret-of-app",
    "APP_TOKEN": "token-of-app",
    "APP_AES_KEY": AES,
    "DIGEST_KEY": "key-of-digest",
}


def main_channel(**changes):
    channel = {
        "name": "main",
        "type": "aibot_callback",
        "path": "/callback/main",
        "token": "t",
        "encoding_aes_key": AES,
    }
    return {**channel, **changes}


def mapping(**changes):
    return {"storage": {"key": KEY}, "channels": [main_channel()], **changes}


def problems(changed, env=None):
    with pytest.raises(ConfigError) as caught:
        parse(changed, "config.toml", env or {})
    return caught.value.problems


def test_the_example_is_complete_and_loads():
    config = load(ROOT / "config.example.toml", EXAMPLE_ENV)
    assert [type(channel) for channel in config.channels] == [AibotCallback, AppCallback, GroupWebhook]
    assert config.storage.key_bytes == b"k" * 32
    assert config.members == {"zhangsan": "张三"}
    assert config.groups[0].coordinators == ("zhangsan",)
    assert config.reports[0].max_delay == timedelta(hours=6)
    written = tomllib.loads((ROOT / "config.example.toml").read_text(encoding="utf-8"))
    assert set(written) == set(Config.model_fields)


def test_the_example_without_its_environment_names_every_variable():
    with pytest.raises(ConfigError) as caught:
        load(ROOT / "config.example.toml", {})
    assert len(caught.value.problems) == len(EXAMPLE_ENV)
    assert all(any(name in line for line in caught.value.problems) for name in EXAMPLE_ENV)


def test_defaults_are_enough_beside_a_key():
    config = parse({"storage": {"key": KEY}}, "config.toml", {})
    assert (config.server.host, config.server.port, config.server.body_limit) == ("127.0.0.1", 8080, 1_048_576)
    assert config.time.zone_info.key == "Asia/Shanghai"
    assert config.storage.url == "sqlite:///data/kakou.db"


def test_the_environment_wins_over_the_file():
    env = {"KAKOU_SERVER_PORT": "9000", "KAKOU_STORAGE_URL": "postgresql://u:p@h/d", "KAKOU_TIME_ZONE": "UTC"}
    config = parse(mapping(server={"port": 1}), "config.toml", env)
    assert (config.server.port, config.storage.url, config.time.zone) == (9000, "postgresql://u:p@h/d", "UTC")


def test_everything_may_come_from_the_environment():
    assert load(None, {"KAKOU_STORAGE_KEY": KEY}).storage.key_bytes == b"k" * 32


def test_secrets_come_from_files_beside_the_configuration(tmp_path):
    (tmp_path / "token").write_text("from-a-file\n", encoding="utf-8")
    path = tmp_path / "config.toml"
    path.write_text(
        f'[storage]\nkey = "{KEY}"\n[[channels]]\nname = "d"\ntype = "group_webhook"\nkey = "file:token"\n',
        encoding="utf-8",
    )
    channel = load(path, {}).channels[0]
    assert isinstance(channel, GroupWebhook)
    assert channel.key.get_secret_value() == "from-a-file"


def test_nothing_printed_shows_a_secret():
    config = load(ROOT / "config.example.toml", EXAMPLE_ENV | {"KAKOU_STORAGE_URL": "postgresql://u:pass-word@h/d"})
    shown = repr(config) + str(config) + "".join(repr(c) + str(c) for c in (config.storage, *config.channels))
    assert not [secret for secret in (*EXAMPLE_ENV.values(), "pass-word") if secret in shown]


WRONG = [
    ("no key", {"storage": {}}, "storage.key: missing; expected 32 bytes in base64 (`kakou keys new` prints one)"),
    ("no storage", {"storage": "x"}, "storage: found 'x'; expected"),
    ("short key", {"storage": {"key": "c2hvcnQ="}}, "storage.key: 5 bytes; expected 32 bytes"),
    ("key not base64", {"storage": {"key": "??"}}, "storage.key: not base64; expected 32 bytes"),
    ("database", {"storage": {"key": KEY, "url": "mysql://u:pw@h/d"}}, "storage.url: another kind of address; expected"),
    ("port", {"server": {"port": 70000}}, "server.port: found 70000; expected a port"),
    ("unknown key", {"server": {"prot": 1}}, "server.prot: unknown key; expected one of body_limit, host, port, public_url"),
    ("unknown table", {"sever": {}}, "sever: unknown key; expected one of channels, duty, forms, "),
    ("zone", {"time": {"zone": "Mars/Olympus"}}, "time.zone: found 'Mars/Olympus' (unknown zone); expected a zone"),
    ("public url", {"server": {"public_url": "bot.example"}}, "server.public_url: found 'bot.example' (not an address)"),
    ("member", {"members": {"zhangsan": 3}}, "members.zhangsan: found 3; expected"),
    ("no type", {"channels": [{"name": "x"}]}, "channels[0].type: missing; expected one of aibot_callback, app_callback"),
    ("type", {"channels": [{"type": "sms"}]}, "channels[0].type: found 'sms'; expected one of aibot_callback"),
    ("socket", {"channels": [{"type": "aibot_socket"}]}, "channels[0].type: aibot_socket is not available yet; expected"),
    ("official", {"channels": [{"type": "official_account"}]}, "channels[0].type: official_account is not available yet"),
    ("no token", {"channels": [{k: v for k, v in main_channel().items() if k != "token"}]},
     "channels[0].token: missing; expected the Token of the callback"),
    ("empty token", {"channels": [main_channel(token="")]}, "channels[0].token: empty; expected the Token"),
    ("unset token", {"channels": [main_channel(token="env:NO")]}, "channels[0].token: the environment variable NO is not set"),
    ("no token file", {"channels": [main_channel(token="file:/no/such")]}, "channels[0].token: the file /no/such cannot be read"),
    ("short aes key", {"channels": [main_channel(encoding_aes_key="abc")]}, "channels[0].encoding_aes_key: 3 characters; expected"),
    ("aes key", {"channels": [main_channel(encoding_aes_key="?" * 43)]}, "channels[0].encoding_aes_key: not base64; expected"),
    ("path", {"channels": [main_channel(path="callback")]}, "channels[0].path: found 'callback' (not a path); expected a path"),
    ("own path", {"channels": [main_channel(path="/health")]}, "channels[0].path: found '/health' (taken by Kakou itself)"),
    ("same name", {"channels": [main_channel(), main_channel(path="/b")]}, "channels[1].name: 'main' is already channels[0].name"),
    ("same path", {"channels": [main_channel(), main_channel(name="b")]}, "channels[1].path: '/callback/main' is already"),
    ("unknown channel", {"groups": [{"chat": "c", "receive": "mian"}]}, "groups[0].receive: no channel 'mian'; expected one of: main"),
    ("unknown target", {"groups": [{"chat": "c", "receive": "main", "report_to": "d"}]}, "groups[0].report_to: no channel 'd'"),
    ("deaf channel", {"channels": [{"name": "d", "type": "group_webhook", "key": "k"}], "groups": [{"chat": "c", "receive": "d"}]},
     "groups[0].receive: the channel 'd' cannot receive; expected one of: none is configured"),
    ("unit", {"groups": [{"chat": "c", "receive": "main", "unit": "平谷区//村"}]}, "groups[0].unit: found '平谷区//村'"),
    ("same chat", {"groups": [{"chat": "c", "receive": "main"}] * 2}, "groups[1].chat: 'c' is already groups[0].chat"),
    ("time of day", {"reports": [{"name": "n", "at": "24:00"}]}, "reports[0].at: found '24:00' (not a time of day)"),
    ("no time", {"reports": [{"name": "n"}]}, "reports[0]: neither at nor cron; expected exactly one of"),
    ("two times", {"reports": [{"name": "n", "at": "22:00", "cron": "0 22 * * *"}]}, "reports[0]: both at and cron"),
    ("cron", {"reports": [{"name": "n", "cron": "0 25 * * *"}]}, "reports[0].cron: found '0 25 * * *' ("),
    ("cron fields", {"reports": [{"name": "n", "cron": "0 22 *"}]}, "reports[0].cron: found '0 22 *' (3 fields)"),
    ("weekday", {"reports": [{"name": "n", "cron": "0 22 * * 8"}]}, "reports[0].cron: found '0 22 * * 8' (no weekday: 8)"),
    ("delay", {"reports": [{"name": "n", "at": "22:00", "max_delay": "soon"}]}, "reports[0].max_delay: found 'soon'"),
    ("unknown group", {"reports": [{"name": "n", "at": "22:00", "groups": ["q"]}]}, "reports[0].groups[0]: no group 'q'"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_one_mistake_is_one_sentence(changes, expected):
    found = problems(mapping(**changes))
    assert len(found) == 1, found
    assert found[0].startswith(f"config.toml: {expected}")


def test_all_mistakes_are_told_at_once():
    changed = mapping(server={"port": "x"}, time={"zone": "?"}, groups=[{"chat": "c", "receive": "none"}])
    assert [line.split(": ")[1] for line in problems(changed)] == ["server.port", "time.zone", "groups[0].receive"]


def test_a_mistake_of_the_environment_names_its_variable():
    found = problems(mapping(), {"KAKOU_SERVER_PORT": "many", "KAKOU_SERVER_PROT": "1"})
    assert found[0].startswith("environment: KAKOU_SERVER_PROT: unknown key; expected one of KAKOU_SERVER_BODY_LIMIT")
    assert found[1].startswith("environment: KAKOU_SERVER_PORT: server.port: found 'many'; expected a port")
    assert len(found) == 2


def test_no_problem_shows_a_secret():
    secret = "do-not-print"
    channels = [main_channel(encoding_aes_key=secret), {"name": "b", "type": "group_webhook", "key": [secret]}]
    storage = {"key": secret, "url": f"mysql://u:{secret}@h/d", "retired_keys": [secret]}
    found = problems(mapping(channels=channels, storage=storage))
    assert len(found) == 5
    assert secret not in "\n".join(found)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"[server\nport = 1\n", "not TOML: "),
        (b"\xff\xfe", "byte 0 is not UTF-8; expected a TOML file in UTF-8"),
        (None, "no such file; expected a file like config.example.toml"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(tmp_path, content, expected):
    path = tmp_path / "config.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load(path, {})
    (line,) = caught.value.problems
    assert line.startswith(f"{path}: {expected}")
    assert "\n" not in line


def test_a_syntax_error_names_its_line(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text('[server]\nport = "8080\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="line 2"):
        load(path, {})


def test_reports_go_to_named_chats_or_to_every_group():
    groups = [
        {"chat": "wr1", "receive": "main"},
        {"chat": "wr2", "receive": "main"},
        {"chat": "liming", "receive": "main", "chat_type": "single"},
    ]
    reports = [{"name": "all", "at": "22:00"}, {"name": "one", "at": "8:00".zfill(5), "groups": ["liming"]}]
    config = parse(mapping(groups=groups, reports=reports), "config.toml", {})
    assert [[g.chat for g in config.report_groups(r)] for r in config.reports] == [["wr1", "wr2"], ["liming"]]
    assert config.reports[0].trigger_fields == {
        "minute": "0",
        "hour": "22",
        "day": "*",
        "month": "*",
        "day_of_week": "*",
    }


@pytest.mark.parametrize(
    ("weekdays", "expected"),
    [
        ("1-5", "mon,tue,wed,thu,fri"),
        ("0", "sun"),
        ("7", "sun"),
        ("5-7", "sun,fri,sat"),
        ("mon,WED", "mon,wed"),
        ("*/2", "sun,tue,thu,sat"),
        ("*", "*"),
    ],
)
def test_weekdays_are_those_of_crontab(weekdays, expected):
    assert cron_fields(f"0 22 * * {weekdays}")["day_of_week"] == expected


@pytest.mark.parametrize("weekdays", ["5-1", "x", "1/0", "1/x", "-1", "8"])
def test_weekdays_without_meaning_are_refused(weekdays):
    with pytest.raises(ValueError):
        cron_fields(f"0 22 * * {weekdays}")
