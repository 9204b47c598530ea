"""A town for scenarios: invented people, two units, a bot behind encrypted callbacks, and everything it said."""

import asyncio
import io
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import xlsxwriter

from bot.clock import MovableClock
from bot.sandbox.settings import Chat, Member, SandboxSettings
from bot.trial import Trial

ZONE = ZoneInfo("Asia/Shanghai")
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = ("建军", "秀英", "志强", "桂兰")
TOWN, OTHER = "wrTownTest", "wrOtherTest"
UNIT, OTHER_UNIT = "平谷区/金海湖镇", "昌平区/阳坊镇"
LEAD, OTHER_LEAD = "leadzhao", "leadma"
VOLUNTEERS = ("volliu", "volsun", "volchen")
VOLUNTEER_NAMES = {"volliu": "柳叶青", "volsun": "申屠晚", "volchen": "岑一帆"}
STEP = timedelta(seconds=20)


@dataclass(frozen=True)
class Person:
    """One invented returnee."""

    number: int
    account: str = ""

    @property
    def name(self) -> str:
        return SURNAMES[self.number % 20] + GIVEN[self.number // 20 % 4]

    @property
    def phone(self) -> str:
        return f"1380013{4100 + self.number * 7:04d}"

    @property
    def door(self) -> str:
        return f"{8800 + self.number}号"

    @property
    def address(self) -> str:
        return f"平谷区金海湖镇红石坎村{self.door}"

    @property
    def id_number(self) -> str:
        body = f"110101199001{self.number % 28 + 1:02d}{100 + self.number:03d}"
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
        return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]

    def form(self, arrival: str) -> str:
        return (
            f"返京登记\n姓名：{self.name}\n联系电话：{self.phone}\n身份证号：{self.id_number}\n工作单位：某某科技公司\n"
            f"出发地：河北省保定市\n抵京时间：{arrival}\n居住地址：{self.address}\n健康状况：正常\n隔离方式：居家"
        )


@dataclass(frozen=True)
class Heard:
    """One message of the bot that was no passive reply."""

    chat: str
    content: str

    @property
    def refs(self) -> set[str]:
        return set(re.findall(r"R\d+", self.content))


class Town:
    """The bot at work. `say` moves the clock a little, so that rates are those of real people."""

    def __init__(self, folder: Path, people: list[Person], start: datetime) -> None:
        accounts = [Member(one.account, one.name, "返京人员") for one in people if one.account]
        members = (
            Member(LEAD, "赵镇长", coordinator=True),
            Member(OTHER_LEAD, "马主任", coordinator=True),
            *(Member(user, name) for user, name in VOLUNTEER_NAMES.items()),
            *accounts,
        )
        chats = (
            Chat(TOWN, "金海湖镇返京群", "group", UNIT, (LEAD, *VOLUNTEERS)),
            Chat(OTHER, "阳坊镇返京群", "group", OTHER_UNIT, (OTHER_LEAD,)),
        )
        self.folder = folder
        self.clock = MovableClock(start)
        self.trial = Trial(0, folder, self.clock, SandboxSettings(members, chats, ()))
        self._seen = 0

    async def start(self) -> None:
        await self.trial.start()
        # Straight on: what is due on the way is written when the clock stands, each slot for its own time.
        self.trial.sandbox.next_due = lambda _after: None
        # The watches of the other features look every few minutes; sixteen days of that would show nothing here.
        scheduler = self.trial.service.scheduler
        for name in [name for name in scheduler.jobs if not name.startswith(("returnee", "nightly"))]:
            del scheduler.jobs[name]
            scheduler._alarm.remove_job(name)

    async def stop(self) -> None:
        await self.trial.stop()

    @property
    def world(self):
        return self.trial.sandbox.world

    async def say(self, user: str, chat: str, text: str) -> str:
        """What somebody says in a group (`TOWN`, `OTHER`) or, with chat "", alone; returns the bot's reply."""
        self.clock.forward(STEP)
        place = chat or self.world.single(user).id
        done = await self.trial.sandbox.say(user, place, f"@小站 {text}" if chat else text)
        assert done.status == 200, (text, done.status, done.problem)
        return done.reply or ""

    async def send_file(self, user: str, name: str, content: bytes, route: str = "main") -> str:
        self.clock.forward(STEP)
        done = await self.trial.sandbox.send_file(user, self.world.single(user, route).id, name, content)
        assert done.status == 200
        return done.reply or ""

    async def to(self, moment: datetime) -> list[Heard]:
        """Move the clock to a moment and hear what the bot says on the way."""
        await self.trial.sandbox.move_clock(moment)
        return await self.heard()

    async def heard(self) -> list[Heard]:
        """What the bot said since the last call, passive replies left out."""
        await self.trial.service.inbox.drain()
        await self.trial.service.outbox.drain()
        await asyncio.sleep(0)
        new = self.world.messages[self._seen :]
        self._seen = len(self.world.messages)
        return [Heard(m.chat, m.content) for m in new if m.sender == "bot" and m.via != "passive"]

    def group_words(self) -> str:
        """Everything that the bot ever said to a group, passive replies included."""
        return "\n".join(m.content for m in self.world.messages if m.sender == "bot" and m.chat in (TOWN, OTHER))


def at(day: date, clock: str) -> datetime:
    """A local moment."""
    hour, minute = clock.split(":")
    return datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=ZONE)


def private(user: str) -> str:
    """The chat in which the app writes to somebody."""
    return f"single-app-{user}"


def workbook(rows: list[list[object]], *, title: bool = True) -> bytes:
    """A table of registrations as a town would make it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        first = 0
        if title:
            sheet.merge_range(0, 0, 0, 6, "返京人员登记表")
            first = 1
        sheet.write_row(first, 0, ["序号", "姓名", "手机号码", "身份证号码", "现居住地址", "抵京日期", "健康状况"])
        for number, row in enumerate(rows, 1):
            sheet.write_row(first + number, 0, [number, *row])
    return out.getvalue()
