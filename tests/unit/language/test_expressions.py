"""Expressions that let the engine skip: the same matches as the plain ones."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.language.expressions import (
    AnyOf,
    alternatives,
    beginning_with,
    by_first,
    expression,
    first_characters,
    matches,
    words_of,
)

TEXTS = st.text(alphabet="到岗上签退ab12?,\n ", max_size=12)
PATTERN = r"到岗|上岗(?!上)|(?:签到|签退)(?=[,a]|$)|到的?|[ab]1|(?<=岗)上|^签|\?|[12]+a"


@given(TEXTS)
def test_any_of_finds_what_the_expression_finds(text):
    assert AnyOf(PATTERN).search(text) == (re.search(PATTERN, text) is not None)


@given(TEXTS)
def test_a_long_choice_is_not_multiplied_out_and_finds_the_same(text):
    pattern = rf"(?:到|上|签)岗?(?:{'x' * 400}|到|退)|(?:下|1)2|b$"
    assert AnyOf(pattern).search(text) == (re.search(pattern, text) is not None)


def test_an_expression_is_compiled_when_it_is_first_asked():
    late, now = expression(r"^(?P<where>到)岗(x)?", re.MULTILINE), re.compile(r"^(?P<where>到)岗(x)?", re.MULTILINE)
    assert "search" not in vars(late)
    text = "上岗\n到岗x\n到岗"
    assert late.findall(text) == now.findall(text)
    assert "search" in vars(late)
    assert [m.span() for m in late.finditer(text, 3)] == [m.span() for m in now.finditer(text, 3)]
    assert late.sub("-", text) == now.sub("-", text)
    assert late.split(text) == now.split(text)
    assert (late.match(text), late.fullmatch("到岗")["where"]) == (None, "到")
    assert (late.pattern, late.groups, late.groupindex) == (now.pattern, now.groups, now.groupindex)


def test_a_wrong_expression_is_told_when_it_is_used():
    late = expression("(")
    with pytest.raises(re.error, match="missing"):
        late.search("x")


@given(TEXTS)
def test_branches_by_first_character_keep_their_order(text):
    words = ["到岗上", "上", "到", "到岗", "上岗", r"\?", "上1"]
    assert re.findall(by_first(words), text) == re.findall("|".join(words), text)


def test_a_branch_without_a_first_character_is_refused():
    with pytest.raises(ValueError, match="plain"):
        by_first(["到岗", "(?:上)岗"])


@given(TEXTS)
def test_a_beginning_leads_to_the_whole(text):
    pattern = r"(?:(?P<number>(?<![0-9])[0-9]+)|(?P<word>[ab](?P<inner>[0-9])?))"
    found = [(*span, words_of(m), m.lastgroup) for m, span in matches(beginning_with("0-9ab", pattern), text)]
    assert found == [(m.start(), m.end(), m.group(), m.lastgroup) for m in re.finditer(pattern, text)]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("到岗|[上下]岗", ["到岗", "上岗", "下岗"]),
        ("(?:到|上)岗x?", ["到岗x?", "上岗x?"]),
        ("(?:到|上)?岗", ["(?:到|上)?岗"]),
        ("[^上]岗", ["[^上]岗"]),
        (r"a(?:b|c)[|)]|\|", [r"a(?:b|c)[|)]", r"\|"]),
    ],
)
def test_alternatives(pattern, expected):
    assert alternatives(pattern) == expected


def test_first_characters_look_past_what_stands_before():
    assert first_characters("(?:(?<!x)|(?<=[了我]))[道倒](?:岗)|反京") == ["道", "倒", "道", "倒", "反"]
