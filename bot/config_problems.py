"""What is wrong with a configuration, as sentences for the person who runs the bot. None shows a secret's value."""

import typing
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic.fields import FieldInfo

Location = tuple[int | str, ...]

CHANNEL_TYPES: Final = ("aibot_callback", "app_callback", "group_webhook")
NOT_YET: Final = ("aibot_socket", "official_account")
RECEIVING: Final = ("aibot_callback", "app_callback")
OVERRIDABLE: Final = ("server", "storage", "time")
SHOWN: Final = 60
"""Characters of a wrong value that a sentence repeats."""
FOUND: Final = {"missing": "missing", "extra_forbidden": "unknown key"}


def _variables(env: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Variable, section and key of every `KAKOU_<SECTION>_<KEY>`."""
    for variable in sorted(env):
        prefix, _, rest = variable.partition("_")
        section, _, key = rest.lower().partition("_")
        if prefix == "KAKOU" and section in OVERRIDABLE and key:
            yield variable, section, key


def overlay(mapping: Mapping[str, Any], env: Mapping[str, str]) -> tuple[dict[str, Any], dict[Location, str]]:
    """Lay the environment's values over `mapping`, and tell which key came from which variable."""
    merged, origins = dict(mapping), dict[Location, str]()
    for variable, section, key in _variables(env):
        table = merged.get(section, {})
        if isinstance(table, Mapping):
            merged[section] = {**table, key: env[variable]}
            origins[section, key] = variable
    merged.setdefault("storage", {})  # so that its missing key is named, not the table
    return merged, origins


def environment_problems(model: type[BaseModel], env: Mapping[str, str]) -> list[str]:
    """Variables of a known section that name no key of it: most likely a slip of the pen."""
    problems = []
    for variable, section, key in _variables(env):
        table = model.model_fields[section].annotation
        known = sorted(table.model_fields) if isinstance(table, type) and issubclass(table, BaseModel) else []
        if key not in known:
            wanted = ", ".join(f"KAKOU_{section}_{name}".upper() for name in known)
            problems.append(f"environment: {variable}: unknown key; expected one of {wanted}")
    return problems


def _key(location: Sequence[int | str]) -> str:
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _models(annotation: Any) -> list[type[BaseModel]]:
    """Every model inside a field's annotation: `tuple[A | B, ...]` gives A and B."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in typing.get_args(annotation) for model in _models(argument)]


def _tagged(models: list[type[BaseModel]], tag: Any) -> list[type[BaseModel]]:
    chosen = [
        m for m in models if "type" in m.model_fields and tag in typing.get_args(m.model_fields["type"].annotation)
    ]
    return chosen or models


def _field(model: type[BaseModel], location: Location, mapping: Any) -> FieldInfo | None:
    """Find the model's field at `location`, whose description says what is expected there."""
    models, found, value = [model], None, mapping
    for part in location:
        value = _at(value, part)
        if isinstance(part, int):
            models = _tagged(models, _at(value, "type"))
            continue
        here = next((m.model_fields[part] for m in models if part in m.model_fields), None)
        if here is None:
            return found if not models else None
        found, models = here, _models(here.annotation)
    return found


def _at(value: Any, part: int | str) -> Any:
    if isinstance(value, Mapping):
        return value.get(part)
    if isinstance(value, Sequence) and not isinstance(value, str) and isinstance(part, int) and part < len(value):
        return value[part]
    return None


def _is_secret(field: FieldInfo | None) -> bool:
    return field is not None and (not field.repr or SecretStr.__name__ in repr(field.annotation))


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def _found(error: Mapping[str, Any], field: FieldInfo | None) -> str:
    if error["type"] in FOUND:
        return FOUND[error["type"]]
    said = str(error.get("ctx", {}).get("error", ""))
    if _is_secret(field):
        return said or f"a value that is no text ({type(error['input']).__name__})"
    if isinstance(error["input"], Mapping | BaseModel):
        return said or "a table"
    return f"found {_shown(error['input'])}" + (f" ({said})" if said else "")


def _known_keys(model: type[BaseModel], location: Location, mapping: Any) -> str:
    """List the keys that the table has, where one is unknown."""
    models, value = [model], mapping
    for part in location[:-1]:
        value = _at(value, part)
        if isinstance(part, int):
            models = _tagged(models, _at(value, "type"))
        else:
            models = [x for m in models if part in m.model_fields for x in _models(m.model_fields[part].annotation)]
    return "one of " + ", ".join(sorted({name for m in models for name in m.model_fields}))


def _channel_type(error: Mapping[str, Any], location: Location, mapping: Any) -> str:
    value = _at(_at(_at(mapping, "channels"), location[1]), "type")
    if value in NOT_YET:
        found = f"{value} is not available yet"
    else:
        found = "missing" if error["type"] == "union_tag_not_found" else f"found {_shown(value)}"
    return f"{_key((*location[:2], 'type'))}: {found}; expected one of {', '.join(CHANNEL_TYPES)}"


def _sentence(model: type[BaseModel], error: Mapping[str, Any], mapping: Any) -> tuple[Location, str]:
    location: Location = tuple(error["loc"])
    if str(error["type"]).startswith("union_tag"):
        return location, _channel_type(error, location, mapping)
    if location[0] == "channels" and len(location) > 2:  # noqa: PLR2004  (channels, index, type that pydantic adds)
        location = (*location[:2], *location[3:])
    field = _field(model, location, mapping)
    if error["type"] == "extra_forbidden":
        expected = _known_keys(model, location, mapping)
    elif location[0] == "reports" and error["type"] == "value_error" and len(location) == 2:  # noqa: PLR2004
        expected = 'exactly one of at = "22:00" and cron = "0 22 * * 1-5"'
    else:
        expected = (field.description if field else None) or "another value"
    return location, f"{_key(location)}: {_found(error, field)}; expected {expected}"


def field_problems(
    model: type[BaseModel], error: ValidationError, mapping: Any, source: str, origins: Mapping[Location, str]
) -> list[str]:
    """One sentence for each mistake that the models found, in the order of the models' fields."""
    problems = []
    for item in error.errors(include_url=False):
        location, sentence = _sentence(model, item, mapping)
        variable = origins.get(location[:2])
        if variable and item["type"] == "extra_forbidden":
            continue  # `environment_problems` names it
        problems.append(f"environment: {variable}: {sentence}" if variable else f"{source}: {sentence}")
    return problems


def _tables(mapping: Any, section: str) -> list[tuple[int, Mapping[str, Any]]]:
    tables = _at(mapping, section)
    if not isinstance(tables, Sequence) or isinstance(tables, str):
        return []
    return [(i, table) for i, table in enumerate(tables) if isinstance(table, Mapping)]


def _repeated(mapping: Any, section: str, key: str) -> Iterator[str]:
    first: dict[str, int] = {}
    for i, table in _tables(mapping, section):
        value = table.get(key)
        if isinstance(value, str) and first.setdefault(value, i) != i:
            where = _key((section, first[value], key))
            yield f"{_key((section, i, key))}: {_shown(value)} is already {where}; expected a {key} of its own"


def _unknown_channels(mapping: Any) -> Iterator[str]:
    types = {str(table.get("name")): table.get("type") for _, table in _tables(mapping, "channels")}
    for i, table in _tables(mapping, "groups"):
        for key, fit in (("receive", RECEIVING), ("report_to", (*CHANNEL_TYPES, *NOT_YET))):
            value = table.get(key)
            if not isinstance(value, str) or not value:
                continue
            names = ", ".join(sorted(name for name, kind in types.items() if kind in fit)) or "none is configured"
            if value not in types:
                yield f"{_key(('groups', i, key))}: no channel {_shown(value)}; expected one of: {names}"
            elif types[value] not in (*fit, *NOT_YET):
                where = _key(("groups", i, key))
                yield f"{where}: the channel {_shown(value)} cannot receive; expected one of: {names}"


def _unknown_groups(mapping: Any) -> Iterator[str]:
    chats = sorted(str(table.get("chat")) for _, table in _tables(mapping, "groups"))
    for i, table in _tables(mapping, "reports"):
        groups = table.get("groups", [])
        for j, chat in enumerate(groups if isinstance(groups, list | tuple) else []):
            if chat != "*" and chat not in chats:
                known = ", ".join(["*", *chats])
                yield f"{_key(('reports', i, 'groups', j))}: no group {_shown(chat)}; expected one of: {known}"


def cross_problems(mapping: Any, source: str) -> list[str]:
    """Mistakes between tables: names that repeat, names that lead nowhere. Read from the raw mapping, so that they
    are found beside the mistakes of single fields.
    """
    found: list[str] = []
    for section, key in (("channels", "name"), ("channels", "path"), ("groups", "chat"), ("reports", "name")):
        found += _repeated(mapping, section, key)
    found += _unknown_channels(mapping)
    found += _unknown_groups(mapping)
    return [f"{source}: {problem}" for problem in found]
