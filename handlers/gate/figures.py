"""The gate's block of a report, and the answer to 进出: its own figures of a period and place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.context import Context
from handlers import texts_gate as words
from handlers import texts_report
from handlers.gate import people
from handlers.gate.metrics import metric_named
from handlers.gate.passes import register_of
from handlers.ledger import written_at
from storage import daily_read
from storage.daily_count import CountCell
from storage.daily_read import Figures

WORKS = ("gate|in", "gate|out", "gate|both", "gate|singly", "gate|exception", "pass|issued", "kind|departure_call")
"""What shows that there is a gate at work. Counts of temperatures or vehicles alone show none."""
PASSING = ("gate|in", "gate|out", "gate|both")
TAKEN_OVER = frozenset(("in", "out", "both", "vehicles", "back", "exception", "fever", "measured"))
"""Counts of work that are told in this block, and not among the other work a second time."""


ROWS: Mapping[str, tuple[str, str]] = {
    "gate|in": ("卡口进", "人次"),
    "gate|out": ("卡口出", "人次"),
    "gate|both": ("卡口进出", "人次"),
    "gate|vehicles": ("车辆", "辆"),
    "gate|measured": ("测温", "人次"),
    "gate|fever": ("发热", "例"),
    "gate|exception": ("查验异常", "人"),
    "gate|back": ("劝返", "人"),
    "pass|issued": ("逐张发证", "张"),
    "gate|passes": ("批量发证", "张"),
    "kind|departure_call": ("离京电话", "人次"),
}
"""Figure → its name and measure in tables, pictures and comparisons."""


@dataclass(frozen=True, slots=True)
class Told:
    """One line: its text, the key of its records, what it says of the posts."""

    text: str
    source: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Gate:
    """The gate's figures of a place and period."""

    now: Figures
    before: Figures = field(default_factory=Figures)
    sums: Mapping[str, CountCell] = field(default_factory=dict)
    """From the first day to the end of the period."""

    @property
    def works(self) -> bool:
        """Whether there is a gate: zero is said where there is one, and nothing where there is none."""
        return any(name in found.whole for found in (self.now, self.before) for name in WORKS)

    @property
    def watches(self) -> bool:
        """Whether it tells who passed, and not only of passes and calls."""
        return any(
            name.startswith("gate|") for found in (self.now, self.before) for name in found.whole if name in WORKS
        )

    def takes_over(self, name: str) -> bool:
        """Whether a figure of work (`work|进村|人`) is told in this block, and not among the other work again."""
        metric = metric_named(name)
        return bool(self.total("pass|issued")) if metric == "passes" else self.watches and metric in TAKEN_OVER

    def cell(self, name: str) -> CountCell:
        return self.now.whole.get(name) or CountCell()

    def total(self, name: str) -> int:
        """From the first day on."""
        return round(self.sums[name].value) if name in self.sums else 0

    @property
    def open_calls(self) -> int:
        """People who left and are still to be called, at the end of the period."""
        return self.total("departure|registered") - self.total("departure|done")

    def lines(self) -> Iterator[Told]:
        """The block."""
        if not self.works:
            return
        if self.watches:
            yield Told(self._passed(), "gate|passed", self._posts())
            yield Told(self._heat(), "gate|fever")
            yield Told(self._exceptions(), "gate|exception")
        if self.total("pass|issued"):
            yield Told(self._passes(), "pass|issued")
        if self.total("departure|registered"):
            yield Told(self._calls(), "kind|departure_call")

    def _passed(self) -> str:
        text = f"进 {self._amount('gate|in')}，出 {self._amount('gate|out')}"
        if "gate|both" in self.now.whole:
            text += f"，未分进出 {self._amount('gate|both')}"
        if "gate|vehicles" in self.now.whole:
            text += f"；车辆 {texts_report.amount(self.cell('gate|vehicles'), '辆')}"
        singly = self.now.value("gate|singly")
        return text + (f"（逐人登记 {singly} 条）" if singly else "")

    def _amount(self, name: str) -> str:
        return texts_report.amount(self.cell(name), "人次")

    def _posts(self) -> str:
        """Where they passed, when it was at several posts."""
        found = {name: self.now.by_post.get(name, {}) for name in PASSING[:2]}
        posts = dict.fromkeys(post for cells in found.values() for post in cells)
        if len(posts) < 2:  # noqa: PLR2004  (several)
            return ""
        came, went = found["gate|in"], found["gate|out"]
        return "，".join(
            f"{post or texts_report.NO_POST} 进{_plain(came.get(post))}出{_plain(went.get(post))}" for post in posts
        )

    def _heat(self) -> str:
        measured = f"测温 {self._amount('gate|measured')}，" if "gate|measured" in self.now.whole else ""
        return f"{measured}发热 {self.now.value('gate|fever')} 例"

    def _exceptions(self) -> str:
        return f"查验异常 {self._heads('gate|exception')}，劝返 {self._heads('gate|back')}"

    def _heads(self, name: str) -> str:
        return texts_report.amount(self.cell(name), "人")

    def _passes(self) -> str:
        bulk = self.now.value("gate|passes")
        issued = self.now.value("pass|issued")
        parts = f"（逐张登记 {issued}，批量 {bulk}）" if bulk and issued else ""
        void = self.now.value("pass|void")
        gone = f"，作废 {void} 张" if void else ""
        total = self.total("pass|issued") + self.total("gate|passes")
        return f"发证 {issued + bulk} 张{parts}{gone}；累计 {texts_report.number(total)} 张"

    def _calls(self) -> str:
        return f"离京电话 {self.now.value('kind|departure_call')} 人次，还要打 {self.open_calls} 人"

    def clause(self) -> str:
        """The gate's part of the closing sentence, empty where nobody passed."""
        if not any(name in self.now.whole for name in PASSING):
            return ""
        cell = CountCell()
        for name in PASSING:
            cell.merge(self.cell(name))
        fever = self.now.value("gate|fever")
        measured = f"测温 {self._amount('gate|measured')}，" if "gate|measured" in self.now.whole else ""
        heat = f"发热 {fever} 例" if fever else "没有一例发热"
        passes = self.now.value("pass|issued") + self.now.value("gate|passes")
        issued = f"，发证 {passes} 张" if self.now.value("pass|issued") else ""
        return f"卡口进出 {texts_report.amount(cell, '人次')}，{measured}{heat}{issued}"


def _plain(cell: CountCell | None) -> str:
    return texts_report.amount(cell, "") if cell else "0"


def asked(ctx: Context, day: date) -> str:
    """进出 昨天: the block of one day, by itself."""
    at = people.place(ctx)
    place = register_of(at)
    session = ctx.uow.session
    found = Gate(daily_read.read(session, place, day, day), sums=daily_read.sums(session, place, day))
    lines = list(found.lines())
    if not lines:
        return words.NO_ENTRIES.format(what="进出数字。可以这样报：东门 进3人 出7人").replace(
            "今天", "今天" if day == written_at(ctx).date() else words.day(day)
        )
    until = f"截至{written_at(ctx):%H:%M}" if day == written_at(ctx).date() else "全天"
    text = [line for one in lines for line in (f"· {one.text}", f"　{one.more}" if one.more else "") if line]
    return words.gate_figures(texts_report.place_name(place), f"{words.day(day)}，{until}", text)
