"""A town's union and fifty-six companies in the first weeks of resuming work: asked, listed, short of masks, supplied in
two batches by five volunteers, signed for; over encrypted callbacks with a moved clock, against sums made by hand.
"""

import io
import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from bot.sandbox.settings import Chat, Member
from bot.sandbox.state import BOT
from handlers.reports.data import Period
from tests.support.dialogue import ZONE, Stage
from tests.support.golden import same_report

LEAD, CHAIR = Member("lead", "王慧琴", "总工会副主席", coordinator=True), Member("chair", "向明", "企业工会主席")
CREW = tuple(Member(f"v{n}", name) for n, name in enumerate(("李秀兰", "赵玉梅", "孙桂芳", "周晓燕", "吴小丽")))
TOWN = "昌平区/阳坊镇"
CHATS = (Chat("wrUnion", "阳坊镇工会志愿者群", "group", TOWN, tuple(m.user_id for m in (LEAD, CHAIR, *CREW))),)

SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方"
)
TRADES = ("超市", "饭店", "药房", "汽修厂", "印刷厂", "理发馆", "面馆")
FIRMS = [f"{s}家桥{TRADES[n % 7]}" for n, s in enumerate(SURNAMES)]
"""Fifty-six companies with names unlike each other."""


def masks(n: int) -> int:
    """What the n-th company lacks."""
    return 10 * (n % 5 + 1)


def soap(n: int) -> int:
    return n % 3 + 1


MASKS, SOAP = sum(masks(n) for n in range(56)), sum(soap(n) for n in range(56))
FIRST_MASKS, FIRST_SOAP = 840, 60
SECOND_MASKS, SECOND_SOAP = 860, 60


def test_the_figures_of_the_scenario_by_hand() -> None:
    assert len(set(FIRMS)) == 56
    # 11 rounds of 10+20+30+40+50 and one more 10; 18 rounds of 1+2+3 and 1+2
    assert (MASKS, SOAP) == (11 * 150 + 10, 18 * 6 + 3) == (1660, 111)


@pytest.fixture
async def stage(tmp_path: Path):
    members = (LEAD, CHAIR, *CREW)
    async with Stage(tmp_path, datetime(2020, 2, 10, 8, 30, tzinfo=ZONE), members, CHATS) as made:
        yield made


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2020, 2, day, hour, minute, tzinfo=ZONE)


def survey(n: int) -> str:
    when = "正常营业" if n % 2 else f"2月{20 + n % 5}日开工"
    return f"@小站 复工摸排 {FIRMS[n]} {when} 职工{10 + n}人 返京{n % 4}人 缺口罩{masks(n)}只、84消毒液{soap(n)}桶"


async def surveyed(stage: Stage) -> None:
    listed = await stage.say("王慧琴", f"@小站 企业 名单 {'、'.join(FIRMS)}")
    assert "已登记 56 家" in listed, listed
    assert "未联系（56）" in await stage.say("王慧琴", "@小站 企业 未报")
    assert "已联系" in await stage.say("李秀兰", f"@小站 企业 已联系 {FIRMS[54]}、{FIRMS[55]}")
    for n in range(54):
        answer = await stage.say(CREW[n % 5].name, survey(n))
        assert f"{FIRMS[n]}：" in answer and f"缺口罩{masks(n)}只" in answer, answer  # noqa: PT018  (shown as a whole)
        assert "是同一家吗" not in answer, answer
    silent = await stage.say("王慧琴", "@小站 企业 未报")
    assert "还没报的企业** 2 家（在册 56 家）" in silent
    assert f"已联系（2）：{FIRMS[54]}、{FIRMS[55]}" in silent
    for n in (54, 55):
        await stage.say("周晓燕", survey(n))
    assert "在册 56 家企业都已报" in await stage.say("王慧琴", "@小站 企业 未报")


def sheet(stage: Stage, name: str, number: int = 0) -> list[list]:
    """The newest file of this name that the bot sent, as rows."""
    sent = [m for m in stage.world.messages if m.sender == BOT and m.media and m.content.startswith(name)]
    book = CalamineWorkbook.from_filelike(io.BytesIO(stage.world.media[sent[-1].media].content))
    return book.get_sheet_by_index(number).to_python()


async def shared(stage: Stage, masks_come: int, soap_come: int) -> tuple[str, str]:
    """Goods come, are shared out and confirmed; (draft, confirmation)."""
    came = await stage.say("王慧琴", f"@小站 收到区总工会口罩{masks_come}只、84消毒液{soap_come}桶")
    assert "批到货" in came, came
    refused = await stage.say("李秀兰", "@小站 分配")
    assert "需要负责人来做，请找：王慧琴" in refused
    draft = await stage.say("王慧琴", "@小站 分配")
    done = await stage.say("王慧琴", "@小站 分配 确认")
    return draft, done


async def delivered(stage: Stage, first: int, last: int) -> None:
    """Two and two at a heavy bucket; each note is signed for."""
    alone = await stage.say("李秀兰", f"@小站 配送 D{first}-D{last}")
    assert "一个人搬不动" in alone
    half = (first + last) // 2
    for start, end, crew in ((first, half, "李秀兰 赵玉梅"), (half + 1, last, "孙桂芳 周晓燕 吴小丽")):
        left = await stage.say(crew[:3], f"@小站 配送 D{start}-D{end} {crew} 京A12345")
        assert f"{end - start + 1} 家" in left, left
    await stage.trial.sandbox.move_clock(stage.clock.now() + timedelta(hours=2))
    for start in range(first, last + 1, 8):
        end = min(start + 7, last)
        assert "已签收" in await stage.say("赵玉梅", f"@小站 签收 D{start}-D{end}")


async def test_fifty_six_companies_and_too_few_supplies_in_two_batches(stage: Stage) -> None:
    await surveyed(stage)
    figures = await stage.say("王慧琴", "@小站 企业")
    assert "在册 56 家：已报 56" in figures
    assert "营业（已开工）28 家，有复工计划 28 家" in figures
    assert f"职工 {sum(10 + n for n in range(56)):,} 人，返京 {sum(n % 4 for n in range(56))} 人" in figures
    short = await stage.say("王慧琴", "@小站 物资 缺口")
    assert "口罩：56 家需 1,660只，到货 0只" in short
    assert "缺口 1,660只" in short
    assert "84消毒液：56 家需 111桶" in short

    await stage.trial.sandbox.move_clock(at(20, 9))  # ten days until the first goods
    draft, done = await shared(stage, FIRST_MASKS, FIRST_SOAP)
    assert "按需分配，名单 56 家" in draft
    assert "口罩：可分 840只，名单共缺 1,660只，这次分 840只，还差 820只" in draft
    assert "84消毒液：可分 60桶，名单共缺 111桶，这次分 60桶，还差 51桶" in draft
    assert "56 家，单据 D1–D56，共口罩840只、84消毒液60桶" in done
    check_list(sheet(stage, "配送签收表"), sheet(stage, "分配方案"))
    await delivered(stage, 1, 56)
    assert "🎉 56 家全部签收，覆盖率 100%" in await stage.say("王慧琴", "@小站 物资 覆盖")
    digest = await stage.say("王慧琴", "@小站 汇总")
    for line in ("到货 口罩840只、84消毒液60桶", "分配 口罩840只、84消毒液60桶", "签收 56 家：口罩840只、84消毒液60桶"):
        assert line in digest, digest
    assert "缺口 口罩820只、84消毒液51桶" in digest
    assert "为 56 家单位送去口罩840只、84消毒液60桶" in digest
    first = Period(date(2020, 2, 20), date(2020, 2, 20))
    await same_report(stage.trial, "enterprises_first_batch.md", TOWN, first, stage.clock.now())

    await stage.trial.sandbox.move_clock(at(23, 9))
    draft, done = await shared(stage, SECOND_MASKS, SECOND_SOAP)
    assert "这次分 820只，够了，余 40只" in draft
    assert "这次分 51桶，够了，余 9桶" in draft
    last = int(re.findall(r"D57–D(\d+)", done)[0])
    await delivered(stage, 57, last)
    story = await stage.say("王慧琴", "@小站 物资 小结")
    assert story == (
        "2月10日至2月23日，阳坊镇摸排企业56家；汇总需求口罩1,660只、84消毒液111桶；到货2批，共口罩1,700只、84消毒液120桶；"
        "由5名志愿者为56家单位送去口罩1,660只、84消毒液111桶，均已签收，覆盖率100%；需求全部满足。"
    )
    whole = Period(date(2020, 2, 10), date(2020, 2, 23))
    await same_report(stage.trial, "enterprises_two_weeks.md", TOWN, whole, stage.clock.now())


def check_list(notes: list[list], plan: list[list]) -> None:
    """The driver's list and the plan against the rule: nobody more than needed, all of it, everybody something."""
    rows = notes[1:]
    assert notes[0][:5] == ["单号", "单位", "物资", "数量", "计量"]
    assert notes[0][-2:] == ["签收人", "签收时间"]
    given = {(row[1], row[2]): int(row[3]) for row in rows}
    assert {firm for firm, _ in given} == set(FIRMS)
    assert sum(v for (_, item), v in given.items() if item == "口罩") == FIRST_MASKS
    assert sum(v for (_, item), v in given.items() if item == "84消毒液") == FIRST_SOAP
    for n, firm in enumerate(FIRMS):
        fair = masks(n) * FIRST_MASKS / MASKS
        assert abs(given[firm, "口罩"] - fair) < 1
        assert 1 <= given[firm, "84消毒液"] <= soap(n)
    assert all(row[5] - row[6] == row[7] >= 0 for row in plan[1:])
