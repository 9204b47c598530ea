"""A gate at work, over encrypted callbacks with a moved clock; every figure is reckoned by hand."""

import csv
import io
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Self, TypeVar

import pytest
import structlog
import xlsxwriter
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import log
from bot.sandbox.settings import Member
from bot.sandbox.state import BOT
from handlers.reports import export
from handlers.reports.data import Period
from storage import daily_check
from storage.daily import catch_up
from storage.records import Scope
from storage.tables import Inbox
from storage.tables_gate import Departure, GateEntry, Pass
from tests.support.dialogue import ZONE, Stage
from tests.support.duty_world import VILLAGE, VILLAGE_CHATS
from tests.support.golden import same_report

T = TypeVar("T")
CHEN, SUN, MA, LEAD, BOSS = "陈建国", "孙晓雨", "马志强", "刘桂英", "赵明华"
STRANGER = Member("stranger", "单丹丹")
DAY = "2020-02-23"


def at(clock: str, day: str = DAY) -> datetime:
    return datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=ZONE)


class Gate(Stage):
    """The village's gate. The clock goes straight to where it is sent."""

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self.trial.sandbox.next_due = lambda _after: None
        scheduler = self.trial.service.scheduler
        for name in [name for name in scheduler.jobs if not name.startswith(("gate", "nightly"))]:
            del scheduler.jobs[name]
            scheduler._alarm.remove_job(name)
        return self

    async def tell(self, name: str, *texts: str, alone: bool = False) -> str:
        """Say one thing after the other, a minute apart; the last answer."""
        answer = ""
        for text in texts:
            self.clock.forward(timedelta(minutes=1))
            answer = await self.say(name, text if alone else f"@小站 {text}", alone=alone)
        return answer

    async def go(self, clock: str, day: str = DAY) -> None:
        self._heard = len(self.world.messages)
        await self.trial.sandbox.move_clock(at(clock, day))

    def books(self, look: Callable[[Session], T]) -> T:
        with Session(self.trial.service.reader) as session:
            return look(session)

    async def written(self, look: Callable[[Session], T]) -> T:
        return await self.trial.service.writer.run(look)


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What the log says during the test; afterwards it goes where it went before."""
    root, out = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    log.configure("info", json=True, stream=out)
    yield out
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture
async def gate(tmp_path: Path) -> AsyncIterator[Gate]:
    async with Gate(tmp_path, at("07:00"), (*VILLAGE, STRANGER), VILLAGE_CHATS) as stage:
        yield stage  # type: ignore[misc]  # `Stage` enters as itself


async def a_day(gate: Gate) -> None:
    """One day at two posts. Passers-by have rare names, so that a trace of them is found."""
    await gate.tell(CHEN, "到岗 东门")
    await gate.tell(SUN, "到岗 西门")
    await gate.tell(CHEN, "登记 进 申屠远山 京A12345 36.5 从河北保定来 到本村5号")
    await gate.tell(CHEN, "进 欧阳若水 36.4", "出 端木清扬 36.6 去平谷")
    await gate.tell(CHEN, "东门 进5人出2人 测温7人次")
    await gate.tell(CHEN, "进 司徒望北 冀F23456 36.8")
    await gate.tell(CHEN, "东门 进1人出4人")
    await gate.tell(SUN, "进 南宫问雪 37.5 从石家庄来 13800007766")
    await gate.tell(SUN, "黄码 慕容听雨 劝返", "没有核酸证明 2人 引导复测", "西门 进3人 劝返1人", "西门 车辆12辆")
    await gate.tell(CHEN, "出 端木清扬 36.5")
    await gate.tell(CHEN, "发证 居民 上官飞云 3号楼2单元501", "发证 居民 夏侯明月 4号楼1单元102")
    await gate.tell(CHEN, "发车证 京B54321 公孙长青", "补办 京B54321", "发放出入证20张")
    await gate.tell(LEAD, "离京名单\n皇甫云天 13800001234\n尉迟青山 13900005678\n令狐白露 13900004321")
    await gate.tell(
        SUN, "Q1 未接", "Q1 2月10日离京 坐高铁 当天20点到武汉 无异常 预计2月26日返京", "离京电话 尉迟青山 关机"
    )


PASSING = ("申屠远山", "欧阳若水", "端木清扬", "司徒望北", "南宫问雪", "慕容听雨")
HOLDING = ("上官飞云", "夏侯明月", "公孙长青")
GONE = ("皇甫云天", "尉迟青山", "令狐白露")
NUMBERS = ("京A12345", "冀F23456", "京B54321", "13800007766", "13800001234", "13900005678", "13900004321")
DOORS = ("3号楼2单元501", "4号楼1单元102", "本村5号")
FIGURES = (
    "进 9人次，出 7人次；车辆 14辆（逐人登记 6 条）",  # 东门 5+1 and 西门 3; 2+4 and one later; 2 singly at 东门 and 12
    "东门 进6出7，西门 进3出0",
    "测温 10人次，发热 1 例",  # 东门 7 and 2 later, 西门 1
    "查验异常 3人，劝返 1人",  # one of them is the one of 劝返1人
    "发证 24 张（逐张登记 4，批量 20），作废 1 张；累计 24 张",
    "离京电话 3 人次，还要打 2 人",
)
CLOSING = "卡口进出 16人次，测温 10人次，发热 1 例，发证 24 张"


async def test_a_day_at_two_posts_in_figures(gate: Gate) -> None:
    await a_day(gate)
    shown = await gate.tell(LEAD, "汇总")
    for figure in (*FIGURES, CLOSING):
        assert figure in shown, shown
    assert "进 6人" not in shown, "what the gate tells is not told among other work again"
    asked = await gate.tell(CHEN, "进出")
    for figure in FIGURES:
        assert figure in asked, asked
    await gate.go("22:30")
    digest = gate.posted()
    for figure in (*FIGURES, CLOSING):
        assert figure in digest, digest
    assert gate.books(daily_check.differences) == []
    day = Period(date(2020, 2, 23), date(2020, 2, 23))
    await same_report(gate.trial, "gate_day.md", "平谷区/金海湖镇/红石坎村", day, at("22:30"))


async def test_a_figure_of_a_posted_day_that_changes_is_told(gate: Gate) -> None:
    await gate.tell(CHEN, "到岗 东门", "进 申屠远山 36.5", "进 欧阳若水 36.4")
    await gate.go("22:30")
    assert "进 2人次" in gate.posted()
    await gate.tell(CHEN, "撤回 J2")
    await gate.go("22:30", "2020-02-24")
    assert "2月23日：卡口进 2→1人次" in gate.posted(), gate.posted()


async def test_the_records_behind_the_figures(gate: Gate) -> None:
    await a_day(gate)
    shown = await gate.tell(LEAD, "汇总")
    number = next(line.split(".")[0] for line in shown.splitlines() if "进 9人次" in line)
    listed = await gate.tell(LEAD, f"/列 {number}")
    assert [f"J{n} " in listed for n in range(1, 9)] == [True, True, True, True, True, False, False, True]
    assert listed.count("W") == 6, "three counts of 进, two of 出, one of vehicles"
    assert "申*" in listed
    assert "申屠远山" not in listed


async def test_zero_is_said_where_the_gate_worked_the_day_before(gate: Gate) -> None:
    await gate.tell(CHEN, "到岗 东门", "东门 进3人出7人")
    await gate.go("12:00", "2020-02-24")
    await gate.tell(CHEN, "到岗 东门")
    assert "发热 0 例" in await gate.tell(LEAD, "汇总")


def raw_database(folder: Path) -> bytes:
    """The database with its journal, as they lie on the disk."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob("kakou.db*")))


def traces(text: str, words: tuple[str, ...] | list[str]) -> list[str]:
    return [word for word in words if word in text]


async def test_a_group_the_log_and_the_database_know_nobody(gate: Gate, tmp_path: Path, logged: io.StringIO) -> None:
    await a_day(gate)
    await gate.tell(
        LEAD, "进出名单", "异常名单", "出入证台账", "查证 京B54321", "查车 321", "待打电话", "查看 Q1", "汇总"
    )
    await gate.tell(LEAD, "更正 J2 体温改为37.6", "撤回 J2")
    await gate.go("22:30")
    group = "\n".join(m.content for m in gate.world.messages if m.chat == "wrVillage" and m.sender == BOT)
    secrets = [*PASSING, *HOLDING, *GONE, *NUMBERS, *DOORS]
    assert traces(group, secrets) == []
    assert traces(group, ["37.5", "37.6"]) == [], "temperatures are for those in charge"
    assert "report.written" in logged.getvalue()
    assert traces(logged.getvalue(), secrets) == []
    await gate.written(lambda session: session.commit())
    raw = raw_database(tmp_path)
    assert len(raw) > 100_000
    assert [word for word in secrets if word.encode() in raw] == []
    alone = "\n".join(m.content for m in gate.world.messages if m.chat != "wrVillage" and m.sender == BOT)
    assert traces(alone, ["申屠远山", "京A12345", "13800001234", "3号楼2单元501"]) != []


async def test_a_fever_is_told_at_once_and_once_to_whoever_leads_the_post(gate: Gate) -> None:
    await gate.tell(MA, "到岗 西门")
    await gate.tell(LEAD, "任命 马志强 卡口长 西门")
    await gate.tell(SUN, "到岗 西门")
    said = await gate.tell(SUN, "进 南宫问雪 37.3 从石家庄来")
    assert "J1 已登记：进，南宫*，西门" in said
    assert "已单独告知负责人" in gate.posted()
    assert "37.3" not in gate.posted()
    told = gate.told(MA)
    assert "西门 体温异常" in told
    assert "南宫问雪，37.3℃，从石家庄来" in told
    assert "处置 J1 移交社区" in told
    assert gate.told(LEAD) == gate.told(BOSS) == "", "the post has a lead of its own"
    await gate.tell(SUN, "更正 J1 体温改为37.8")
    assert gate.told(MA) == "", "once for each record"
    assert "J1 处置：移交社区" in await gate.tell(MA, "处置 J1 移交社区")
    await gate.tell(SUN, "进 慕容听雨 37.2")
    assert gate.told(MA) == ""
    await gate.tell(SUN, "更正 J2 体温改为37.4")
    assert "慕容听雨，37.4℃" in gate.told(MA), "a fever that only a correction shows is told, too"


async def test_without_a_lead_of_the_post_those_in_charge_are_told(gate: Gate) -> None:
    await gate.tell(SUN, "进 南宫问雪 38.1 东门")
    assert "38.1" in gate.told(LEAD)
    assert "38.1" in gate.told(BOSS)
    assert gate.told(SUN) == ""


async def test_what_is_missing_is_asked_and_wrong_orders_are_answered(gate: Gate) -> None:
    for text, answer in (
        ("登记 张某 京A12345 36.5", "是进还是出？"),
        ("进村 36.5", "登记的是哪位"),
        ("没有核酸证明 1人", "怎么处置的请回：处置 J1"),
        ("登记 进 东门\n欧阳若水 36.5\n3人没登记", "第3行没看懂"),
        ("处置 J1 知道了", "没看懂怎么处置的"),
        ("处置 J9 劝返", "没找到 J9"),
        ("发证", "请写清给谁"),
        ("发证 居民\n上官飞云 3号楼2单元501\n某某公司", "居民证要写门牌"),
        ("发证 居民 上官飞云", "居民证要写门牌"),
        ("发车证 公孙长青", "车证要写车牌"),
        ("再发", "没有等您确认的发证"),
        ("作废 99号", "没有找到对应的证"),
        ("补办出入证", "请写证号、车牌或门牌"),
        ("出入证台账", "还没有发过证"),
        ("Q9 未接", "没找到 Q9"),
        ("离京电话 皇甫云天 未接", "是哪位离京人员？"),
        ("离京登记", "新登记请发：离京 张某"),
        ("车辆登记", "登记的是哪位、哪辆车"),
        ("离京名单\n某某公司", "名单里没有认出人"),
        ("待打电话", "电话都打完了"),
        ("进出名单 昨天", "还没有进出登记"),
    ):
        assert answer in await gate.tell(SUN, text), text


async def test_no_second_pass_without_a_question(gate: Gate) -> None:
    assert "0001号 居民证，上官*" in await gate.tell(CHEN, "发证 居民 上官飞云 3号楼2单元501")
    asked = await gate.tell(CHEN, "发证 居民 夏侯明月 幸福里3-2-501")
    assert "这一户已经有有效的证" in asked
    assert "没有等您确认" in await gate.tell(SUN, "再发"), "the question is one person's"
    assert "0002号 居民证，夏侯*" in await gate.tell(CHEN, "再发")
    assert "0003号 车证" in await gate.tell(CHEN, "发车证 京B54321 公孙长青")
    assert "这辆车已经有有效的证" in await gate.tell(CHEN, "发车证 京B·54321 公孙长青")
    await gate.go("12:00")
    assert "没有等您确认" in await gate.tell(CHEN, "再发"), "half an hour is enough"
    replaced = await gate.tell(CHEN, "补办 京B54321 丢了")
    assert "0004号 车证，公孙*，京B***21；原 0003号 作废" in replaced
    found = await gate.tell(CHEN, "查车 321")
    assert "0004号 车证，公孙*，京B***21：有效" in found
    assert "0003号 车证，公孙*，京B***21：已补办换新（2月23日）" in found
    assert "已补办换新（2月23日），不用再办了" in await gate.tell(CHEN, "补办 3号")
    await gate.tell(CHEN, "撤回")
    found = await gate.tell(CHEN, "查车 321")
    assert "0003号 车证，公孙*，京B***21：有效" in found
    assert "0004" not in found
    assert "0005号" in await gate.tell(CHEN, "补办 3号"), "a number is never given out twice"


async def test_passes_end(gate: Gate) -> None:
    await gate.tell(CHEN, "发证 居民 上官飞云 3号楼2单元501 有效期7天", "发车证 京B54321 公孙长青 有效期至3月31日")
    assert "有效至3月1日" in await gate.tell(CHEN, "查证 1号")
    assert "作废出入证需要负责人来做" in await gate.tell(SUN, "作废 1号"), "a colleague's"
    assert "0002号 车证已作废" in await gate.tell(LEAD, "作废 京B54321")
    await gate.go("08:00", "2020-03-02")
    assert "3月1日已过期" in await gate.tell(CHEN, "查证 1号")
    figures = await gate.tell(LEAD, "出入证台账")
    assert "登记在册 2 张，有效 0 张" in figures
    assert "过期 1 张，作废和换新 1 张" in figures
    assert "0001号 居民证已续期，有效至4月30日" in await gate.tell(CHEN, "续期 1号 到4月30日")
    assert "0003号" in await gate.tell(CHEN, "发车证 京B54321 公孙长青"), "the voided one does not stand in the way"


async def test_whole_records_are_for_those_in_charge(gate: Gate) -> None:
    await gate.tell(CHEN, "到岗 东门", "进 申屠远山 京A12345 36.5", "发车证 京B54321 公孙长青")
    assert "申*" in await gate.tell(CHEN, "进出名单", alone=True)
    assert "申屠远山" not in gate.told(CHEN)
    assert "申屠远山" in await gate.tell(LEAD, "进出名单", alone=True)
    assert "公孙长青" in await gate.tell(LEAD, "查车 321", alone=True)
    for text in ("进出名单", "查车 321", "待打电话", "发证 居民 上官飞云 3号楼2单元501", "进 申屠远山 36.5"):
        assert "请在群里发" in await gate.tell("单丹丹", text, alone=True), text


async def test_calls_to_those_who_left(gate: Gate) -> None:
    said = await gate.tell(LEAD, "离京名单\n皇甫云天 13800001234\n尉迟青山 13900005678\n某某公司")
    assert "新登记 2 人（Q1–Q2），第3行没认出人" in said
    assert "撤回刚才那条" in said
    assert "已在册 1 人" in await gate.tell(LEAD, "离京名单\n皇甫云天 13800001234\n令狐白露 13900004321")
    await gate.tell(SUN, "待打电话")
    assert "离京待打电话** 3/3 人" in gate.posted()
    assert "- Q1 皇甫*（尾号1234）" in gate.posted()
    assert "- Q1 皇甫云天 13800001234" in gate.told(SUN)
    assert "第1次电话：未接" in await gate.tell(SUN, "离京电话 皇甫云天 未接")
    assert "第2次电话：接通。还差：身体有无异常、预计返京时间" in await gate.tell(
        SUN, "Q1 2月10日坐火车离京 当天20点到武汉"
    )
    done = await gate.tell(SUN, "Q1 无异常 预计2月26日返京")
    assert "第3次电话：接通。五项都齐了" in done
    assert "2/3 人" in await gate.tell(SUN, "待打电话")
    await gate.tell(SUN, "撤回 Y3")
    assert "- Q1 皇甫*（尾号1234），打过 2 次（接通），还差：身体有无异常、预计返京时间" in await gate.tell(
        SUN, "待打电话"
    )
    unwell = await gate.tell(SUN, "Q2 2月11日自驾离京 当天到孝感 咳嗽 暂不返京")
    assert "五项都齐了" in unwell
    assert "咳嗽" not in gate.posted()
    assert "咳嗽" in gate.told(LEAD)
    shown = await gate.tell(SUN, "查看 Q2", alone=True)
    assert "2月11日离京，自驾，2月11日到孝感，咳嗽，返京时间未定；五项都齐了" in shown


def workbook(headings: list[str], *rows: list[object]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["湖北籍职工离京情况"])
        for number, row in enumerate([headings, *rows], 1):
            sheet.write_row(number, 0, row)
    return out.getvalue()


async def test_a_table_of_people_who_left(gate: Gate) -> None:
    await gate.tell(LEAD, "到岗 东门")
    headings = [
        "序号",
        "姓名",
        "联系电话",
        "离京时间",
        "乘坐交通工具",
        "到达时间",
        "目的地",
        "身体有无异常",
        "预计返京时间",
    ]
    content = workbook(
        headings,
        [1, "皇甫云天", "13800001234", date(2020, 2, 10), "火车", "2月10日20:00", "武汉", "无", "3月1日"],
        [2, "尉迟青山", 13900005678, "2月11日", "自驾", "", "孝感", "", ""],
        [3, "", "", "2月11日", "", "", "", "", ""],
    )
    user = gate.user(LEAD)
    done = await gate.trial.sandbox.send_file(user, gate.world.single(user, "app").id, "离京名单.xlsx", content)
    await gate.trial.service.outbox.drain()
    assert done.status == 200
    told = done.reply or gate.told(LEAD)
    assert "新登记 2 人（Q1–Q2），第5行没认出人" in told
    found = gate.books(lambda s: [(row.name, row.phone, row.state, row.facts) for row in s.scalars(select(Departure))])
    facts = {"left_at": "2020-02-10", "transport": "train", "arrived_at": "2020-02-10T20:00", "destination": "武汉"}
    assert found == [
        ("皇甫云天", "13800001234", "done", {**facts, "normal": True, "returns": "2020-03-01"}),
        ("尉迟青山", "13900005678", "open", {"left_at": "2020-02-11", "transport": "car", "destination": "孝感"}),
    ]
    assert "已撤回 Q1、Q2" in await gate.tell(LEAD, "撤回", alone=True)


async def test_the_day_of_return(gate: Gate) -> None:
    text = "2月10日离京 坐火车 当天20点到武汉 无异常 预计2月26日返京"
    for name, phone in (("皇甫云天", "13800001234"), ("尉迟青山", "13900005678")):
        await gate.tell(LEAD, f"离京 {name} {phone} {text}")
    await gate.tell(SUN, "返京登记 姓名：尉迟青山 电话：13900005678 抵京时间：2月23日8点 居住地址：红石坎村88号")
    await gate.go("09:05", "2020-02-26")
    told = gate.told(LEAD)
    assert "今天预计返京 1 人" in told
    assert "Q1 皇甫云天 13800001234" in told
    assert "Q2" not in told, "that one is registered already"
    assert "今天预计有 1 位离京人员返京" in gate.posted()
    assert "皇甫" not in gate.posted()
    await gate.go("09:05", "2020-02-27")
    assert gate.told(LEAD) == "", "once"
    registered = await gate.tell(LEAD, "返京登记 Q1")
    assert "Q1 已转返京登记" in registered
    assert "R2 返京登记：皇甫*（尾号1234）" in registered
    states = gate.books(lambda s: dict(s.execute(select(Departure.ref, Departure.returnee_ref)).tuples().all()))
    assert states == {"Q1": "R2", "Q2": "R1"}
    assert "已撤回 R2" in await gate.tell(LEAD, "撤回 R2")
    assert gate.books(lambda s: [row.state for row in s.scalars(select(Departure).where(Departure.ref == "Q1"))]) == [
        "done"
    ]
    assert "第1次电话" in await gate.tell(LEAD, "Q1 3月5日返京")
    await gate.go("09:05", "2020-03-05")
    assert "Q1 皇甫云天" in gate.told(LEAD), "the new day"


def exported(gate: Gate, kind: str) -> list[dict[str, Any]]:
    return gate.books(lambda session: list(export.rows(session, kind, Scope(), ZONE)))


async def test_exports(gate: Gate) -> None:
    await a_day(gate)
    entries = exported(gate, "gate")
    assert [row["ref"] for row in entries] == [f"J{n}" for n in range(1, 9)]
    assert entries[0] | {"message_key": ""} == {
        "ref": "J1",
        "chat": "wrVillage",
        "unit": "平谷区/金海湖镇/红石坎村",
        "day": DAY,
        "at": "2020-02-23T07:03:00+08:00",
        "post": "东门",
        "direction": "in",
        "person": "申屠远山",
        "plate": "京A12345",
        "phone": None,
        "temperature": 36.5,
        "fever": False,
        "origin": "河北保定",
        "destination": "本村5号",
        "problem": "",
        "action": "",
        "heads": 1,
        "note": None,
        "message_key": "",
    }
    passes = exported(gate, "passes")
    assert [(row["number"], row["state"], row["replaces"]) for row in passes] == [
        (1, "active", None),
        (2, "active", None),
        (3, "replaced", None),
        (4, "active", 3),
    ]
    left = exported(gate, "departures")
    assert [(row["ref"], row["state"], row["attempts"], row["outcome"]) for row in left] == [
        ("Q1", "done", 2, "reached"),
        ("Q2", "open", 1, "unreachable"),
        ("Q3", "open", 0, ""),
    ]
    for kind in ("gate", "passes", "departures"):
        out = io.StringIO()
        export.write_csv(exported(gate, kind), export.columns(kind), out)
        rows = list(csv.reader(io.StringIO(out.getvalue().removeprefix("\ufeff"))))
        assert len(rows) == 1 + len(exported(gate, kind))
        json.dumps(exported(gate, kind))


async def test_what_identifies_somebody_goes_and_the_figures_stay(gate: Gate, tmp_path: Path) -> None:
    await a_day(gate)
    before = await gate.tell(LEAD, "进出 今天")
    await gate.go("08:00", "2020-03-07")
    assert gate.books(lambda s: s.scalars(select(GateEntry).where(GateEntry.purged_on.is_not(None))).all()) == []
    await gate.go("00:05", "2020-03-08")
    entries = gate.books(lambda s: s.scalars(select(GateEntry)).all())
    assert all(row.purged_on and not row.person and not row.plate_hash and row.details == {} for row in entries)
    passes = gate.books(lambda s: {row.number: (row.holder, row.details) for row in s.scalars(select(Pass))})
    assert passes[3] == (None, {}), "what has ended goes"
    assert passes[1][0] == "上官飞云", "what holds is kept"
    shown = await gate.tell(LEAD, "汇总 2020-02-23")
    for figure in FIGURES[:4]:
        assert figure in shown, shown
        assert figure in before
    bodies = gate.books(lambda s: [row.body for row in s.scalars(select(Inbox)) if row.body is not None])
    text = b"".join(bodies).decode(errors="replace")
    assert traces(text, ["申屠远山", "南宫问雪", "慕容听雨"]) == []
    await gate.written(catch_up)
    assert gate.books(daily_check.differences) == []


async def test_records_are_corrected(gate: Gate) -> None:
    await gate.tell(CHEN, "发证 居民 上官飞云 3号楼2单元501", "更正 K1 姓名改为夏侯明月")
    assert "0001号 居民证，夏侯*" in await gate.tell(CHEN, "查证 夏侯明月")
    await gate.tell(CHEN, "离京 皇甫云天 13800001234", "更正 Q1 联系电话改为13900005678")
    assert "第1次电话" in await gate.tell(CHEN, "离京电话 尾号5678 未接")
    await gate.tell(CHEN, "进 申屠远山 36.5 东门")
    changed = await gate.tell(CHEN, "更正 J1 体温改为36.8")
    assert "J1 体温已更正" in changed
    row = gate.books(lambda s: s.scalars(select(GateEntry)).one())
    assert (row.details["temperature"], row.fever, row.person) == (36.8, False, "申屠远山")


async def test_records_are_taken_back(gate: Gate) -> None:
    await gate.tell(CHEN, "到岗 东门", "进 申屠远山 36.5", "进 欧阳若水 36.4")
    assert "已撤回 J2" in await gate.tell(CHEN, "撤回")
    assert "进 1人次" in await gate.tell(CHEN, "进出")
    assert "不是您报的" in await gate.tell(SUN, "撤回 J1")
    assert "已撤回 J1" in await gate.tell(CHEN, "撤回 J1")
    assert "还没有进出数字" in await gate.tell(CHEN, "进出")
    await gate.tell(CHEN, "离京 皇甫云天 13800001234")
    assert "已撤回 Q1" in await gate.tell(CHEN, "撤回")
    assert "电话都打完了" in await gate.tell(CHEN, "待打电话")


async def test_a_temperature_that_cannot_be_one_is_asked_about(gate: Gate) -> None:
    assert "体温“45”不像，先不记" in await gate.tell(CHEN, "进 申屠远山 体温45")
    told = await gate.tell(CHEN, "进村\n申屠远山 体温36.5\n南宫问雪 体温99")
    assert "J1 已登记：进" in told
    assert "体温“99”不像" in told
    assert [row.person for row in gate.books(lambda s: s.scalars(select(GateEntry)).all())] == ["申屠远山"]


async def test_a_pass_is_good_until_a_day_to_come_and_says_of_which_year(gate: Gate) -> None:
    assert "1月1日 已经过了" in await gate.tell(CHEN, "发车证 京A12345 申屠远山 有效期至2020年1月1日")
    assert "京A***45，有效至3月31日" in await gate.tell(CHEN, "发车证 京A12345 申屠远山 有效期至3月31日")
    assert "2月1日 已经过了" in await gate.tell(CHEN, "续期 1号 至2020年2月1日")
    assert "有效至2021年2月1日" in await gate.tell(CHEN, "续期 1号 至2月1日"), "a year, and it shows"
    assert "有效至2021年2月1日：有效" in await gate.tell(CHEN, "查证 1号")


async def test_who_came_back_before_leaving_has_not_come_back(gate: Gate) -> None:
    await gate.tell(SUN, "返京登记 姓名：皇甫云天 电话：13800001234 抵京时间：2月20日8点 居住地址：红石坎村88号")
    await gate.go("08:00", "2020-02-24")
    text = "2月24日离京 坐火车 当天20点到武汉 无异常 预计2月26日返京"
    await gate.tell(LEAD, f"离京 皇甫云天 13800001234 {text}")
    await gate.go("09:05", "2020-02-26")
    assert "今天预计返京 1 人" in gate.told(LEAD), "the registration was that of the return before"


async def test_what_is_over_is_not_ended_again(gate: Gate) -> None:
    await gate.tell(LEAD, "离京 皇甫云天 13800001234", "返京登记 Q1")
    assert "Q1 已经转过返京登记（R1）" in await gate.tell(LEAD, "返京登记 Q1")
    assert "Q1 已经转返京登记了，不用再结束" in await gate.tell(LEAD, "结束 Q1")
    assert gate.books(lambda s: s.scalars(select(Departure)).one().state) == "returned"


async def test_what_was_taken_back_goes_as_well(gate: Gate) -> None:
    await gate.tell(CHEN, "发车证 京A12345 申屠远山", "撤回")
    await gate.tell(LEAD, "离京 皇甫云天 13800001234", "撤回")
    await gate.tell(CHEN, "发车证 京B23456 南宫问雪", "作废 2号")
    await gate.go("00:05", "2020-03-10")
    passes = gate.books(lambda s: [(row.holder, row.plate, row.details) for row in s.scalars(select(Pass))])
    assert passes == [(None, None, {}), (None, None, {})]
    left = gate.books(lambda s: s.scalars(select(Departure)).one())
    assert (left.name, left.phone, left.facts) == (None, None, {})
    assert "不能单独撤回" in await gate.tell(CHEN, "撤回"), "nobody knows any more whose pass it was"
