"""Companies and supplies in small: what is kept, asked once, refused, taken back, put right; over encrypted callbacks."""

import io
from datetime import datetime
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from bot import importing_org
from bot.config import load
from bot.sandbox.settings import Chat, Member
from bot.sandbox.state import BOT
from storage.daily_check import differences
from tests.support.dialogue import ZONE, Stage

MEMBERS = (
    Member("lead", "王慧琴", "总工会副主席", coordinator=True),
    Member("li", "李秀兰"),
    Member("zhao", "赵玉梅"),
    Member("chair", "向明", "企业工会主席"),
)
CHATS = (
    Chat("wrUnion", "阳坊镇工会志愿者群", "group", "昌平区/阳坊镇", ("lead", "li", "zhao")),
    Chat("wrOther", "沙河镇工会志愿者群", "group", "昌平区/沙河镇", ("zhao",)),
)


@pytest.fixture
async def stage(tmp_path: Path):
    async with Stage(tmp_path, datetime(2020, 2, 20, 9, 0, tzinfo=ZONE), MEMBERS, CHATS) as made:
        yield made


async def said(stage: Stage, name: str, text: str) -> str:
    return await stage.say(name, f"@小站 {text}")


async def three(stage: Stage) -> None:
    """Three companies that lack 200 masks, of which 90 come."""
    await said(stage, "李秀兰", "复工摸排 大都饭店 2月24日开工 职工56人 返京12人 缺口罩100只、84消毒液4桶")
    await said(stage, "李秀兰", "复工摸排 阳坊超市 正常营业 职工6人 缺口罩60只、84消毒液2桶")
    await said(stage, "李秀兰", "复工摸排 仁和药房 2月10日开工 职工4人 缺医用口罩40个")


async def on_their_way(stage: Stage) -> None:
    await three(stage)
    await said(stage, "王慧琴", "收到区总工会口罩90只、84消毒液4桶")
    await said(stage, "王慧琴", "分配")
    assert "D1–D3" in await said(stage, "王慧琴", "分配 确认")
    assert "3 家，李秀兰、赵玉梅" in await said(stage, "李秀兰", "配送 D1-D3 李秀兰 赵玉梅 京A12345")


async def test_a_later_survey_changes_only_what_it_says(stage: Stage) -> None:
    first = await said(stage, "李秀兰", "复工摸排 大都饭店 2月24日开工 职工56人 返京12人 有宿舍 缺口罩100只")
    assert "还差：有无食堂、经营面积" in first
    again = await said(stage, "赵玉梅", "复工摸排 大都饭店 返京15人 无食堂")
    assert "返京人数 12→15，有无食堂 无" in again
    card = await said(stage, "李秀兰", "企业 大都饭店")
    assert "计划2月24日开工，职工56人，返京15人，有宿舍，无食堂" in card
    assert "口罩：需 100只，还缺 100只" in card
    assert "没有变化" in await said(stage, "李秀兰", "复工摸排 大都饭店 返京15人")
    corrected = await said(stage, "李秀兰", "更正 E1 职工人数改为60")
    assert "60" in corrected
    assert "职工60人，返京15人" in await said(stage, "李秀兰", "企业 大都饭店")
    assert "已撤回 E2" in await said(stage, "赵玉梅", "撤回 E2")
    card = await said(stage, "李秀兰", "企业 查看 大都饭店")
    assert "返京15人" in card, "E3 still says so"
    assert "食堂" in card.split("还差")[1], "what only E2 said is unknown again"


async def test_of_a_company_whose_reports_are_all_taken_back_nothing_is_left(stage: Stage) -> None:
    await said(stage, "李秀兰", "复工摸排 大都饭店 2月24日开工 职工56人 联系人周敏 13800012345")
    assert "已撤回 E1" in await said(stage, "李秀兰", "撤回 E1")
    assert "还没有登记企业" in await said(stage, "李秀兰", "企业 未报")
    assert "E2 大都饭店" in await said(stage, "赵玉梅", "复工摸排 大都饭店 职工20人"), "it may be reported anew"
    assert "周" not in await said(stage, "李秀兰", "企业 查看 大都饭店")
    assert "已撤回 E2" in await said(stage, "赵玉梅", "撤回 E2")
    assert "还没有登记企业" in await said(stage, "李秀兰", "企业 未报"), "nobody ever listed it"


async def test_a_list_of_companies_is_one_message(stage: Stage) -> None:
    told = await said(
        stage,
        "李秀兰",
        "复工摸排\n大都饭店 2月24日开工 职工56人 缺口罩30只\n阳坊超市 职工6人 正常营业 缺口罩20只\n顺达汽修厂 职工9人 停业 缺口罩5只",
    )
    assert told.count("🏢") == 3
    figures = await said(stage, "李秀兰", "企业")
    assert "营业（已开工）1 家，有复工计划 1 家，停业 1 家" in figures
    await said(stage, "王慧琴", "收到 口罩100只、额温枪")
    draft = await said(stage, "王慧琴", "分配")
    assert "名单 2 家" in draft
    assert "未纳入（没有复工计划，也没报营业）：顺达汽修厂" in draft


async def test_a_need_said_anew_takes_the_place_of_the_old_one_and_more_comes_on_top(stage: Stage) -> None:
    await said(stage, "李秀兰", "大都饭店需要 口罩100只")
    await said(stage, "李秀兰", "大都饭店需要 口罩80只")
    assert "1 家需 80只" in await said(stage, "李秀兰", "物资")
    assert "追加口罩20只" in await said(stage, "李秀兰", "大都饭店追加 口罩20只")
    assert "1 家需 100只" in await said(stage, "李秀兰", "物资")
    assert "已撤回 G3" in await said(stage, "李秀兰", "撤回 G3")
    assert "1 家需 80只" in await said(stage, "李秀兰", "物资")
    assert "G2" in await said(stage, "李秀兰", "更正 G2 口罩改为50只")
    assert "1 家需 50只" in await said(stage, "李秀兰", "物资")


async def test_a_near_name_is_asked_about_once_and_the_answer_remembered(stage: Stage) -> None:
    await said(stage, "李秀兰", "复工摸排 大都饭店 职工56人 返京12人")
    asked = await said(stage, "赵玉梅", "复工摸排 北京大都饭店有限公司 2月24日开工 职工58人")
    assert "E2 北京大都饭店有限公司 和已有的 E1 大都饭店 是同一家吗" in asked
    assert "两个名称以后都认" in await said(stage, "赵玉梅", "企业 合并 E2 E1")
    card = await said(stage, "李秀兰", "企业 查看 北京大都饭店有限公司")
    assert "E1 大都饭店" in card
    assert "计划2月24日开工，职工58人，返京12人" in card
    again = await said(stage, "赵玉梅", "复工摸排 北京大都饭店有限公司 返京20人")
    assert "E3 大都饭店 已更新" in again
    assert "是同一家吗" not in again
    asked = await said(stage, "赵玉梅", "复工摸排 仁和药房 职工4人 返京1人")
    assert "是同一家吗" not in asked
    asked = await said(stage, "赵玉梅", "复工摸排 仁合药房 职工3人 返京1人")
    assert "E5 仁合药房 和已有的 E4 仁和药房 是同一家吗" in asked
    assert "是两家，以后不再问" in await said(stage, "赵玉梅", "企业 不同 E5 E4")
    assert "是同一家吗" not in await said(stage, "赵玉梅", "复工摸排 仁合药房 返京2人")
    assert "名称不像一家" in await said(stage, "赵玉梅", "企业 合并 E1 E4")
    assert "在册 3 家" in await said(stage, "赵玉梅", "企业")


async def test_a_draft_is_shown_changed_shown_anew_and_confirmed(stage: Stage) -> None:
    await three(stage)
    await said(stage, "李秀兰", "复工摸排 顺达汽修厂 职工9人 缺口罩20只")
    assert "库存是空的" in await said(stage, "王慧琴", "分配")
    assert "没有待确认" in await said(stage, "王慧琴", "分配 确认")
    await said(stage, "王慧琴", "收到区总工会口罩90只")
    assert "没有叫“帐篷”的库存" in await said(stage, "王慧琴", "分配 帐篷")
    draft = await said(stage, "王慧琴", "分配 口罩")
    assert "大都饭店：口罩45只" in draft
    assert "阳坊超市：口罩27只" in draft
    assert "仁和药房：口罩18只" in draft
    assert "未纳入（没有复工计划，也没报营业）：顺达汽修厂" in draft
    assert "还缺 60只，不能多给" in await said(stage, "王慧琴", "分配 改 阳坊超市 口罩 61")
    assert "不在这份方案的名单里" in await said(stage, "王慧琴", "分配 改 顺达汽修厂 口罩 5")
    assert "请这样说" in await said(stage, "王慧琴", "分配 改 阳坊超市")
    changed = await said(stage, "王慧琴", "分配 改 阳坊超市 口罩 20")
    assert "阳坊超市：口罩20只" in changed
    assert "大都饭店：口罩50只" in changed
    assert "营业中" in await said(stage, "李秀兰", "企业 营业 顺达汽修厂")
    shown = await said(stage, "王慧琴", "分配 确认")
    assert "又有新情况" in shown
    assert "顺达汽修厂：口罩" in shown
    assert "4 家，单据 D1–D4，共口罩90只" in await said(stage, "王慧琴", "分配 确认")
    second = await said(stage, "王慧琴", "分配")
    assert "库存是空的" in second


async def test_signing_for_less_gives_the_rest_back(stage: Stage) -> None:
    await on_their_way(stage)
    assert "单据上没有帐篷" in await said(stage, "赵玉梅", "签收 D2 帐篷1顶")
    assert "不能比它多" in await said(stage, "赵玉梅", "签收 D2 口罩28只")
    signed = await said(stage, "赵玉梅", "签收 D2 口罩25只")
    assert "阳坊超市 口罩25只、84消毒液1桶（比单据少 口罩2只，差额退回库存）" in signed
    assert "已签收 1/3 家，覆盖率 33.3%" in signed
    assert "已经签收过" in await said(stage, "赵玉梅", "签收 D2")
    by_report = await said(stage, "李秀兰", "仁和药房 签收 口罩18只")
    assert "D3 已签收：仁和药房 口罩18只" in by_report
    assert "已撤回 G2" in await said(stage, "李秀兰", "撤回 G2")
    assert "覆盖率 33.3%" in await said(stage, "李秀兰", "物资 覆盖")
    assert "仁和药房" in await said(stage, "李秀兰", "签收 仁和药房")
    assert "没人）" in await said(stage, "李秀兰", "退回 D1 没人")
    assert "已退回，要再送" in await said(stage, "李秀兰", "签收 D1")
    gaps = await said(stage, "李秀兰", "物资 缺口")
    assert "已分配 43，已签收 43，库存 47只" in gaps
    assert "缺口 110只" in gaps
    draft = await said(stage, "王慧琴", "分配 口罩")
    assert "大都饭店：口罩45只" in draft
    assert "阳坊超市：口罩2只" in draft, "what came back goes where it is owed"


WRONG = (
    ("签收", "请写单号或单位"),
    ("签收 D99", "没有单据 D99"),
    ("签收 没听过的店", "没找到企业“没听过的店”"),
    ("配送", "请写单号和送的人"),
    ("配送 全部", "还没有配送单据"),
    ("企业 合并 E1", "请写两个企业编号"),
    ("企业 查看 没听过的店", "没找到企业"),
    ("企业 联系人 大都饭店", "请这样说"),
    ("物资", "还没有物资记录"),
    ("物资 覆盖", "还没有配送单据"),
    ("物资 小结", "还没有物资记录"),
    ("企业", "还没有登记企业"),
    ("企业 未报", "还没有登记企业"),
    ("分配 确认", "分配物资需要负责人来做，请找："),
    ("撤回 G9", "没找到 G9"),
)


async def test_whoever_says_it_wrong_hears_what_to_do(stage: Stage) -> None:
    for text, answer in WRONG:
        told = await said(stage, "李秀兰", text)
        assert answer in told, (text, told)


async def test_a_group_sees_no_contact_and_the_lead_does(stage: Stage) -> None:
    told = await said(stage, "李秀兰", "复工摸排 大都饭店 2月24日开工 职工56人 缺口罩10只 联系人：钱大有 13800002222")
    assert "长按撤回" in told
    assert "13800002222" not in told
    card = await said(stage, "李秀兰", "企业 大都饭店")
    assert "钱*（尾号2222）" in card
    assert "钱大有" not in card
    await said(stage, "王慧琴", "收到 口罩10只")
    await said(stage, "王慧琴", "分配")
    await said(stage, "王慧琴", "分配 确认")
    await said(stage, "李秀兰", "物资 单据")
    files = [m for m in stage.world.messages if m.sender == BOT and m.media and "配送签收表" in m.content]
    alone = stage.world.single("lead", "app").id
    assert [m.chat for m in files] == [alone, "wrUnion"]
    assert [("13800002222" in cells(stage, m)) for m in files] == [True, False]
    everything = "\n".join(m.content for m in stage.world.messages if m.sender == BOT)
    assert "13800002222" not in everything


def cells(stage: Stage, message) -> str:
    book = CalamineWorkbook.from_filelike(io.BytesIO(stage.world.media[message.media].content))
    return str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])


async def test_a_chairman_reports_and_signs_alone_and_other_towns_stay_out(stage: Stage) -> None:
    await said(stage, "李秀兰", "企业 名单 大都饭店、阳坊超市")
    told = await stage.say("向明", "复工摸排 大都饭店 2月24日开工 职工56人 返京12人 缺口罩100只", alone=True)
    assert "大都饭店：计划2月24日开工" in told
    assert "已报 1，已联系未报 0，未联系 1" in await said(stage, "李秀兰", "企业")
    await said(stage, "王慧琴", "收到 口罩40只")
    await said(stage, "王慧琴", "分配")
    await said(stage, "王慧琴", "分配 确认")
    stage.chat = "wrOther"
    assert "D1 不归您所在的群" in await said(stage, "赵玉梅", "签收 D1")
    assert "还没有登记企业" in await said(stage, "赵玉梅", "企业")
    stage.chat = "wrUnion"
    signed = await stage.say("向明", "签收 D1", alone=True)
    assert "D1 已签收：大都饭店 口罩40只" in signed
    assert "大都饭店 已签收 D1：口罩40只" in stage.told("王慧琴")


async def test_posts_need_things_too_and_goods_go_out_without_a_plan(stage: Stage) -> None:
    assert "东门" in await said(stage, "李秀兰", "东门需要 口罩20只")
    assert "还没说数量" in await said(stage, "李秀兰", "北门需要 额温枪、手套10副")
    await said(stage, "王慧琴", "收到 口罩50只")
    assert "送达：东门 口罩15只" in await said(stage, "李秀兰", "已送达东门 口罩15只")
    gaps = await said(stage, "李秀兰", "物资")
    assert "口罩：1 家需 20只，到货 50只，已分配 15，已签收 15，库存 35只，缺口 0只" in gaps
    assert "额温枪：1 家需要（没报数量）" in gaps
    assert "口罩 还缺 5只：东门 5" in await said(stage, "李秀兰", "物资 需求")
    draft = await said(stage, "王慧琴", "分配")
    assert "东门：口罩5只" in draft
    digest = await said(stage, "王慧琴", "汇总")
    assert "申报需求 口罩20只" in digest
    assert "到货 口罩50只" in digest
    assert "送去口罩15只" in digest
    listed = await said(stage, "王慧琴", "/列 2")
    assert "到货 口罩50只" in listed


async def test_the_daily_figures_are_those_of_the_records_after_everything(stage: Stage) -> None:
    await on_their_way(stage)
    for text, sign in (
        ("签收 D1", "✅"),
        ("签收 D2 口罩20只", "✅"),
        ("退回 D3 没人", "↩️"),
        ("撤回 G1", "↩️"),
        ("更正 E1 口罩改为90只", "✏️"),
        ("企业 合并 E1 E2 确定", "🏢 已合并"),
    ):
        assert sign in (told := await said(stage, "王慧琴", text)), told
    assert "签收" in await said(stage, "王慧琴", "汇总")
    with Session(stage.trial.service.reader) as session:
        assert differences(session) == []


async def test_imported_companies_are_asked_supplied_and_counted(stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "企业.csv"
    file.write_text("企业,所属单位,联系人\n大都饭店,昌平区/阳坊镇,钱大有\n阳坊超市,昌平区/阳坊镇,\n", encoding="utf-8")
    config = load(stage.trial.config_file, {})
    assert "新增 2" in importing_org.run(config, "enterprises", file, apply=True)[0]
    assert "还没报的企业** 2 家" in await said(stage, "王慧琴", "企业 未报")
    assert "职工56人" in await said(stage, "李秀兰", "复工摸排 大都饭店 2月24日开工 职工56人 缺口罩30只")
    await said(stage, "王慧琴", "收到 口罩30只")
    await said(stage, "王慧琴", "分配")
    assert "D1" in await said(stage, "王慧琴", "分配 确认")
    assert "已签收" in await said(stage, "李秀兰", "签收 大都饭店")
    assert "签收 1 家：口罩30只" in await said(stage, "王慧琴", "汇总")
    with Session(stage.trial.service.reader) as session:
        assert differences(session) == []


async def test_what_was_not_got_is_not_signed_for(stage: Stage) -> None:
    await on_their_way(stage)
    for text in ("签收 D1 没收到", "签收 D1 签错了", "签收 D1 少了5只", "签收 D2 D3 未到"):
        assert "先不签" in await said(stage, "李秀兰", text), text
    assert "写数量请一张单一张单地签" in await said(stage, "李秀兰", "签收 D1 D2 口罩5只")
    assert "已签收" not in (await said(stage, "王慧琴", "物资 覆盖")).split("覆盖率")[1]
    assert "✅ D1 已签收" in await said(stage, "李秀兰", "D1 签收了")
    assert "撤回 D1" in await said(stage, "李秀兰", "D1 退回 没人")
    assert "D3 已签收" in await said(stage, "李秀兰", "签收 D3 李少华"), "that is a name"
    assert "D2 已退回库存（没人）" in await said(stage, "李秀兰", "D2 退回 没人")


async def test_a_signature_that_is_told_twice_brings_nothing_into_stock(stage: Stage) -> None:
    await on_their_way(stage)
    assert "已签收" in await said(stage, "李秀兰", "大都饭店 签收 口罩5只")
    assert "D1 已经签收过" in await said(stage, "赵玉梅", "大都饭店 签收 口罩5只")
    await said(stage, "李秀兰", "复工摸排 阳光饭馆 职工3人")
    assert "阳光饭馆 没有待签收的单据" in await said(stage, "李秀兰", "阳光饭馆 签收 口罩5只")
    assert "第二批" not in await said(stage, "王慧琴", "物资 库存")
    assert "第二批到货" in await said(stage, "李秀兰", "签收 区红十字会 口罩50只"), "of others it is goods that came"


async def test_the_lead_hears_how_much_came(stage: Stage) -> None:
    await on_their_way(stage)
    await stage.say("李秀兰", "签收 D1 口罩5只", alone=True)
    told = stage.told("王慧琴")
    assert "口罩5只" in told


async def test_goods_told_alone_by_somebody_of_no_group_are_asked_about(stage: Stage) -> None:
    await three(stage)
    assert "请在群里发" in await stage.say("向明", "收到区总工会口罩90只", alone=True)
    assert "需求" in await stage.say("向明", "大都饭店需要 口罩20只", alone=True), "its group is known by the company"
    assert "口罩：需 20只" in await said(stage, "李秀兰", "企业 大都饭店")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("分配 改 大都饭店 口罩 -5", "请写整数"),
        ("分配 改 大都饭店 口罩 1.5", "请写整数"),
        ("分配 改 大都饭店 84消毒液", "请这样说"),
        ("分配 改 大都饭店 酒精 3", "没有“酒精”，有：口罩、84消毒液"),
        ("分配 改 大都饭店 口罩5只", "大都饭店：口罩5只"),
    ],
)
async def test_amounts_are_changed_as_they_are_written(stage: Stage, text: str, answer: str) -> None:
    await three(stage)
    await said(stage, "王慧琴", "收到区总工会口罩90只、84消毒液4桶")
    await said(stage, "王慧琴", "分配")
    assert answer in await said(stage, "王慧琴", text)
