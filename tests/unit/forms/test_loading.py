"""From files to forms: what comes with the program, what a place adds, what it replaces."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.app import forms_of
from bot.cli import main
from bot.config import parse
from bot.errors import ConfigError
from handlers.forms.loading import configured, folder, load, shipped
from handlers.language.form_spec import FormSpec
from tests.unit.forms.broken_files import GOOD

DATA = Path(__file__).parents[3] / "handlers/forms/data"
NEEDED = {
    "enterprise", "supply", "antigen", "door_sensor", "quarantine_household", "nucleic", "handout", "disinfection",
    "delivery", "visit",
}  # fmt: skip


def test_the_shipped_files_are_without_mistake_and_without_clash() -> None:
    forms, problems = folder(DATA)
    assert problems == ()
    assert forms == shipped()
    assert {form.name for form in forms} >= NEEDED


@pytest.mark.parametrize("form", shipped(), ids=lambda form: form.name)
def test_what_says_something_of_persons_is_personal_and_what_identifies_is_a_field(form: FormSpec) -> None:
    private = {field.key for field in form.fields if field.type == "phone"}
    assert all(field.personal for field in form.fields if field.key in private)
    assert not form.sensitive or any(field.personal for field in form.fields)
    assert len(form.openings) == len(set(form.openings))


def test_a_form_is_what_its_file_says() -> None:
    form = load(GOOD, "medicine.toml")
    assert isinstance(form, FormSpec)
    count, state = form.fields[1], form.fields[2]
    assert (form.name, form.openings, form.identity) == ("medicine", ("爱心送药", "送药", "代买药"), ("elder",))
    assert (count.unit, count.units, count.minimum, count.maximum) == ("盒", ("盒", "瓶"), 1, 100)
    assert state.choices == (("已送达", ("送到",)), ("未送达", ()))
    assert form.figures[0].measure == "sum"


def test_own_forms_come_first_and_replace_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(GOOD.replace('"medicine"', '"antigen"'), encoding="utf-8")
    forms, problems = configured(str(tmp_path))
    assert problems == ()
    assert [form.title for form in forms if form.name == "antigen"] == ["爱心送药"]
    assert forms[0].title == "爱心送药"
    assert len(forms) == len(shipped())


def test_without_a_folder_there_are_the_shipped_ones() -> None:
    assert configured("") == (shipped(), ())


KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


def config_of(where: str) -> dict[str, object]:
    return {"storage": {"key": KEY}, "forms": {"folder": where}}


def test_a_relative_folder_starts_at_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own/medicine.toml").write_text(GOOD, encoding="utf-8")
    config = parse(config_of("own"), "config.toml", {}, base=tmp_path)
    assert forms_of(config)[0].name == "medicine"


def test_a_bot_with_a_broken_form_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "medicine.toml").write_text(GOOD.replace("min = 1", "minimum = 1"), encoding="utf-8")
    config = parse(config_of(str(tmp_path)), "config.toml", {}, base=tmp_path)
    with pytest.raises(ConfigError) as raised:
        forms_of(config)
    (problem,) = raised.value.problems
    assert problem.startswith(f"{tmp_path / 'medicine.toml'}:19: unknown key minimum")


def test_the_list_shows_every_form(tmp_path: Path) -> None:
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms/medicine.toml").write_text(GOOD, encoding="utf-8")
    file = tmp_path / "config.toml"
    file.write_text(f'[storage]\nkey = "{KEY}"\n[forms]\nfolder = "forms"\n', encoding="utf-8")
    done = CliRunner().invoke(main, ["forms", "list", "--config", str(file)])
    assert done.exit_code == 0, done.output
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert lines[0][0] == "name"
    assert lines[1][:4] == ["medicine", "爱心送药", "work", "own"]
    assert {line[0] for line in lines[1:]} == {"medicine"} | {form.name for form in shipped()}
