"""Commands, with their period and unit."""

from dataclasses import dataclass

from hypothesis import strategies as st

from tests.support.written.shapes import Draw, full_width

NAMES = st.sampled_from([
    ("summary", "汇总"), ("summary", "日报"), ("export", "导出"), ("pending", "待核实"), ("missing", "未打卡"),
    ("roster", "在岗名单"), ("help", "帮助"), ("mine", "我的记录"),
])  # fmt: skip
PERIODS = st.sampled_from([
    ("今天", "today"), ("昨天", "yesterday"), ("本周", "week"), ("上周", "last_week"), ("本月", "month"), ("11月20日", "2022-11-20"),
    ("2022-11-20", "2022-11-20"),
])  # fmt: skip


@dataclass(frozen=True)
class Order:
    """A command of the contract and the ways in which it may be written."""

    command: dict[str, str]
    texts: dict[str, str]


@st.composite
def orders(draw: Draw) -> Order:
    """A command."""
    (name, word), period = draw(NAMES), draw(st.none() | PERIODS)
    unit = draw(st.none() | st.sampled_from(["望京街道", "阳坊镇"]))
    command = {"name": name}
    if period or name == "summary":
        command["period"] = period[1] if period else "today"
    command |= {"unit": unit} if unit else {}
    parts = " ".join(part for part in (word, period[0] if period else "", unit or "") if part)
    texts = {
        "slash": f"/{parts}",
        "full-width slash": f"／{parts}",
        "bare": f"@小站 {parts}",
        "polite": f"@小站 请{parts}",
        "full-width": full_width(f"@小站 {parts}"),
        "unit first": f"@小站 {' '.join(part for part in (word, unit or '', period[0] if period else '') if part)}",
    }
    return Order(command, texts)
