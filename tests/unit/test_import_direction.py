"""Imports run downwards only: composition root → handlers → engine and channels → storage. A newcomer can rely on it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOP = {"bot.app", "bot.cli", "bot.__main__", "bot.operations", "bot.trial", "bot.sandbox", "bot.web"} | {
    "bot.importing",
    "bot.importing_org",
    "bot.certifying",
    "bot.form_files",
    "bot.reading_worker",
}
"""The composition root, the commands, and the sandbox and pages beside the bot: they may see everything below."""
PURE = {"handlers.language", "handlers.reports.figures"}
"""Modules without I/O: they know neither the engine nor the database."""


def modules(*folders: str) -> Iterator[tuple[str, Path]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            yield name.removesuffix(".__init__"), path


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def within(name: str, packages: set[str]) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


def forbidden(name: str) -> set[str]:
    """What a module must not import."""
    if within(name, PURE):
        return {"bot", "storage", "sqlalchemy", "aiohttp"}
    if within(name, TOP):
        return set()
    if name.split(".", maxsplit=1)[0] == "storage":
        return {"bot", "handlers", "aiohttp"}
    if name.split(".", maxsplit=1)[0] == "handlers":
        return TOP | {"aiohttp", "bot.channels.http"}
    return TOP | {"handlers"}


ALL = list(modules("bot", "handlers", "storage"))


@pytest.mark.parametrize(("name", "path"), ALL, ids=[name for name, _ in ALL])
def test_a_module_imports_only_what_lies_below(name: str, path: Path) -> None:
    wrong = {module for module in imported(path) if within(module, forbidden(name))}
    assert not wrong, f"{name} must not import {', '.join(sorted(wrong))}"


def test_the_rule_would_notice_an_upward_import() -> None:
    assert within("handlers.duty", forbidden("storage.inbox"))
    assert within("bot.app", forbidden("handlers.duty"))
    assert within("handlers", forbidden("bot.inbox"))
    assert within("storage.tables", forbidden("handlers.language.times"))
