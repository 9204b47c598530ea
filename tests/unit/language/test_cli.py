"""`kakou parse`: one line out for each line in, whatever comes in."""

import io
import json
import subprocess
import sys
from pathlib import Path

from handlers.language.cli import answer, run
from handlers.language.read import LONGEST

ROOT = Path(__file__).parents[3]
LINE = {
    "id": "m1",
    "text": "@小站 签到 红石坎村卡口 夜班",
    "sent_at": "2020-02-23T21:58:00+08:00",
    "sender": "李明",
    "place": "平谷区/金海湖镇",
    "chat_type": "group",
}


def parse(*lines, explain=False):
    out = io.StringIO()
    run(io.StringIO("\n".join(lines) + "\n"), out, explain)
    return out.getvalue()


def test_the_example_of_the_contract():
    assert json.loads(parse(json.dumps(LINE))) == {
        "id": "m1", "records": [{"kind": "check_in", "people": ["李明"], "post": "红石坎村卡口", "shift": "night"}], "command": None,
    }  # fmt: skip


def test_bad_lines_get_a_line_with_a_hint():
    answers = [
        json.loads(line)
        for line in parse(
            "{", "[1]", '{"id": 7}', '{"id":8,"text":"x","sent_at":"gestern"}', json.dumps(LINE)
        ).splitlines()
    ]
    assert [bool(answer.get("_error")) for answer in answers] == [True, True, True, True, False]
    assert [answer["id"] for answer in answers] == [None, None, 7, 8, "m1"]


def test_the_question_is_an_extra_key():
    assert json.loads(parse(json.dumps({**LINE, "text": "@小站 签到"})))["_question"] == {
        "kind": "check_in",
        "field": "post",
    }


def test_explain_shows_the_words():
    shown = parse(json.dumps(LINE), '{"bad', explain=True)
    assert "红石坎村卡口" in shown
    assert "字段" in shown
    assert "JSON" in shown


def test_explain_says_why_nothing_was_read():
    assert "question" in parse(json.dumps({**LINE, "text": "张家台村卡口今晚是谁接班呀？"}), explain=True)


def test_a_text_beyond_the_longest_says_how_much_of_it_was_not_read():
    assert answer(json.dumps({**LINE, "text": "到" * (LONGEST + 3)}))["_unread"] == 3
    assert "_unread" not in answer(json.dumps({**LINE, "text": "到" * LONGEST}))


def loaded_after(code, *, given=""):
    """The modules that a fresh interpreter has loaded behind `code`."""
    tail = "\nimport sys\nprint(*sorted(sys.modules), sep='\\n', file=sys.stderr)"
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code + tail], input=given, capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(done.stderr.split())


def test_the_first_answer_waits_for_nothing_that_it_does_not_need():
    code = "from bot.cli import main\nmain(['parse'], standalone_mode=False)"
    loaded = loaded_after(code, given=json.dumps(LINE) + "\n")
    assert "handlers.language.read" in loaded
    assert not loaded & {"sqlalchemy", "aiohttp", "asyncio", "pydantic", "wechatpy", "apscheduler", "rich", "borax"}


def test_a_start_waits_for_nothing_that_only_messages_need():
    loaded = loaded_after("import bot.app")
    assert "aiohttp" in loaded
    assert not loaded & {"wechatpy", "alembic", "typst", "borax", "requests"}
