"""`kakou forms`: what is wrong with form files, and which forms there are."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from handlers.forms.loading import configured, load_files, shipped
from handlers.forms.problems import Problem
from handlers.language.form_spec import FormSpec


def check(paths: Iterable[Path]) -> tuple[tuple[FormSpec, ...], tuple[Problem, ...]]:
    """The forms in files, and in the `*.toml` files of folders, and every mistake in them."""
    files: list[Path] = []
    problems: list[Problem] = []
    for path in paths:
        if not path.is_dir():
            files.append(path)
        elif found := sorted(path.glob("*.toml")):
            files += found
        else:
            problems.append(Problem(str(path), 0, "no form files; expected at least one *.toml"))
    forms, wrong = load_files(files)
    return forms, (*problems, *wrong)


def listing(folder: str) -> tuple[list[str], tuple[Problem, ...]]:
    """One line for each form of a bot whose own forms are in `folder`, and what is wrong with those."""
    forms, problems = configured(folder)
    own = {form.name for form in forms} - {form.name for form in shipped() if form in forms}
    return [_line(form, "own" if form.name in own else "shipped") for form in forms], problems


def _line(form: FormSpec, origin: str) -> str:
    fields = " ".join(each.label + ("*" if each.required else "") for each in form.fields)
    return "\t".join((form.name, form.title, form.kind, origin, "、".join(form.names) or "-", fields))


HEADING: Sequence[str] = ("name", "title", "kind", "origin", "other names", "fields (* required)")
