"""What people hear about duty and calls in cases that a day of theirs brings, through the handlers and the database."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from handlers import call_wants, texts_report
from storage.crypto import Keyring
from storage.daily_count import DutyCell
from storage.tables import Duty, RecordRow
from storage.tables_duty import SignUp
from tests.support.databases import SqliteFiles
from tests.support.duty_books import CHAT, DISTRICT, OTHER, ZONE, DutyBooks

START = datetime(2020, 2, 23, 8, 0, tzinfo=ZONE)


@pytest.fixture
def books(sqlite_files: SqliteFiles, tmp_path: Path, keyring: Keyring) -> Iterator[DutyBooks]:
    with sqlite_files.fresh(tmp_path, keyring) as database:
        yield DutyBooks(database.engine(), START)


def later(books: DutyBooks, **by: float) -> None:
    books.clock.forward(timedelta(**by))


# -- lists of several villages ---------------------------------------------------------------------------------------


def test_posts_of_one_name_in_two_villages_are_two_posts(books: DutyBooks) -> None:
    for chat in (CHAT, OTHER):
        books.say("lead", "排班 东门 24小时 每班1人", chat=chat)
    books.say("chen", "到岗 东门 0:00")
    later(books, hours=2)
    gaps = books.say("boss", "空岗", chat=DISTRICT)
    assert "- 将军关村东门：00:00–10:00 没有在岗记录，共 10 小时" in gaps
    assert "红石坎村东门：" not in gaps
    roster = books.say("boss", "在岗名单", chat=DISTRICT)
    assert "- 红石坎村东门：陈建国（00:00起）（应到1人）" in roster
    assert "- 将军关村东门：还没有在岗记录（应到1人）" in roster


def test_a_quota_without_names_is_due(books: DutyBooks) -> None:
    books.say("lead", "排班 东门 8:00-20:00 每班2人")
    books.say("chen", "到岗 东门")
    later(books, hours=1)
    assert "- 东门（今天08:00–20:00）：需 2人，已到 1 人" in books.say("lead", "空岗")


def test_hours_that_nobody_has_told_are_no_zero() -> None:
    assert texts_report.post_cells("东门", DutyCell(participations=1, open=1))[-1] == "—"
    assert texts_report.post_cells("东门", DutyCell(participations=1, hours=2.5))[-1] == "2.5"


# -- rest ------------------------------------------------------------------------------------------------------------

REST = [
    ("东门 夜班 20:00-8:00 孙晓雨 2月23日", "西门 10:00-16:00 孙晓雨 2月24日", "之间不到8小时休息"),
    ("东门 夜班 20:00-8:00 孙晓雨 2月23日", "东门 白班 8:00-20:00 孙晓雨 2月24日", "超过12小时"),
    ("东门 夜班 20:00-8:00 孙晓雨 2月23日", "西门 17:00-20:00 孙晓雨 2月24日", ""),
    ("东门 8:00-12:00 孙晓雨 2月24日", "西门 14:00-18:00 孙晓雨 2月24日", ""),
    ("东门 夜班 20:00-8:00 孙晓雨 2月23日", "西门 10:00-16:00 马志强 2月24日", ""),
]


@pytest.mark.parametrize(("first", "second", "said"), REST)
def test_a_plan_without_rest_is_said(books: DutyBooks, first: str, second: str, said: str) -> None:
    assert "😴" not in books.say("lead", f"排班 {first}")
    answer = books.say("lead", f"排班 {second}")
    assert ("😴" in answer) is bool(said)
    assert said in answer


def test_a_swap_without_rest_is_said(books: DutyBooks) -> None:
    books.say("lead", "排班 北门 白班 9:00-17:00 马志强 2月23日")
    books.say("lead", "排班 东门 夜班 20:00-8:00 孙晓雨 2月23日")
    answer = books.say("lead", "替班 马志强替孙晓雨 2月23日夜班")
    assert "由马志强替孙晓雨" in answer
    assert "😴 马志强：北门白班（今天09:00–17:00） 与 东门夜班" in answer


def test_whoever_goes_on_to_another_post_after_twelve_hours_hears_it(books: DutyBooks) -> None:
    books.say("chen", "到岗 东门")
    later(books, hours=13)
    assert "😴 陈建国已连续在岗超过12小时" in books.say("chen", "到岗 西门")
    later(books, hours=12)
    assert "😴" not in books.say("sun", "到岗 西门")


# -- corrections and taking back -------------------------------------------------------------------------------------


def test_a_correction_that_cannot_be_is_refused_and_changes_nothing(books: DutyBooks) -> None:
    books.say("chen", "到岗 东门")
    later(books, hours=4)
    books.say("chen", "离岗")
    before = books.shown()
    assert "时间对不上，先不改" in books.say("chen", "更正 C2 结束时间改为7:00")
    assert books.shown() == before
    assert "结束时间改为" in books.say("chen", "更正 C2 结束时间改为11:00")
    assert [row.hours for row in books.rows(Duty)] == [3.0]


def test_a_name_a_number_and_hours_are_corrected_in_the_books(books: DutyBooks) -> None:
    books.say("chen", "到岗 东门 陈建国 孙晓雨 共5人")
    books.say("chen", "更正 C1 人数改为4人")
    books.say("chen", "更正 C1 人员改为马志强")
    rows = books.rows(Duty, Duty.state != "undone")
    assert [(row.person, row.unnamed) for row in rows] == [("马志强", 2)]
    books.say("chen", "更正 C1 时长改为3小时")
    assert [(row.state, row.hours) for row in books.rows(Duty, Duty.state != "undone")] == [("closed", 3.0)]


def test_each_record_takes_back_what_it_did_alone(books: DutyBooks) -> None:
    books.say("chen", "离岗 东门")
    later(books, minutes=5)
    assert "对上了" in books.say("chen", "到岗 东门 5:00")
    books.say("chen", "撤回 C2")
    period = books.rows(Duty)[0]
    assert (period.state, period.starts_at, period.ends_at, period.hours) == ("closed", None, START, None)
    books.say("chen", "到岗 东门 6:00")
    assert books.rows(Duty, Duty.state != "undone")[0].hours == 2.0


def test_a_rejected_report_leaves_no_record(books: DutyBooks) -> None:
    books.say("chen", "补签 昨天 14:00-18:00 北门")
    assert "未通过" in books.say("lead", "不同意 C1", chat="lead")
    assert [row.state for row in books.rows(RecordRow, RecordRow.kind != "step")] == ["undone"]
    assert books.differences() == []


# -- calls -----------------------------------------------------------------------------------------------------------


def test_companions_who_come_later_take_nobodys_place(books: DutyBooks) -> None:
    books.say("lead", "招募 孙河乡 3人 明天9点到")
    for who in ("chen", "sun", "ma"):
        books.say(who, "报名")
    books.say("chen", "陈建国+1")
    board = books.say("lead", "报名名单")
    assert "名单（3人）：陈建国、孙晓雨、马志强\n备选：陈建国再带1人" in board
    assert "陈建国再带1人" not in books.say("chen", "撤回") + books.say("lead", "报名名单")


def test_fewer_companions_let_the_next_move_up(books: DutyBooks) -> None:
    books.say("lead", "招募 孙河乡 3人 明天9点到")
    books.say("chen", "陈建国+2")
    books.say("sun", "报名")
    books.say("chen", "陈建国+1")
    assert any("您已递补入选" in text for text in books.told("sun"))


def test_a_withdrawal_that_is_taken_back_gives_the_place_back(books: DutyBooks) -> None:
    books.say("lead", "招募 孙河乡 1人 明天9点到")
    books.say("chen", "报名")
    books.say("sun", "报名")
    assert "孙晓雨 递补入选" in books.say("chen", "退出报名")
    books.say("chen", "撤回")
    assert "名单（1人）：陈建国\n备选：孙晓雨" in books.say("lead", "报名名单")
    assert "您现在是备选第1位" in books.told("sun")[-1]


def test_a_smaller_quota_is_told_to_those_who_wait_now(books: DutyBooks) -> None:
    books.say("lead", "招募 孙河乡 2人 明天9点到")
    for who in ("chen", "sun"):
        books.say(who, "报名")
    books.say("lead", "Z1 名额 1人", chat="lead")
    assert "您现在是备选第1位" in books.told("sun")[-1]
    assert books.told("chen") == []
    assert "名额改为 1 人" in books.told(CHAT)[-1], "the group hears what was ordered elsewhere"


def test_a_name_on_the_list_is_corrected(books: DutyBooks) -> None:
    books.say("lead", "招募 孙河乡 2人 明天9点到")
    books.say("chen", "孙晓雨报名")
    books.say("chen", "更正 S1 人员改为马志强")
    assert [row.person for row in books.rows(SignUp)] == ["马志强"]


def test_whoever_signed_up_alone_arrives_in_the_group(books: DutyBooks) -> None:
    books.say("lead", "招募 孙河乡 1人 今天10点到")
    books.say("chen", "报名", chat="chen")
    later(books, hours=1)
    assert "1/1 全部到位" in books.say("chen", "到岗 孙河乡")


def test_the_end_of_signing_up_is_said_once(books: DutyBooks) -> None:
    books.say("lead", "招募 孙河乡 3人 明天9点到 报名截止今天10点")
    books.say("chen", "报名")
    assert "还差 2 人，10:00 截止" in books.say("lead", "报名名单")
    later(books, hours=2, minutes=5)
    parts = books.look()
    assert [(part.chat, "报名已截止（10:00），还差 2 人" in part.content) for part in parts] == [
        ("lead", True),
        (CHAT, True),
    ]
    later(books, minutes=15)
    assert books.look() == []
    assert "的报名已截止" in books.say("sun", "报名")


def test_a_call_shows_what_it_still_asks_for(books: DutyBooks) -> None:
    said = books.say("lead", "招募 孙河乡 3人（有车1人，会录系统1人） 明天9点到")
    assert "其中有车 1人、会录系统 1人" in said or "其中会录系统 1人、有车 1人" in said
    books.say("chen", "报名，我有车")
    board = books.say("lead", "报名名单")
    assert "有车 1/1" in board
    assert "会录系统 0/1" in board


WANTS = [
    ("招募 12人 明天9点前到 核酸辅助 一周", {}),
    ("招募 12人，其中会急救2人、有车的3人，今晚9点", {"会急救": 2, "有车": 3}),
    ("招募 8人 要求2名医护", {"医护": 2}),
    ("招募 2名司机 自带车 明天8点", {"会开车": 2}),
]


@pytest.mark.parametrize(("text", "wants"), WANTS)
def test_what_a_call_asks_for(text: str, wants: dict[str, int]) -> None:
    assert call_wants.read(text) == wants
