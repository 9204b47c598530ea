# ruff: noqa: S603 - our own interpreter on our own scorer
"""The whole parser on whole corpora, scored fact by fact."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "corpus"
SCORER = ROOT / "tests" / "support" / "score_parse.py"
GROWN = ("grown.jsonl", "grown_city.jsonl", "grown_village.jsonl")
"""Grown while the parser was written; the unseen ones were never looked at."""


def score(*paths: Path) -> dict[str, float]:
    command = f"{sys.executable} -m handlers.language.cli"
    run = subprocess.run(
        [sys.executable, SCORER, *paths, "--command", command, "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(run.stdout)


@pytest.mark.parametrize(("names", "f1", "exact", "alarms"), [
    (("../../examples/messages.jsonl",), 0.97, 0.88, 0.02),
    (GROWN, 0.97, 0.88, 0.02),
    (("unseen.jsonl", "unseen_second.jsonl"), 0.95, 0.86, 0.04),
])  # fmt: skip
def test_the_parser_reads_what_people_write(names, f1, exact, alarms):
    found = score(*(path for name in names if (path := (CORPUS / name)).exists()))
    assert found["f1"] >= f1
    assert found["exact"] >= exact
    assert found["false_alarms"] <= alarms
