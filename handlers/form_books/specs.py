"""The forms that the running bot knows, and where their words stand."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.context import Context
from handlers.forms import shipped
from handlers.language.form_spec import FormSpec


def all_of(services: Mapping[str, Any]) -> Sequence[FormSpec]:
    """The forms of a service; those that come with the program where it names none."""
    found: Sequence[FormSpec] = services.get("forms") or shipped()
    return found


def of_record(ctx: Context, record: Any) -> FormSpec | None:
    """The form that a record has entries of."""
    entries = getattr(record, "entries", ())
    return named(all_of(ctx.services), entries[0].form) if entries else None


def named(forms: Iterable[FormSpec], name: str) -> FormSpec | None:
    """The form of a name in files."""
    return next((spec for spec in forms if spec.name == name), None)


def called(forms: Sequence[FormSpec], word: str) -> FormSpec | None:
    """The form that people call so: by its title or another of its names, else the only one whose names hold it."""
    exact = next((spec for spec in forms if word in (spec.name, *spec.openings)), None)
    if exact is not None or len(word) < 2:  # noqa: PLR2004  (one character is in too many names)
        return exact
    near = [spec for spec in forms if any(word in name or name in word for name in spec.openings)]
    return near[0] if len(near) == 1 else None
