"""Notices through the handlers into the books, on both databases."""

import io
from datetime import datetime, timedelta

import pytest
import xlsxwriter
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from storage import notices
from storage.tables_notices import NoticeFile, NoticeRow
from tests.support.notice_books import TOWN, UNIT, ZONE, NoticeBooks

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(100)
NOON = datetime(2020, 2, 23, 12, 0, tzinfo=ZONE)
TWO = {"wrRed": "红石坎村", "wrPass": "将军关村"}


@pytest.fixture
def books(engine: Engine) -> NoticeBooks:
    return NoticeBooks(engine, NOON, TWO)


def rows(books: NoticeBooks) -> list[NoticeRow]:
    with Session(books.engine) as session:
        return list(session.scalars(select(NoticeRow).order_by(NoticeRow.id)))


def test_it_goes_out_once_and_reminds_once(books: NoticeBooks) -> None:
    assert "将发到 2 个群" in books.say("boss", "通知 红石坎村、将军关村 开会", TOWN)
    assert not books.sent
    assert "T1 还没发。要发请说：确认发送 T1" in books.say("boss", "确认 T1", TOWN)
    assert "没找到 T1" in books.say("chen", "收到 T1", "wrRed")
    assert "已发到 2 个群" in books.say("boss", "发", TOWN)
    assert [(one.chat, one.chat_type, one.purpose, one.delay) for one in books.sent] == [
        ("wrPass", "group", "bulletin", timedelta(0)),
        ("wrRed", "group", "bulletin", timedelta(0)),
    ]
    assert not books.say("boss", "发", TOWN)
    assert "已经发出了" in books.say("boss", "确认发送 T1", TOWN)
    assert not books.sent
    assert not books.later(hours=1.9)
    reminders = books.later(hours=0.2)
    assert [(part.chat, part.chat_type) for part in reminders] == [("wrPass", "group"), ("red", "single")]
    assert not books.later(hours=8)
    assert "T1 已确认（红石坎村，刘桂英" in books.say("red", "收到", "wrRed")
    assert "T1 已确认过了（刘桂英" in books.say("chen", "收到 T1", "wrRed")
    assert "等别人来确认" in books.say("boss", "收到 T1", "wrPass")
    assert "T1 已确认（将军关村，陈建国" in books.say("chen", "收到 T1", "wrPass")
    assert [(one.chat, one.content) for one in books.sent] == [("boss", "✅ T1 2 个群都确认了：开会")]
    with Session(books.engine) as session:
        assert notices.tallies(session, NOON.date(), NOON.date()) == {UNIT: notices.Tally(1, 0)}


def test_the_last_two_who_confirm_at_once_are_noticed_by_the_job(books: NoticeBooks) -> None:
    books.say("boss", "通知 将军关村 开会", TOWN)
    with Session(books.engine) as session, session.begin():
        group = notices.groups(session, ["T1"])["T1"][0]
        assert notices.confirm(session, group, "孙晓雨", NOON)
        assert not notices.confirm(session, group, "陈建国", NOON)
    assert [part.content for part in books.later(hours=3)] == ["✅ T1 已确认了：开会"]


def test_who_may_and_to_whom(books: NoticeBooks) -> None:
    assert "发通知需要负责人来做，请找：赵明华" in books.say("chen", "通知 将军关村 开会", TOWN)
    assert "您不能发到：将军关村。您能发到：红石坎村" in books.say("red", "通知 将军关村 开会", "wrRed")
    assert "已发到 红石坎村" in books.say("red", "通知 所有群 开会", "wrRed")
    assert "“本群”要在群里说" in books.say("boss", "通知 本群 开会")
    assert "将发到 3 个群：金海湖镇、将军关村、红石坎村" in books.say("boss", "通知 金海湖镇 开会")
    assert "T2 是赵明华写的" in books.say("red", "确认发送 T2", "wrRed")
    assert "T2 是赵明华写的" in books.say("red", "取消通知 T2", "wrRed")
    assert "没找到 T2" in books.say("chen", "/通知 T2", "wrRed")
    assert "好的，T2 不发了" in books.say("boss", "撤回 T2")
    assert "T2 已经取消了" in books.say("boss", "确认发送 T2")
    assert "没有发给本群" in books.say("chen", "收到 T1", "wrPass")


def test_groups_that_cannot_be_reached_are_named(engine: Engine) -> None:
    books = NoticeBooks(engine, NOON, TWO, dumb=("wrRed",))
    assert "将发到 2 个群：金海湖镇、将军关村" in (said := books.say("boss", "通知 金海湖镇 开会", TOWN))
    assert "发不到：红石坎村，没有配置推送" in said
    assert "发不到：红石坎村" in books.say("boss", "通知 红石坎村 开会", TOWN)


def test_many_groups_are_spread_always_alike(engine: Engine) -> None:
    books = NoticeBooks(engine, NOON, {f"wr{number:02d}": f"第{number}村" for number in range(40)})
    books.say("boss", "通知 所有群 开会", TOWN)
    books.say("boss", "发", TOWN)
    first = {one.chat: one.delay for one in books.sent}
    assert len(first) == 41
    assert len(set(first.values())) > 30
    assert max(first.values()) < timedelta(minutes=3)
    books.say("boss", "通知 所有群 散会", TOWN)
    books.say("boss", "发", TOWN)
    assert {one.chat: one.delay for one in books.sent} == first


def test_a_picture_follows_its_text(books: NoticeBooks) -> None:
    assert "📎 收到图片（1KB）。要发到群里，30 分钟内说：通知附件" in books.say("boss", "", file=PICTURE, kind="image")
    assert "已发到 将军关村" in books.say("boss", "通知附件 将军关村 路线图", TOWN)
    text, picture = books.sent
    assert "路线图\n📎 附件在下面一条" in text.content
    assert (picture.form, picture.media, picture.file_name) == ("image", PICTURE, "图片.png")
    assert rows(books)[0].file is None
    assert "没有等着发的文件" in books.say("boss", "通知附件 将军关村 路线图", TOWN)


def test_a_planned_file_waits_sealed_and_one_that_nobody_sends_is_forgotten(books: NoticeBooks) -> None:
    books.say("boss", "", file=b"%PDF-1.4 x", kind="file")
    assert "定在 13:00" in books.say("boss", "通知附件 13:00 将军关村 路线图", TOWN)
    assert rows(books)[0].file == b"%PDF-1.4 x"
    text, file, told = books.later(hours=1)
    assert (text.chat, file.chat, file.form, file.media) == ("wrPass", "wrPass", "file", b"%PDF-1.4 x")
    assert told.chat == "boss"
    assert rows(books)[0].file is None
    books.say("boss", "", file=b"%PDF-1.4 y", kind="file")
    books.later(hours=0.6)
    with Session(books.engine) as session:
        assert not session.scalars(select(NoticeFile)).all()


def test_a_list_of_people_is_sent_to_nobody(books: NoticeBooks) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["姓名", "联系电话"])
        sheet.write_row(1, 0, ["王小明", "13800001234"])
    books.say("boss", "", file=out.getvalue(), kind="file")
    assert "像是人员名单，不能发到群里" in books.say("boss", "通知附件 将军关村 名单", TOWN)
    assert not books.sent


def test_what_was_written_is_forgotten_and_who_confirmed_stays(books: NoticeBooks) -> None:
    books.say("boss", "通知 将军关村 开会", TOWN)
    books.say("chen", "收到", "wrPass")
    with Session(books.engine) as session, session.begin():
        assert notices.forget(session, NOON + timedelta(days=1)) == 1
    shown = books.say("boss", "/通知 T1", TOWN)
    assert "开会" not in shown
    assert "内容已按保存期限删除" in shown
    assert "将军关村：✅ 陈建国" in shown


def test_a_group_that_has_become_unreachable_is_told_to_the_sender(books: NoticeBooks) -> None:
    books.say("boss", "通知 下午3点 红石坎村、将军关村 开会", TOWN)
    assert "T1" in books.say("boss", "发", TOWN)
    books.dumb.add("wrRed")
    told = books.later(hours=4)
    assert [part.chat for part in told if part.purpose == "bulletin"] == ["wrPass"]
    said = next(part.content for part in told if part.chat == "boss")
    assert "T1 已按时发到 1 个群" in said
    assert "发不到：红石坎村" in said
