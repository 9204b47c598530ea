"""The commands: help everywhere, one clear line for every fault, status ≠ 0, never a traceback."""

import json
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from bot.cli import KINDS, main
from bot.trial import toml
from handlers.reports.export import KINDS as EXPORTED
from storage.crypto import decode_key, new_key

AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=stdin)


def config(folder: Path, **changes: Any) -> str:
    mapping: dict[str, Any] = {
        "storage": {"url": f"sqlite:///{folder}/kakou.db", "key": new_key()},
        "channels": [
            {"name": "main", "type": "aibot_callback", "path": "/c", "token": "t", "encoding_aes_key": AES_KEY},
        ],
        "groups": [{"chat": "wr1", "unit": "平谷区", "receive": "main"}],
        "reports": [{"name": "nightly", "at": "22:00"}],
    }
    path = folder / "config.toml"
    path.write_text(toml(mapping | changes), encoding="utf-8")
    return str(path)


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if isinstance(command, click.Group):
        return [leaf for name, child in command.commands.items() for leaf in leaves(child, (*path, name))]
    return [path]


@pytest.mark.parametrize("path", leaves(main), ids=" ".join)
def test_every_command_has_help(path: tuple[str, ...]) -> None:
    result = run(*path, "--help")
    assert result.exit_code == 0
    assert "Usage" in result.output


def test_the_kinds_of_the_export_are_those_of_the_books() -> None:
    assert set(KINDS) == set(EXPORTED)


@pytest.mark.parametrize("command", ["serve", "check-config", "migrate", "doctor", "dead"])
def test_all_mistakes_of_a_configuration_are_told_at_once(command: str, tmp_path: Path) -> None:
    path = config(
        tmp_path,
        time={"zone": "Mars/Olympus"},
        channels=[{"name": "main", "type": "aibot_callback", "path": "callback", "encoding_aes_key": "short"}],
        groups=[{"chat": "wr1", "unit": "平谷区", "receive": "elsewhere"}],
    )
    result = run(command, "--config", path)
    lines = result.stderr.splitlines()
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    for key in (
        "time.zone",
        "channels[0].path",
        "channels[0].token",
        "channels[0].encoding_aes_key",
        "groups[0].receive",
    ):
        assert any(key in line and "expected" in line for line in lines), key
    assert "short" not in result.stderr, "a secret's value is never shown"


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    result = run("doctor", "--config", str(tmp_path / "none.toml"))
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1


def test_a_database_of_another_schema_is_not_read(tmp_path: Path) -> None:
    path = config(tmp_path)
    result = run("doctor", "--config", path)
    assert result.exit_code == 2
    assert "kakou migrate" in result.stderr


def test_a_fresh_installation_migrates_and_is_well(tmp_path: Path) -> None:
    path = config(tmp_path)
    assert run("migrate", "--config", path).exit_code == 0
    result = run("doctor", "--config", path)
    assert result.exit_code == 0, result.output
    assert "✓" in result.output
    assert run("dead", "--config", path).output == "none\n"
    assert run("dead", "--retry", "7", "--config", path).exit_code == 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["jsonl", "csv", "xlsx"])
def test_every_kind_can_be_exported_in_every_form(kind: str, form: str, tmp_path: Path) -> None:
    path = config(tmp_path)
    run("migrate", "--config", path)
    output = tmp_path / f"out.{form}"
    result = run("export", kind, "--format", form, "--output", str(output), "--config", path)
    assert result.exit_code == 0, result.output
    assert output.exists()


def test_another_key_than_that_of_the_books_is_told(tmp_path: Path) -> None:
    path = config(tmp_path)
    run("migrate", "--config", path)
    assert run("report", "nothing", "--now", "--config", path).exit_code == 2


def test_keys_new_prints_a_key() -> None:
    assert len(decode_key(run("keys", "new").output.strip())) == 32


def test_parse_reads_and_writes_lines() -> None:
    message = {"id": "m1", "text": "@小站 签到 东门", "sent_at": "2020-02-23T21:58:00+08:00", "sender": "李明"}
    result = run("parse", stdin=json.dumps(message) + "\n")
    answer = json.loads(result.output)
    assert answer["id"] == "m1"
    assert answer["records"] == [{"kind": "check_in", "people": ["李明"], "post": "东门"}]
