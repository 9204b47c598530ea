"""`kakou parse`: one line out for each line in, whatever comes in."""

import io
import json

from handlers.language.cli import answer, run
from handlers.language.read import LONGEST

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
