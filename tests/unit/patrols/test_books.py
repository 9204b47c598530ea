"""Rounds and findings through the handlers into the books, on both databases."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from storage.tables import RecordRow
from storage.tables_org import Post
from storage.tables_patrols import FindingPicture, PatrolRound
from tests.support.patrol_books import UNIT, ZONE, Books

PLAN = "巡查 每2小时 22:00-6:00 红石坎村卡口"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2020, 2, day, hour, minute, tzinfo=ZONE)


@pytest.fixture
def books(engine: Engine) -> Books:
    return Books(engine, at(23, 21))


def states_of(books: Books) -> list[str]:
    return [row.state for row in books.slots()]


def test_only_those_in_charge_plan(books: Books) -> None:
    assert "请找：刘桂英" in books.say("chen", PLAN)
    assert "一天 5 轮：22:00、00:00、02:00、04:00、06:00" in books.say("lead", PLAN)
    assert "请在值守群里说" in books.say("lead", PLAN, alone=True)
    assert "间隔请在10分钟到24小时之间" in books.say("lead", "巡查 每5分钟 东门")


def test_a_round_closes_the_due_one_and_its_correction_another(books: Books) -> None:
    books.say("lead", PLAN)
    books.until(at(24, 0, 5))
    assert "第1轮，00:05，红石坎村卡口，正常。本班已巡 1/5 轮" in books.say("chen", "巡查 正常")
    assert states_of(books) == ["missed", "done"]
    books.say("chen", "更正 P1 时间改为昨天22:10")
    assert states_of(books) == ["done", "due"]
    books.say("chen", "撤回 P1")
    assert states_of(books) == ["missed", "due"]


def test_a_round_told_twice_counts_once_and_one_told_late_counts(books: Books) -> None:
    books.say("lead", PLAN)
    books.until(at(23, 22, 10))
    books.say("chen", "巡查 第1轮 22:05 正常")
    assert "已记过（P1），不重复记" in books.say("sun", "巡查 第1轮 22:10 正常")
    assert "⚠️ P2 灭火器过期" in books.say("sun", "巡查 第1轮 22:10 灭火器过期"), "what is new is kept"
    books.until(at(24, 3))
    assert states_of(books) == ["done", "missed", "due"]
    assert "第2轮" in books.say("chen", "巡查 第2轮 0:10 正常")
    assert states_of(books) == ["done", "done", "due"]
    with Session(books.engine) as session:
        assert len(session.scalars(select(PatrolRound)).all()) == 2
        assert len(session.scalars(select(RecordRow).where(RecordRow.kind == "patrol")).all()) == 3


def test_a_stopped_plan_leaves_nobody_waiting(books: Books) -> None:
    books.say("lead", PLAN)
    books.say("lead", "巡查 每小时 8:00-20:00 西门")
    books.until(at(23, 22, 5))
    assert "本群有几处巡查" in books.say("lead", "巡查 停")
    assert "没有 北门 的巡查计划" in books.say("lead", "巡查 停 北门")
    assert "不再提醒" in books.say("lead", "巡查 停 红石坎村卡口")
    assert not books.until(at(24, 6))
    assert states_of(books) == ["off"]


def test_after_a_pause_nothing_old_is_reminded_of_and_the_board_says_why(books: Books) -> None:
    books.say("lead", PLAN)
    books.now = at(24, 7, 5)
    said = books.look()
    assert [part.chat for part in said] == ["wrVillage", "lead", "boss"], "the round of 06:00 is still worth a word"
    assert all("06:00 这一轮" in part.content for part in said)
    assert not books.look()
    assert not books.until(at(24, 12))
    board = books.say("chen", "/巡查")
    assert board.count("没有记录（系统当时没在运行，没有提醒）") == 4
    assert "应巡 5 轮，已巡 0 轮，5 轮没有记录" in board


def test_a_finding_from_the_first_word_to_the_re_check(books: Books) -> None:
    said = books.say("chen", "巡查 第6轮 02:10 红石坎村卡口 灭火器过期，登记本缺1页 已补")
    assert "发现问题 2 处" in said
    assert "⚠️ P1 灭火器过期：待整改" in said
    assert "⚠️ P2 登记本缺1页（已补）：已整改，等复查" in said
    assert "指派给别人要由负责人来做" in books.say("chen", "指派 P1 孙晓雨")
    assert "请孙晓雨整改" in books.say("lead", "指派 P1 孙晓雨")
    assert books.told[-1][0] == "sun"
    assert "等复查" in books.say("sun", "P1 已整改 换了新的")
    assert books.told[-1][0] == "lead"
    assert "复查请换一位" in books.say("sun", "P1 复查通过")
    assert "复查请发现的人或负责人来做" in books.say("sun", "P2 复查通过")
    assert "请写上原因" in books.say("lead", "P1 复查不通过")
    assert "待整改：孙晓雨" in books.say("lead", "P1 复查不通过 压力还是低")
    assert books.told[-1][0] == "sun"
    assert "退回1次" in books.say("lead", "/问题")
    books.say("sun", "P1 又换了一个，已换好")
    assert "已销号" in books.say("chen", "P1 复查通过"), "whoever found it may look at it again"
    assert "已经复查过了，不能撤回" in books.say("chen", "撤回 P1")
    assert "已重开（又坏了），待整改：孙晓雨" in books.say("lead", "P1 重开 又坏了")
    history = books.say("chen", "P1")
    assert [line.split(" ")[2] for line in history.splitlines()[1:]] == [
        "发现", "指派", "整改", "复查不通过", "整改", "复查通过", "重开"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("P9 已整改", "没找到 P9"),
        ("P1 已整改", "没有发现问题，不用整改"),
        ("P2 复查通过", "现在是“待指派”。可以说：指派 P2 张三；P2 已整改"),
        ("P2 已联系电工", "P2 灯坏了（待指派）。可以说：指派 P2 张三；P2 已整改"),
        ("指派 P2", "请写上姓名"),
        ("巡查 停", "本群还没有巡查计划"),
        ("巡查计划", "本群还没有巡查计划"),
    ],
)
def test_wrong_words_are_answered_with_what_to_say(books: Books, text: str, answer: str) -> None:
    books.say("chen", "巡查 正常")
    books.say("chen", "巡查 灯坏了")
    assert answer in books.say("lead", text)


def test_corrections_of_a_finding(books: Books) -> None:
    books.say("chen", "巡查 东门 灭火器过期")
    books.say("chen", "更正 P1 问题改为灭火器压力不足")
    books.say("chen", "更正 P1 点位改为西门")
    one = books.finding("P1")
    assert one is not None
    assert (one.text, one.post) == ("灭火器压力不足", "西门")
    books.say("chen", "巡查 正常")
    books.say("chen", "更正 P2 问题改为路灯不亮")
    assert (found := books.finding("P2")) is not None
    assert found.text == "路灯不亮"
    books.say("chen", "撤回 P2")
    assert "路灯" not in books.say("chen", "/问题")


def test_pictures_belong_to_the_finding_that_they_come_with_or_after(books: Books) -> None:
    books.say("chen", "巡查 灯坏了，炉子漏烟", kind="mixed", media=("https://a.example/1", "https://a.example/2"))
    assert "已附到 P1" not in books.say("sun", "", kind="image", media=("https://a.example/3",)), "not hers"
    books.now += timedelta(minutes=9)
    assert "📷 已附到 P2 炉子漏烟（共1张）" in books.say(
        "chen", "", kind="image", media=("https://a.example/4",), alone=True
    )
    books.now += timedelta(minutes=11)
    assert "📷" not in books.say("chen", "", kind="image", media=("https://a.example/5",), alone=True), "too late"
    books.say("sun", "P1 已换好", kind="mixed", media=("https://a.example/6",))
    with Session(books.engine) as session:
        kept = [(row.ref, row.media[-1]) for row in session.scalars(select(FindingPicture).order_by(FindingPicture.id))]
    assert kept == [("P1", "1"), ("P1", "2"), ("P2", "4"), ("P1", "6")]
    assert "📷3" in books.say("lead", "/问题")


def test_of_several_plans_each_can_be_stopped(books: Books) -> None:
    books.say("lead", "巡查 每2小时 22:00-6:00")
    books.say("lead", "巡查 每1小时 22:00-6:00 东门")
    asked = books.say("lead", "巡查 停")
    assert "本群有几处巡查：每2小时（22:00–次日06:00）；东门 每1小时（22:00–次日06:00）" in asked
    assert "例如：巡查 停 东门；都停请说：巡查 停 全部" in asked
    assert "没有 南门 的巡查计划" in books.say("lead", "巡查 停 南门")
    assert "好的，本群的巡查不再提醒" in books.say("lead", "巡查 停 本群")
    assert "东门" in (left := books.say("lead", "巡查计划"))
    assert "每2小时" not in left


def test_a_picture_in_another_group_is_of_nothing_found_here(books: Books) -> None:
    books.say("chen", "巡查 灯坏了")
    assert "P1" not in books.say("chen", "", kind="image", media=("https://a.example/1",), chat="wrOther")
    assert "📷 已附到 P1 灯坏了（共1张）" in books.say("chen", "", kind="image", media=("https://a.example/2",))


def test_a_table_of_posts_may_ask_for_rounds(books: Books) -> None:
    with Session(books.engine) as session, session.begin():
        session.add(
            Post(unit=UNIT, name="红石坎村卡口", lead="孙晓雨", patrol="每2小时 22:00-6:00", least=1, risk=False)
        )
    books.look()
    assert "红石坎村卡口 每2小时（22:00–次日06:00）" in books.say("chen", "巡查计划")
    books.until(at(23, 23))
    assert [who for who, text in books.told if "22:00 这一轮" in text] == ["sun", "lead", "boss"], (
        "whoever leads it first"
    )
    books.say("lead", "巡查 停")
    books.until(at(24, 1))
    assert "还没有巡查计划" in books.say("chen", "巡查计划"), "the group's word wins"
    with Session(books.engine) as session, session.begin():
        session.scalars(select(Post)).one().patrol = "每1小时 22:00-6:00"
    books.look()
    assert "每1小时" in books.say("chen", "巡查计划"), "another row begins anew"


def test_another_instance_says_nothing_again(books: Books) -> None:
    books.say("lead", PLAN)
    books.until(at(24, 0, 30))
    assert len(books.posted) == 2, "22:00 and 00:00"
    other = Books(books.engine, at(24, 0, 30))
    assert not other.look()
    other.until(at(24, 1))
    assert len(other.told) == 2, "the alert about 00:00, to both in charge"
    books.until(at(24, 1))
    assert len([text for _, text in books.told if "00:00 这一轮" in text]) == 0


def test_a_list_of_one_state_says_what_waits_in_others(books: Books) -> None:
    assert "没有待处理的问题" in books.say("lead", "/问题 未整改"), "no empty answer"
    books.say("chen", "巡查 红石坎村卡口 灭火器过期")
    assert books.say("lead", "/问题 未复查") == "没有待复查的问题；还有 待指派 1 处，发“/问题”看全部。"
    books.say("sun", "P1 已整改")
    assert "P1" in books.say("lead", "/问题 未复查")


def test_a_plan_with_a_time_that_there_is_none_of_is_asked_about(books: Books) -> None:
    assert "没看懂时间“25:00”" in books.say("lead", "巡查 每2小时 25:00-30:00 红石坎村卡口")
    assert "还没有巡查计划" in books.say("lead", "巡查计划")


def test_steps_and_records_of_one_batch_are_taken_back_in_their_order(books: Books) -> None:
    books.say("sun", "巡查 红石坎村卡口 灭火器过期")
    said = books.at_once(
        ("chen", "到岗 红石坎村卡口"),
        ("chen", "P1 已整改 换了新的"),
        ("sun", "P1 指派"),
        ("chen", "撤回"),
        ("chen", "测温43人次"),
        ("chen", "P1 已整改 又换了"),
        ("chen", "撤回 "),
        ("chen", "撤回"),
        ("chen", "撤回"),
        ("chen", "撤回"),
    )
    assert "P1 的整改已撤回，灭火器过期：待指派" in said[3]
    assert "P1 的整改已撤回" in said[6]
    assert [answer.split("\n")[0] for answer in said[7:9]] == ["↩️ 已撤回 W1。", "↩️ 已撤回 C1。"]
    assert "没找到您最近的记录" in said[9]
    one = books.finding("P1")
    assert one is not None
    assert (one.state, one.fix, one.fixed_sender, one.fixed_on) == ("open", "", "", None)


def test_a_round_is_told_where_somebody_sees_it(books: Books) -> None:
    said = books.say("sun", "巡查 第1轮 红石坎村卡口 正常", alone=True)
    assert "P1 巡查" in said
    assert "时间还没到" in books.say("sun", "巡查 明天8点 红石坎村卡口 正常")
    assert "1 轮" in books.say("lead", "/巡查"), "the group's board shows what was told alone, and nothing to come"


def test_plans_of_posts_with_like_names_are_pointed_out(books: Books) -> None:
    books.say("lead", PLAN)
    assert "另有一份名字相近的计划" in books.say("lead", "巡查 每3小时 22:00-6:00 卡口")
    assert "另有" not in books.say("lead", "巡查 每3小时 22:00-6:00 西门")
