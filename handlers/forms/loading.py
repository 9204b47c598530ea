"""Form files → forms, or what is wrong with them."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from handlers.forms.problems import Problem
from handlers.language.expressions import expression
from handlers.language.form_spec import FieldSpec, FigureSpec, FormSpec

_PLACE = expression(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")
_RENAMED = {"min": "minimum", "max": "maximum"}
_LISTS = frozenset({"names", "identity", "senders", "units", "synonyms"})
_NOT_OF_THE_FORM = frozenset({"fields", "figures", "allocation"})


def load(text: str, source: str) -> FormSpec | list[Problem]:
    """The form in `text`, or every mistake in it; `source` names the file in them."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [_syntax(str(error), text, source)]
    except RecursionError:
        return [Problem(source, 0, "not TOML: nested too deeply; expected a form")]
    from handlers.forms.check import Checker  # noqa: PLC0415 - not needed for the shipped forms, which tests check

    if problems := Checker(given, text, source).check():
        return problems
    return build(given)


def load_file(path: Path) -> FormSpec | list[Problem]:
    """The form in a file, or what is wrong with it."""
    try:
        return load(path.read_text(encoding="utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return [Problem(str(path), line, f"byte {error.start} is not UTF-8; expected a TOML file in UTF-8")]
    except OSError as error:
        return [Problem(str(path), 0, f"cannot be read ({error.strerror}); expected a TOML file")]


def load_files(paths: Iterable[Path]) -> tuple[tuple[FormSpec, ...], tuple[Problem, ...]]:
    """The forms of several files, and what is wrong with them each and together."""
    forms: list[tuple[Path, FormSpec]] = []
    problems: list[Problem] = []
    for path in paths:
        loaded = load_file(path)
        if isinstance(loaded, FormSpec):
            forms.append((path, loaded))
        else:
            problems += loaded
    problems += _clashes(forms)
    return tuple(form for _, form in forms), tuple(problems)


def folder(path: Path) -> tuple[tuple[FormSpec, ...], tuple[Problem, ...]]:
    """The forms of the `*.toml` files in a folder, by name of the file, and every mistake in them."""
    if not path.is_dir():
        return (), (Problem(str(path), 0, "no such folder; expected a folder of form files"),)
    return load_files(sorted(path.glob("*.toml")))


def configured(path: str) -> tuple[tuple[FormSpec, ...], tuple[Problem, ...]]:
    """The forms of a bot whose own ones are in the folder `path` (none where it is empty), the own ones first: they
    take the place of shipped ones of the same name, and words that both know open them.
    """
    mine, problems = folder(Path(path)) if path else ((), ())
    names = {form.name for form in mine}
    return mine + tuple(form for form in shipped() if form.name not in names), problems


@cache
def shipped() -> tuple[FormSpec, ...]:
    """The forms that come with the program, by name of the file."""
    data = files("handlers.forms") / "data"
    found = sorted((each for each in data.iterdir() if each.name.endswith(".toml")), key=lambda each: each.name)
    return tuple(build(tomllib.loads(each.read_text(encoding="utf-8"))) for each in found)


def build(given: Mapping[str, Any]) -> FormSpec:
    """A form from what a file holds, which must have been checked."""
    return FormSpec(
        **_plain(given, _NOT_OF_THE_FORM),
        fields=tuple(_field(field) for field in given["fields"]),
        figures=tuple(FigureSpec(**{"unit": "", **figure}) for figure in given.get("figures", ())),
    )


def _field(given: Mapping[str, Any]) -> FieldSpec:
    values = {_RENAMED.get(name, name): value for name, value in _plain(given, frozenset({"choices"})).items()}
    units = values.get("units", ())
    unit = values.get("unit") or (units[0] if units else "")
    values.update(unit=unit, units=units or ((unit,) if unit else ()))
    return FieldSpec(**values, choices=_choices(given.get("choices", ())))


def _plain(given: Mapping[str, Any], without: frozenset[str]) -> dict[str, Any]:
    return {name: tuple(value) if name in _LISTS else value for name, value in given.items() if name not in without}


def _choices(given: Iterable[Any]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    lists = ([each] if isinstance(each, str) else each for each in given)
    return tuple((words[0], tuple(words[1:])) for words in lists)


def _syntax(message: str, text: str, source: str) -> Problem:
    """A mistake that keeps the text from being TOML at all."""
    place = _PLACE.search(message)
    line = int(place[1]) if place and place[1] else text.rstrip("\n").count("\n") + 1
    return Problem(source, line, f"not TOML: {_PLACE.sub('', message)}; expected key = value")


def _clashes(forms: Iterable[tuple[Path, FormSpec]]) -> list[Problem]:
    """Names and opening words that two of the files share."""
    names: dict[str, Path] = {}
    problems: list[Problem] = []
    for path, form in forms:
        for what, name in (("name", form.name), *(("opening word", word) for word in form.openings)):
            if (first := names.setdefault(f"{what} {name}", path)) != path:
                line = _line_of(path, name)
                problems.append(Problem(str(path), line, f"{what} {name} is taken by {first}; expected another one"))
    return problems


def _line_of(path: Path, word: str) -> int:
    """The line at which a name or an opening word of a form stands."""
    from handlers.forms.toml_lines import LineIndex  # noqa: PLC0415 - only where something is wrong

    text = path.read_text(encoding="utf-8-sig")
    given = tomllib.loads(text)
    index = LineIndex(text)
    if word in (given["name"], given["title"]):
        return index.line("name" if word == given["name"] else "title")
    return index.line("names", given["names"].index(word))
