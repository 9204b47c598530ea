"""The words that an expression needs: wherever it matches, one of them stands."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.language import gate, kinds
from handlers.language.needed import FirstLook, needed
from handlers.language.openings import Openings

WORDS = [
    ("到岗|离岗", {"到岗", "离岗"}),
    ("[到离]岗", {"到岗", "离岗"}),
    ("(?:到|离)了?岗", {"岗"}),
    ("(?<!未)到(?!不)岗", {"到岗"}),
    ("(?:未(?=到岗)|离岗)", {"未", "离岗"}),
    (r"第\d+轮", {"轮"}),
    (r"(?P<word>更正)1{1,3}?", {"更正"}),
    ("请{0,2}假", {"假"}),
    ("^到*[^岗]$", None),
    ("岗|", None),
]
PATTERNS = [r"到岗|上岗(?!上)|签[到退](?=[,a]|$)|[ab]1|(?<=岗)上", r"(?:到|上(?:岗|班)?)+退", r"[^到]签(?:\d|退退)"]


@pytest.mark.parametrize(("pattern", "expected"), WORDS)
def test_the_words_that_an_expression_needs(pattern, expected):
    assert needed(pattern) == expected


@given(st.text(alphabet="到岗上班签退ab1,\n", max_size=8))
def test_what_can_match_is_looked_for(text):
    can = FirstLook(PATTERNS)(text)
    missed = [pattern for n, pattern in enumerate(PATTERNS) if re.search(pattern, text) and not can >> n & 1]
    assert missed == []


@pytest.mark.parametrize("pattern", [rule for _, rule in kinds._RULES] + [gate._QUESTION.pattern, gate._NEWS.pattern])
def test_no_rule_has_to_be_asked_of_every_text(pattern):
    assert needed(pattern)


def test_an_expression_that_can_match_anything_is_always_asked():
    assert FirstLook(["到岗", "^$"])("") == 0b10


def test_the_first_name_whose_words_open_a_text_is_found():
    openings = Openings([("one", "到岗(?=.)"), ("two", "到岗|签到(?P<where>.*)$")], before=r"\s*/?\s*")
    found = {text: openings.find(text) for text in ("到岗 东门", " / 到岗", "签到东门", "请签到", "东门")}
    assert {text: name and name[0] for text, name in found.items()} == {
        "到岗 东门": "one",
        " / 到岗": "two",
        "签到东门": "two",
        "请签到": None,
        "东门": None,
    }
    assert found["签到东门"] is not None
    assert found["签到东门"][1]["where"] == "东门"
