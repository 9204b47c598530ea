"""The derived table of sounds says what the library that it comes from says."""

import runpy
from pathlib import Path

import pytest
from pypinyin import Style, lazy_pinyin, pinyin

from handlers.language.sounds import reading, readings

TOOL = Path(__file__).parents[3] / "tools" / "build_sounds.py"


def test_every_character_of_the_table_sounds_as_in_the_library() -> None:
    for char in runpy.run_path(str(TOOL))["characters"]():
        assert set(readings(char)) == set(pinyin(char, style=Style.NORMAL, heteronym=True)[0]), char
        assert reading(char) == lazy_pinyin(char)[0], char


@pytest.mark.parametrize("char", ["A", "7", "，", "\U00020000"])
def test_what_has_no_sound_stands_for_itself(char: str) -> None:
    assert reading(char) == char
    assert readings(char) == (char,)


def test_the_tool_gives_the_committed_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = tmp_path / "sounds.txt.gz"
    monkeypatch.setattr("sys.argv", ["build_sounds.py", str(output)])
    runpy.run_path(str(TOOL), run_name="__main__")
    assert output.read_bytes() == (TOOL.parents[1] / "handlers/language/data/sounds.txt.gz").read_bytes()
