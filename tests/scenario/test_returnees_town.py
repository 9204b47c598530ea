"""Sixteen days of a town with sixty returnees, over encrypted callbacks with a moved clock, against a model on paper."""
# ruff: noqa: PT018  (a reply is looked at as a whole, and shown as a whole where it is not what was expected)

import re
from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import importing, log
from handlers.reports.data import Period
from storage.tables import HealthReport, RecordRow, Returnee
from storage.tables_cases import CaseEvent, Purge
from tests.support.golden import same_report
from tests.support.town import (
    LEAD,
    OTHER,
    OTHER_LEAD,
    OTHER_UNIT,
    TOWN,
    UNIT,
    VOLUNTEER_NAMES,
    VOLUNTEERS,
    Heard,
    Person,
    Town,
    at,
    private,
    workbook,
)
from tests.support.town_model import LENGTH, Life, Model

FIRST = date(2020, 2, 23)
DAYS = 16
SELVES = 5
"""The first so many register and report by themselves."""
PEOPLE = [Person(n, f"self{n:02d}" if n < SELVES else "") for n in range(63)]
LISTED, PASTED, SENT, IMPORTED = range(15, 25), range(25, 30), range(30, 40), range(40, 50)
FEVER, SAME, QUIET = 3, 2, 4
"""Who gets a fever on day 6, who says 同昨天 every day, who never reports on the last day."""
ON_LEAVE_DAY, VOLUNTEER_LEAVE_DAY = 8, 9
AWAY = 11
EVENING_SHOWN = 6
"""The evening whose report is held against a file that was checked by hand."""


def refs(text: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"R\d+", text)))


def plan(number: int, n: int) -> str:
    """When somebody reports on day n of the scenario."""
    if number == QUIET and n == LENGTH:
        return "never"
    if number in {FEVER, SAME}:
        return "early"
    found = {0: "never", 1: "late", 2: "noon", 3: "noon"}.get((number * 7 + n * 3) % 20, "early")
    return "early" if found == "noon" and number >= SELVES else found


class Play:
    """The scenario: what people say, what the model expects, and the comparisons."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.model = Model()
        self.today = FIRST
        self.reported_to_group = 0

    @property
    def n(self) -> int:
        return (self.today - FIRST).days

    async def jump(self, clock: str) -> list[Heard]:
        return await self.town.to(at(self.today, clock))

    async def tell(self, number: int, words: str, who: str = VOLUNTEERS[0], chat: str = TOWN) -> str:
        """Say something about a case by its reference."""
        return await self.town.say(who, chat, words.format(ref=self.model.of(number).ref))

    # -- registration --------------------------------------------------------------------------------------------

    def took(self, numbers: list[int], reply: str, arrives: date, account: str = "") -> None:
        """A reply names the fresh references in the order of the people."""
        fresh = [ref for ref in refs(reply) if ref not in self.model.lives]
        assert len(fresh) == len(numbers), reply
        for ref, number in zip(fresh, numbers, strict=True):
            self.model.register(ref, number, UNIT, arrives, self.today, account)

    async def first_day(self) -> None:
        town, day = self.town, self.today
        for one in PEOPLE[:SELVES]:
            reply = await town.say(one.account, "", one.form("2月23日 9点"))
            assert one.name in reply, "a single chat may read its own name"
            assert "2月24日是第1天" in reply and "3月9日零点解除" in reply
            self.took([one.number], reply, day, one.account)
        asked = 0
        for one in PEOPLE[SELVES:15]:
            reply = await town.say(VOLUNTEERS[0], TOWN, one.form("2月23日"))
            asked += "撤回" in reply
            self.took([one.number], reply, day)
        assert asked == 1, "whoever posts forms to a group is asked once"
        await self.register_lists(day)
        await self.register_file(day)
        await self.register_edges(day)

    async def register_lists(self, day: date) -> None:
        lines = [
            f"{i}. {PEOPLE[n].name} {PEOPLE[n].phone} 2月23日 {PEOPLE[n].address}" for i, n in enumerate(LISTED, 1)
        ]
        head = "#接龙\n返京人员登记\n\n"
        before = len(self.model.lives)
        await self.town.say(VOLUNTEERS[1], TOWN, head + "\n".join(lines[:-1]))
        await self.town.say(VOLUNTEERS[2], TOWN, head + "\n".join(lines))
        self.adopt(list(LISTED), day)
        assert len(self.model.lives) == before + len(LISTED), "a list that is posted again registers only what is new"
        rows = [f"{PEOPLE[n].name}\t{PEOPLE[n].phone}\t2月23日\t{PEOPLE[n].address}" for n in PASTED]
        await self.town.say(VOLUNTEERS[1], TOWN, "返京登记\n姓名\t电话\t抵京时间\t居住地址\n" + "\n".join(rows))
        self.adopt(list(PASTED), day)

    def adopt(self, numbers: list[int], arrives: date) -> None:
        """References of people whom a shortened reply did not name one by one: looked up by their phones."""
        with Session(self.town.trial.service.reader) as session:
            found = {row.phone: row.ref for row in session.scalars(select(Returnee)) if row.ref not in self.model.lives}
        for number in numbers:
            self.model.register(found.pop(PEOPLE[number].phone), number, UNIT, arrives, self.today)
        assert not found, "nobody else was registered"

    async def register_file(self, day: date) -> None:
        rows = [[p.name, p.phone, p.id_number, p.address, day.isoformat(), "良好"] for p in (PEOPLE[n] for n in SENT)]
        bad = [["", "13900001111", "", "", "", ""], ["周小武", "1390000", "", "", "", ""]]
        sent = workbook([*rows, *bad])
        for route in ("main", "app"):
            reply = await self.town.send_file(VOLUNTEERS[0], "返京.xlsx", sent, route)
            assert "新登记 10" in reply and "不能导入 2" in reply and "第13行：没有姓名" in reply, reply
        assert "新登记 10" in await self.town.say(VOLUNTEERS[0], "", "确认导入")
        self.adopt(list(SENT), day)
        again = await self.town.send_file(VOLUNTEERS[0], "返京.xlsx", sent)
        assert "新登记 0，已登记过 10" in again, again
        assert "没有等待导入" not in again

    async def register_edges(self, day: date) -> None:
        for number in range(50, 61):
            arrival = day + timedelta(days=3) if number == 50 else day
            reply = await self.town.say(VOLUNTEERS[1], TOWN, PEOPLE[number].form(f"{arrival.month}月{arrival.day}日"))
            self.took([number], reply, arrival)
        wrong = await self.town.say(VOLUNTEERS[2], TOWN, PEOPLE[61].form("2月23日"))
        self.took([61], wrong, day)
        assert "已撤回" in await self.town.say(VOLUNTEERS[2], TOWN, f"撤回 {self.model.of(61).ref}")
        self.model.of(61).state = "已撤回"

    async def doubles(self) -> None:
        """The same phone twice: once one person, once two."""
        one = PEOPLE[12]
        reply = await self.town.say(VOLUNTEERS[2], TOWN, one.form("2月23日"))
        fresh = next(ref for ref in refs(reply) if ref not in self.model.lives)
        assert "可能与" in reply and self.model.of(12).ref in reply
        kept = self.model.of(12)
        self.model.register(fresh, 12, UNIT, FIRST, self.today).state = "已合并"
        assert "已并入" in await self.town.say(VOLUNTEERS[2], TOWN, f"合并 {kept.ref} {fresh}")
        other = PEOPLE[62].form("2月23日").replace(PEOPLE[62].phone, PEOPLE[13].phone)
        reply = await self.town.say(VOLUNTEERS[2], TOWN, other)
        fresh = next(ref for ref in refs(reply) if ref not in self.model.lives)
        self.model.register(fresh, 62, UNIT, FIRST, self.today)
        assert "电话相同" in reply
        said = await self.town.say(VOLUNTEERS[2], TOWN, f"不是重复 {self.model.of(13).ref} {fresh}")
        assert "不是同一个人" in said

    # -- verification --------------------------------------------------------------------------------------------

    async def verify(self, number: int, who: str = "") -> None:
        """A call that confirms, and the hand-over."""
        life = self.model.of(number)
        volunteer = who or VOLUNTEERS[number % 3]
        by_name = number % 8 == 0
        person = PEOPLE[number]
        whom = f"核实 {person.name} 尾号{person.phone[-4:]}" if by_name else life.ref
        chat = OTHER if life.units[-1] == OTHER_UNIT else TOWN
        reply = await self.town.say(volunteer, chat, f"{whom} 核实无误 核转")
        assert "已核转" in reply and life.ref in reply, reply
        self.model.observe(life, volunteer)
        assert f"{life.release.month}月{life.release.day}日 零点解除" in reply

    async def verify_first_day(self) -> None:
        reply = await self.town.say(VOLUNTEERS[0], TOWN, "领取 5")
        claimed = refs(reply)
        assert len(claimed) == 5 and not any(p.name in reply for p in PEOPLE), reply
        sheet = await self.town.heard()
        assert [h.chat for h in sheet] == [private(VOLUNTEERS[0])], "details go to the single chat of the caller alone"
        assert sheet[0].refs == set(claimed)
        await self.verify_many([number for number in (*range(40), 62) if number not in {27, 28}])
        await self.edges_first_day()

    async def verify_many(self, numbers: list[int]) -> None:
        """Now and then one by name and tail; the others five at a time, a line or a reference each."""
        for number in numbers[::8]:
            await self.verify(number)
        rest = [number for number in numbers if number not in numbers[::8]]
        for turn, start in enumerate(range(0, len(rest), 5)):
            lives = [self.model.of(number) for number in rest[start : start + 5]]
            volunteer = VOLUNTEERS[turn % 3]
            together = "核转 " + " ".join(life.ref for life in lives)
            lines = "\n".join(f"核实 {life.ref} 核实无误 核转" for life in lives)
            reply = await self.town.say(volunteer, TOWN, together if turn % 2 else lines)
            assert reply.count("已核转") == len(lives), reply
            for life in lives:
                self.model.observe(life, volunteer)

    async def edges_first_day(self) -> None:
        tell, model, day = self.tell, self.model, self.today
        assert "未抵京 预计" in await tell(50, "{ref} 核实无误"), "whoever has not come cannot be verified"
        assert "先挂起" in await tell(51, "{ref} 未抵京 预计2月27日到")
        model.of(51).state, model.of(51).due = "未抵京挂起", date(2020, 2, 27)
        model.of(51).arrived = date(2020, 2, 27)
        for number in (52, 53, 54, 55):
            outcome = "拒接" if number == 54 else "未接" if number != 55 else "空号"
            reply = await tell(number, "{ref} " + outcome)
            assert "第1次" in reply and "后再打" in reply, reply
            model.of(number).state, model.of(number).owner = "待回拨", VOLUNTEERS[0]
        for number, place in ((56, "阳坊镇"), (57, "阳坊镇"), (58, "沙河镇")):
            assert f"已转往{place}" in await tell(number, f"{{ref}} 区域选错 应为{place}")
            model.of(number).state, model.of(number).owner = "转出待接收", VOLUNTEERS[0]
        await self.transfers()
        reply = await tell(59, "核实 {ref} 地址不详")
        assert "地址还缺" in reply
        model.of(59).state, model.of(59).owner = "待补地址", VOLUNTEERS[0]
        assert "已领取" not in await tell(0, "放回 {ref}"), "an observed person cannot be put back"
        refused = await tell(0, "{ref} 未接")
        assert "观察中" in refused and "可以" in refused, refused
        assert day == FIRST

    async def transfers(self) -> None:
        model, offers = self.model, await self.town.heard()
        told = Counter((h.chat, frozenset(h.refs)) for h in offers if h.chat.startswith("single"))
        for number, lead in ((56, OTHER_LEAD), (57, OTHER_LEAD), (58, LEAD)):
            assert told[private(lead), frozenset({model.of(number).ref})] == 1, (number, told)
        assert "不在本单位" in await self.tell(56, "接收 {ref}", VOLUNTEERS[1]), (
            "the sender cannot accept its own offer"
        )
        assert "接收" in await self.tell(56, "接收 {ref}", OTHER_LEAD, OTHER)
        moved = model.of(56)
        moved.state, moved.owner = "待核实", ""
        moved.units.append(OTHER_UNIT)
        assert "退回" in await self.tell(57, "退回 {ref} 查无此人", OTHER_LEAD, OTHER)
        model.of(57).state, model.of(57).owner = "待核实", ""
        assert "已转出" in await self.tell(58, "转出 {ref}", LEAD)
        model.of(58).state = "已转出"

    async def later_edges(self) -> None:  # noqa: C901  (a calendar)
        """What becomes of the edges on the days after the first."""
        town, model, n = self.town, self.model, self.n
        if n == 1:
            for number in (52, 54, 57):
                await self.verify(number)
            for count in (2, 3, 4):
                self.town.clock.set(
                    at(self.today, f"{10 + 3 * (count - 2)}:30") if count > 2 else self.town.clock.now()
                )
                for number, outcome in ((53, "未接"), (55, "关机")):
                    reply = await self.tell(number, "核实 {ref} " + outcome)
                    assert f"第{count}次" in reply, reply
            assert "已转负责人" in reply
            alarms = [h for h in await town.heard() if "多次没打通" in h.content]
            assert {(h.chat, *sorted(h.refs - {"R58"})) for h in alarms} == {
                (private(LEAD), *sorted({model.of(number).ref} - {"R58"})) for number in (53, 55)
            }
            model.of(53).state = model.of(55).state = "待负责人定"
            fixed = await self.tell(59, f"更正 {{ref}} 居住地址改为红石坎村{PEOPLE[59].door}")
            assert "更正" in fixed, fixed
            model.of(59).state = "待核实"
            await self.verify(59)
            await self.verify(56, OTHER_LEAD)
            for number in (27, 28):
                await self.verify(number)
        if n == 2:
            assert "请写上原因" in await self.tell(53, "注销 {ref}", LEAD)
            assert "注销" in await self.tell(53, "注销 {ref} 本人不来了", LEAD)
            model.of(53).state = "已注销"
            await self.tell(55, "重开 {ref}", LEAD)
            model.of(55).state = "待核实"
            await self.verify(55)
        if n == 3:
            await self.verify(50)
        if n == 4:
            await self.verify(51)
        if n == 7:
            assert "请负责人来定" in await self.tell(20, "解除 {ref} 转集中隔离")
            assert "提前结束" in await self.tell(20, "解除 {ref} 转集中隔离", LEAD)
            model.of(20).state = "提前结束"
        if n == 10:
            await self.tell(21, "延长 {ref} 3天 同住人发热", LEAD)
            model.of(21).release += timedelta(days=3)
            await self.tell(23, "缩短 {ref} 2天 误登一天", LEAD)
            model.of(23).release -= timedelta(days=2)
        if n == 15:
            assert "观察中" in await self.tell(22, "延长 {ref} 2天 又有症状", LEAD)
            again = model.of(22)
            again.state, again.release = "观察中", self.today + timedelta(days=2)

    async def import_second_day(self) -> None:
        """By the command line, while the bot runs; twice."""
        rows = [
            [p.name, p.phone, p.id_number, p.address, FIRST.isoformat(), "正常"] for p in (PEOPLE[n] for n in IMPORTED)
        ]
        file = self.town.folder / "list.xlsx"
        file.write_bytes(workbook(rows))
        config = self.town.trial.service.config
        for apply, fresh in ((False, 10), (True, 10), (True, 0)):
            done = importing.returnees(config, file, UNIT, apply=apply, clock=self.town.clock)
            assert (len(done.plan.fresh), done.plan.known) == (fresh, 10 - fresh)
        self.adopt(list(IMPORTED), FIRST)
        await self.verify_many(list(IMPORTED))

    # -- observation ---------------------------------------------------------------------------------------------

    async def reports(self, when: str) -> None:
        due = [one for one in self.model.missing(self.today) if plan(one.number, self.n) == when]
        by_hand: dict[tuple[str, str], list[Life]] = {}
        for life in due:
            if life.account:
                await self.own_report(life)
            elif not (life.number == AWAY and self.n == ON_LEAVE_DAY):
                by_hand.setdefault((life.owner, life.units[-1]), []).append(life)
        for (owner, unit), lives in by_hand.items():
            chat = OTHER if unit == OTHER_UNIT else TOWN
            words = " ".join(f"{PEOPLE[life.number].name}36.{life.number % 8}" for life in lives)
            reply = await self.town.say(owner, chat, f"健康打卡 {words}")
            assert "记下了" in reply, reply
            self.reported_to_group += len(lives)
            for life in lives:
                life.days.add(self.today)

    async def own_report(self, life: Life) -> None:
        words = "36.4 无不适"
        if life.number == SAME and self.n > 1:
            words = "同昨天"
        fever = life.number == FEVER and self.n == 6
        reply = await self.town.say(life.account, "", "健康打卡 37.8 咳嗽" if fever else words)
        assert "健康打卡" in reply, reply
        life.days.add(self.today)
        if fever:
            alerts = await self.town.heard()
            people = Counter(h.chat for h in alerts if "需要关注" in h.content)
            assert people == {private(LEAD): 1, private(life.owner): 1}
            counts = [h for h in alerts if h.chat == TOWN]
            assert len(counts) == 1 and "1 人次" in counts[0].content and PEOPLE[FEVER].name not in counts[0].content

    def compare_self(self, heard: list[Heard]) -> None:
        got = Counter(h.chat for h in heard if "还没收到您的健康打卡" in h.content)
        wanted = {private(one.account): 1 for one in self.model.missing(self.today) if one.account}
        assert got == wanted, self.today
        for one in self.model.missing(self.today):
            if one.account:
                number = (self.today - one.arrived).days
                assert any(h.chat == private(one.account) and f"第 {number}/14 天" in h.content for h in heard)

    def excused(self) -> frozenset[int]:
        return frozenset({AWAY}) if self.n == ON_LEAVE_DAY else frozenset()

    def compare_volunteers(self, heard: list[Heard]) -> None:
        wanted: dict[str, set[str]] = {}
        for one in self.model.missing(self.today, self.excused()):
            if not (self.n == VOLUNTEER_LEAVE_DAY and one.owner == VOLUNTEERS[0]):
                wanted.setdefault(private(one.owner), set()).add(one.ref)
        self.same_lists(heard, "您负责的", wanted)

    def compare_leads(self, heard: list[Heard]) -> None:
        wanted: dict[str, set[str]] = {}
        for one in self.model.missing(self.today, self.excused()):
            lead = OTHER_LEAD if one.units[-1] == OTHER_UNIT else LEAD
            wanted.setdefault(private(lead), set()).add(one.ref)
        self.same_lists(heard, "人今天没打卡", wanted)

    def same_lists(self, heard: list[Heard], mark: str, wanted: dict[str, set[str]]) -> None:
        said = [h for h in heard if mark in h.content]
        assert Counter(h.chat for h in said) == dict.fromkeys(wanted, 1), (self.today, mark)
        for one in said:
            assert one.refs == wanted[one.chat], (self.today, mark, one.content)

    def compare_handover(self, heard: list[Heard]) -> None:
        for chat, unit in ((TOWN, UNIT), (OTHER, OTHER_UNIT)):
            said = [h for h in heard if h.chat == chat and "当天登记当天核转" in h.content]
            open_ = self.model.open(unit)
            assert len(said) == (1 if open_ else 0), (self.today, chat, open_)
            assert not said or said[0].refs == open_, (said, open_)

    async def new_day(self) -> None:
        self.today += timedelta(days=1)
        heard = await self.jump("00:00")
        released, _back = self.model.midnight(self.today)
        notices = [h for h in heard if "观察期满解除" in h.content]
        lines = [
            line for h in heard if h.chat in {private(LEAD), private(OTHER_LEAD)} for line in h.content.splitlines()
        ]
        told = Counter(ref for line in lines if "，打卡 " in line for ref in refs(line))
        assert told == dict.fromkeys(released, 1), self.today
        assert {h.chat for h in notices} <= {private(LEAD), private(OTHER_LEAD)}
        happy = Counter(h.chat for h in heard if "您的观察期已满" in h.content)
        lives = [self.model.lives[ref] for ref in released]
        assert happy == {private(one.account): 1 for one in lives if one.account}

    async def balance(self) -> None:
        """At the end of each day intake = Σ of states, as the model has it."""
        for lead, chat, unit in ((LEAD, TOWN, UNIT), (OTHER_LEAD, OTHER, OTHER_UNIT)):
            reply = await self.town.say(lead, chat, "/check")
            counts = {word: int(number) for word, number in re.findall(r"([\u4e00-\u9fff]+) (\d+)(?= \+|（)", reply)}
            wanted = self.model.states(unit)
            assert counts == dict(wanted), (self.today, reply, wanted)
            assert f"登记 {sum(wanted.values())} = " in reply and "✓" in reply, reply


async def a_day(play: Play) -> None:
    """From eight in the morning until midnight."""
    await play.jump("08:00")
    if play.n == 0:
        await play.first_day()
        await play.doubles()
    await play.reports("early")
    play.compare_self(await play.jump("10:00"))
    if play.n == 0:
        await play.verify_first_day()
    if play.n == 1:
        await play.import_second_day()
    await play.later_edges()
    await play.reports("noon")
    await leaves(play)
    play.compare_volunteers(await play.jump("16:00"))
    await play.reports("late")
    play.compare_handover(await play.jump("18:00"))
    heard = await play.jump("20:00")
    play.compare_leads(heard)
    play.compare_handover(heard)
    heard = await play.jump("22:00")
    play.compare_handover(heard)
    assert sum("日报" in h.content and h.chat == TOWN for h in heard) == 1
    if play.n == EVENING_SHOWN:
        day = Period(play.today, play.today)
        await same_report(play.town.trial, "returnee_town_evening.md", UNIT, day, at(play.today, "22:00"))
    await play.balance()
    await play.new_day()


async def leaves(play: Play) -> None:
    if play.n == ON_LEAVE_DAY:
        await play.town.say(VOLUNTEERS[2], TOWN, f"{PEOPLE[AWAY].name} 今天请假")
    if play.n == VOLUNTEER_LEAVE_DAY:
        await play.town.say(VOLUNTEERS[0], TOWN, f"{VOLUNTEER_NAMES[VOLUNTEERS[0]]} 今天请假")


async def test_sixteen_days_of_a_town(tmp_path, capfd: pytest.CaptureFixture[str]) -> None:
    log.configure("info")
    town = Town(tmp_path, PEOPLE, at(FIRST, "07:00"))
    await town.start()
    try:
        play = Play(town)
        for _ in range(DAYS):
            await a_day(play)
        same_books(play)
        said = town.group_words()
        raw = raw_database(town)
        await purged(play)
    finally:
        await town.stop()
    captured = capfd.readouterr()
    logged = captured.out + captured.err
    assert "service.ready" in logged
    for place, text in (("a group", said), ("the log", logged)):
        for secret in secrets():
            assert secret not in text, f"{place} shows {secret}"
    for secret in secrets():
        assert secret.encode() not in raw, f"the database file shows {secret}"


def secrets() -> list[str]:
    """Everything that identifies the people of this test."""
    return [word for one in PEOPLE for word in (one.name, one.phone, one.id_number, one.door)]


def raw_database(town: Town) -> bytes:
    """The file with its journal as they lie on the disk while the bot runs."""
    files = sorted(town.folder.glob("kakou.db*"))
    assert len(files) >= 2, "the journal is searched, too"
    return b"".join(file.read_bytes() for file in files)


def same_books(play: Play) -> None:
    """The final figures against the model."""
    model = play.model
    with Session(play.town.trial.service.reader) as session:
        rows = {row.ref: row for row in session.scalars(select(Returnee))}
        reports = session.execute(select(HealthReport.returnee_ref, HealthReport.day)).all()
        on_time = session.execute(select(CaseEvent.ref, CaseEvent.on_time).where(CaseEvent.action == "hand_over")).all()
        kept = session.scalars(select(RecordRow).where(RecordRow.kind == "returnee")).all()
    from handlers.texts_returnee import STATES  # noqa: PLC0415  (words of the answers, for the comparison)

    assert {ref: STATES[row.state] for ref, row in rows.items()} == {ref: one.state for ref, one in model.lives.items()}
    for ref, one in model.lives.items():
        if one.state in {"观察中", "期满解除"}:
            assert (rows[ref].arrived_on, rows[ref].release_on) == (one.arrived, one.release), ref
    found: dict[str, set[date]] = {}
    for ref, day in reports:
        found.setdefault(ref, set()).add(day)
    assert found == {ref: one.days for ref, one in model.lives.items() if one.days}
    assert len(kept) == len(model.lives)
    assert not any("id_number" in row.fields for row in kept)
    late = {ref for ref, punctual in on_time if not punctual}
    assert late == {model.of(number).ref for number in (27, 28, 52, 54, 55, 56, 57, 59)} & {ref for ref, _ in on_time}


async def purged(play: Play) -> None:
    """Three weeks later the personal fields of all who are through are gone, and no figure has changed."""
    town = play.town
    before = await town.say(LEAD, TOWN, f"对账 {play.today.month}月{play.today.day}日")
    await town.to(at(play.today + timedelta(days=25), "09:00"))
    after = await town.say(LEAD, TOWN, f"对账 {play.today.month}月{play.today.day}日")
    assert before.splitlines()[-1] == after.splitlines()[-1]
    with Session(town.trial.service.reader) as session:
        rows = session.scalars(select(Returnee)).all()
        purges = session.scalars(select(Purge)).all()
    gone = [row for row in rows if row.purged_on]
    open_ = {one.ref for one in play.model.lives.values() if one.state == "待核实"}
    assert {row.ref for row in rows if not row.purged_on} == open_, "what is not over is kept"
    assert sum(one.cases for one in purges) == len(gone) == len(rows) - len(open_)
    assert not any(row.name or row.phone or row.name_hash or row.phone_hash or row.details for row in gone)
