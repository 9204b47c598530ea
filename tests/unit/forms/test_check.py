"""What is wrong with a form file is said at its line, all of it, by the loader and by the command."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from handlers.forms import Problem, folder, load
from handlers.language.form_spec import FormSpec
from tests.unit.forms.broken_files import CASES, GOOD, Changes, Expected, changed

case = pytest.mark.parametrize(("changes", "expected"), [each[1:] for each in CASES], ids=[each[0] for each in CASES])


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 20


def test_the_file_that_the_cases_change_is_good() -> None:
    assert isinstance(load(GOOD, "medicine.toml"), FormSpec)


@case
def test_each_mistake_is_named_at_its_line(changes: Changes, expected: Expected) -> None:
    problems = load(changed(changes), "medicine.toml")
    assert not isinstance(problems, FormSpec)
    assert len(problems) == len(expected), problems
    for problem, (line, message) in zip(problems, sorted(expected), strict=True):
        assert (problem.source, problem.line) == ("medicine.toml", line), problem
        assert problem.message.startswith(message)


@case
def test_the_command_prints_them_without_a_traceback(changes: Changes, expected: Expected, tmp_path: Path) -> None:
    file = tmp_path / "medicine.toml"
    file.write_text(changed(changes), encoding="utf-8")
    done = CliRunner().invoke(main, ["forms", "check", str(file)])
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    lines = done.stderr.splitlines()
    assert [line.split(": ")[0] for line in lines] == [f"{file}:{line}" for line, _ in sorted(expected)]


def test_every_mistake_says_what_was_expected() -> None:
    for _, changes, _ in CASES:
        problems = load(changed(changes), "x")
        assert not isinstance(problems, FormSpec)
        assert all("expected" in problem.message or "the first is at line" in problem.message for problem in problems)


def test_two_files_with_one_name_or_opening_word_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(GOOD, encoding="utf-8")
    other = GOOD.replace('"爱心送药"\nnames = ["送药", ', '"送药上门"\nnames = [\n"送药到家",\n')
    (tmp_path / "b.toml").write_text(other, encoding="utf-8")
    forms, problems = folder(tmp_path)
    assert len(forms) == 2
    first, second = tmp_path / "a.toml", str(tmp_path / "b.toml")
    assert problems == (
        Problem(second, 1, f"name medicine is taken by {first}; expected another one"),
        Problem(second, 5, f"opening word 代买药 is taken by {first}; expected another one"),
    )


def test_a_folder_that_is_not_there_and_a_file_that_is_no_text(tmp_path: Path) -> None:
    assert "no such folder" in str(folder(tmp_path / "none")[1][0])
    (tmp_path / "bad.toml").write_bytes(b'name = "x"\ntitle = "\xff"\n')
    assert str(folder(tmp_path)[1][0]).startswith(f"{tmp_path / 'bad.toml'}:2: byte ")


def test_the_command_takes_folders_and_says_that_all_is_well(tmp_path: Path) -> None:
    (tmp_path / "medicine.toml").write_text(GOOD, encoding="utf-8")
    done = CliRunner().invoke(main, ["forms", "check", str(tmp_path)])
    assert (done.exit_code, done.stdout) == (0, "1 forms: fine\n")


def test_an_empty_folder_is_a_mistake(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["forms", "check", str(tmp_path)])
    assert (done.exit_code, done.stderr) == (1, f"{tmp_path}: no form files; expected at least one *.toml\n")


def test_a_byte_order_mark_and_windows_line_ends_are_no_mistake(tmp_path: Path) -> None:
    file = tmp_path / "medicine.toml"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    done = CliRunner().invoke(main, ["forms", "check", str(file)])
    assert (done.exit_code, done.stdout) == (0, "1 forms: fine\n")
