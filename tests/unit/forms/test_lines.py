"""The line index against texts that hold everything TOML can."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.forms.toml_lines import LineIndex, Where

TEXT = '''\
# a comment = 1
a = 1
"quoted key" = "x"   # b = 2
many = [
  "one", # [x]
  ["two", "三"],
  { inner = 1, other = "}" },
]
long = """
[not.a.table]
c = 3
"""
literal = \'\'\'
d = "
\'\'\'
when = 2020-02-23 07:30:00
e.f.g = true

[table]
key = 'a # b'
  [table.below]
  key = 1.5

[[list]]
key = 1
[[list]]
key = 2
[list.sub]
key = 3
[[list.deep]]
key = 4
'''
LINES: tuple[tuple[Where, int], ...] = (
    (("a",), 2),
    (("quoted key",), 3),
    (("many",), 4),
    (("many", 0), 5),
    (("many", 1, 1), 6),
    (("many", 2, "other"), 7),
    (("long",), 9),
    (("literal",), 13),
    (("when",), 16),
    (("e", "f", "g"), 17),
    (("table",), 19),
    (("table", "key"), 20),
    (("table", "below", "key"), 22),
    (("list", 0, "key"), 25),
    (("list", 1, "key"), 27),
    (("list", 1, "sub", "key"), 29),
    (("list", 1, "deep", 0, "key"), 31),
    (("list", 1, "nothing"), 26),
    (("nothing",), 1),
)


@pytest.mark.parametrize(("where", "line"), LINES)
def test_a_key_is_found_at_its_line(where: Where, line: int) -> None:
    tomllib.loads(TEXT)
    assert LineIndex(TEXT).line(*where) == line


def test_windows_line_ends_count_once() -> None:
    assert LineIndex(TEXT.replace("\n", "\r\n")).line("table", "key") == 20


PIECES = st.sampled_from(
    ["a = 1", "[t]", "[[l]]", "b = [1, [2]]", "c = { d = 1 }", 'e = """x\n[y]"""', "# c", "", "f.g = 'z'", 'h = "\\""']
)


@given(st.lists(PIECES, max_size=12).map("\n".join))
def test_whatever_is_toml_is_indexed(text: str) -> None:
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    index = LineIndex(text)
    lines = text.split("\n")
    for key in values:
        assert key in lines[index.line(key) - 1]
