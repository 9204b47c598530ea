"""What the documents name exists: commands with their options, make targets, configuration keys, files, links, metrics,
log actions, sealed columns; and their examples of configuration load."""

import base64
import importlib
import pkgutil
import re
import shlex
import tomllib
import typing
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest
from pydantic import BaseModel

import storage
from bot.cli import main
from bot.config import Config, parse
from bot.health import Metrics
from storage.keys import HASHES, sealed_columns
from storage.tables import Base

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
every_document = pytest.mark.parametrize("path", DOCUMENTS, ids=[path.name for path in DOCUMENTS])

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LINK = re.compile(r"\]\(([^()\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
COMMAND = re.compile(r"(?:^|(?<=\.venv/bin/))kakou +(?=[a-z])([^\n|;&#`)]*)", re.MULTILINE)
SHELL = {"sh", "bash", "console"}
CODE = ("bot/", "handlers/", "storage/", "tests/", "docs/", "bench/", "examples/", "tools/", ".ci/")
FOLDERLESS = {"config.toml", "LICENSE", "Makefile"}
SAMPLE = {"config.toml", "kakou.db", "kakou.dump", "kakou.service"}
"""Files of the reader's own."""


def fences(text: str, *languages: str) -> list[str]:
    return [body for language, body in FENCE.findall(text) if language in languages]


def inline(text: str) -> list[str]:
    return INLINE.findall(FENCE.sub("", text))


@cache
def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


# -- commands


def commands(text: str) -> Iterator[str]:
    """Every `kakou …` of a document's shell fences, inline code and unit files, without the program's name."""
    for body in fences(text, *SHELL, "ini"):
        yield from COMMAND.findall(body.replace("\\\n", " "))
    for code in inline(text):
        yield from COMMAND.findall(code)


def mistake(words: list[str]) -> str | None:
    """What is wrong with the arguments of `kakou`, or None. Capitals stand for a value; values are checked by choice alone."""
    command: click.Command = main
    while isinstance(command, click.Group):
        name = words.pop(0) if words else ""
        if name not in command.commands:
            return f"no command {name}"
        command = command.commands[name]
    return unknown_option(command, words) or wrong_place(command, words)


def unknown_option(command: click.Command, words: list[str]) -> str | None:
    """Take the options with their values out of `words`; the first one that does not exist or has no value, or None."""
    options = {name: param for param in command.params if isinstance(param, click.Option) for name in param.opts}
    for word in [word for word in words if word.startswith("-") and word != "--help"]:
        if word not in options:
            return f"{command.name} has no option {word}"
        at = words.index(word)
        if not options[word].is_flag and at + 1 == len(words):
            return f"{word} wants a value"
        del words[at : at + (1 if options[word].is_flag else 2)]
    return None


def wrong_place(command: click.Command, words: list[str]) -> str | None:
    """The first of the remaining words that the command does not take, or None."""
    places = [param.type for param in command.params if isinstance(param, click.Argument)]
    given = [word for word in words if word != "--help"]
    if len(given) > len(places):
        return f"{command.name} takes no {given[len(places)]}"
    for kind, word in zip(places, given, strict=False):
        free = word.isupper() or word.startswith("form:")
        if isinstance(kind, click.Choice) and not free and word not in kind.choices:
            return f"{word} is none of {', '.join(kind.choices)}"
    return None


@every_document
def test_every_command_exists_with_its_options(path: Path) -> None:
    wrong = {command: mistake(shlex.split(command)) for command in commands(read(path))}
    assert {command: why for command, why in wrong.items() if why} == {}


@pytest.mark.parametrize(
    ("command", "right"),
    [
        ("export KIND --format csv", True),
        ("export check_in --output FILE", True),
        ("keys new", True),
        ("dead --retry 17", True),
        ("serve --help", True),
        ("fly", False),
        ("keys polish", False),
        ("export tea", False),
        ("serve --wings", False),
        ("serve --config", False),
        ("doctor twice", False),
    ],
)
def test_the_check_of_commands_would_notice(command: str, *, right: bool) -> None:
    assert (mistake(shlex.split(command)) is None) == right


def test_commands_are_found_where_they_are_written() -> None:
    text = "Say `kakou doctor` or\n\n```sh\n.venv/bin/kakou keys new  # a key\n(x; /opt/kakou/.venv/bin/kakou dead | head)\n```\n"
    assert [command.strip() for command in commands(text)] == ["keys new", "dead", "doctor"]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_a_readme_names_every_command(name: str) -> None:
    named = {words[0] for command in commands(read(ROOT / name)) if (words := command.split())}
    assert set(main.commands) <= named


@every_document
def test_every_make_target_exists(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", read(ROOT / "Makefile"), re.MULTILINE))
    pieces = [*fences(read(path), *SHELL), *inline(read(path))]
    named = {target for piece in pieces for target in re.findall(r"(?:^|\n|&& )make ([a-z]+)", piece)}
    assert named <= targets


# -- configuration


class Environment(dict[str, str]):
    """Every secret that an example asks for, in the form that it must have."""

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and not name.startswith(("KAKOU_SERVER", "KAKOU_STORAGE", "KAKOU_TIME"))

    def __getitem__(self, name: str) -> str:
        if "AES_KEY" in name:
            return base64.b64encode(bytes(32)).decode().rstrip("=")
        if "DATABASE" in name:
            return "postgresql://user:password@host/name"
        return base64.b64encode(bytes(32)).decode() if name.startswith("KAKOU") else "secret"


def joined(examples: list[str]) -> dict[str, Any]:
    """The examples of one document, read one after the other, are one configuration."""
    whole: dict[str, Any] = {}
    for example in examples:
        for name, value in tomllib.loads(example).items():
            whole[name] = whole.get(name, []) + value if isinstance(value, list) else {**whole.get(name, {}), **value}
    return whole


def configurations(path: Path) -> list[str]:
    """The examples of configuration in a document; form files are TOML, too."""
    return [example for example in fences(read(path), "toml") if "[[fields]]" not in example]


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if configurations(path)], ids=lambda path: path.name)
def test_examples_of_configuration_load(path: Path) -> None:
    config = parse(joined(configurations(path)), path.name, Environment())
    if "[[reports]]" in read(path):
        assert all(config.report_groups(report) for report in config.reports)


def test_the_example_file_loads() -> None:
    config = parse(tomllib.loads(read(ROOT / "config.example.toml")), "config.example.toml", Environment())
    assert {channel.type for channel in config.channels} == {"aibot_callback", "app_callback", "group_webhook"}


def tables() -> Mapping[str, set[str]]:
    """Section → its keys; a list of tables of several types has the keys of all of them."""
    return {
        name: {key for model in _models(field.annotation) for key in model.model_fields}
        for name, field in Config.model_fields.items()
    }


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in typing.get_args(annotation) for model in _models(part)]


@every_document
def test_every_configuration_key_exists(path: Path) -> None:
    known = tables()
    wrong = []
    for code in inline(read(path)):
        if found := re.fullmatch(r"\[{1,2}([a-z_]+)\]{1,2}", code):
            wrong += [code] if found[1] not in known else []
        elif (found := re.fullmatch(r"([a-z]+)\.([a-z_]+)", code)) and found[1] in known.keys() - {"members"}:
            wrong += [code] if found[2] not in known[found[1]] else []
        elif found := re.fullmatch(r"KAKOU_(SERVER|STORAGE|TIME)_([A-Z_]+)(?:=.*)?", code):
            wrong += [code] if found[2].lower() not in known[found[1].lower()] else []
    assert wrong == []


# -- files and links


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as the usual renderers of Markdown make them."""
    plain = (re.sub(r"[`*]", "", heading).lower() for heading in HEADING.findall(FENCE.sub("", text)))
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in plain}


@every_document
def test_links_lead_somewhere(path: Path) -> None:
    wrong = []
    for link in LINK.findall(FENCE.sub("", read(path))):
        if link.startswith("https://"):
            continue
        name, _, anchor = link.partition("#")
        target = path.parent / name if name else path
        if not target.is_file() or (anchor and anchor not in anchors(read(target))):
            wrong.append(link)
    assert wrong == []


@every_document
def test_files_that_are_named_exist(path: Path) -> None:
    named = {
        code.rstrip("/") for code in inline(read(path)) if code.startswith(CODE) and re.fullmatch(r"[\w./-]+", code)
    }
    named |= {code for code in inline(read(path)) if re.fullmatch(r"[\w.-]+\.(?:toml|txt|md)", code)} - SAMPLE
    assert {name for name in named if not (ROOT / name).exists() and not (path.parent / name).exists()} == set()


def test_the_picture_is_as_wide_as_the_page_was() -> None:
    head = (ROOT / "docs/images/sandbox.png").read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    assert int.from_bytes(head[16:20], "big") == 1280


# -- what the pages for operators say of the program


def operations() -> str:
    return read(ROOT / "docs/operations.md")


def test_metrics_that_are_named_exist() -> None:
    exposed = {f"{sample}{suffix}" for sample in _metric_names() for suffix in ("", "_total")}
    named = set(re.findall(r"`(kakou_[a-z_]+)", operations() + read(ROOT / "docs/security.md")))
    assert named <= exposed
    assert {name.removesuffix("_total") for name in named} == _metric_names()


def _metric_names() -> set[str]:
    return {metric.name for metric in Metrics().registry.collect()}


def test_log_actions_that_are_named_exist() -> None:
    source = "".join(read(path) for folder in ("bot", "handlers", "storage") for path in (ROOT / folder).rglob("*.py"))
    known = set(re.findall(r'"([a-z]+(?:[._][a-z]+)+)"', source))
    table = operations().partition("| action | meaning |")[2].partition("\n\n")[0]
    named = {action for row in table.splitlines()[2:] for action in re.findall(r"`([a-z_.]+)`", row.split("|")[1])}
    assert len(named) > 10
    assert named <= known


def test_the_list_of_sealed_columns_is_complete_and_right() -> None:
    for module in pkgutil.iter_modules(storage.__path__):
        if module.name.startswith("tables"):
            importlib.import_module(f"storage.{module.name}")
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) ?\|$", read(ROOT / "docs/security.md"), re.MULTILINE)
    said = {table: (set(INLINE.findall(sealed)), set(INLINE.findall(hashed))) for table, sealed, hashed in rows}
    real = {
        table.name: (set(sealed_columns(table)), set(HASHES.get(table.name, {})))
        for table in Base.metadata.sorted_tables
    }
    assert said == {name: columns for name, columns in real.items() if any(columns)}
