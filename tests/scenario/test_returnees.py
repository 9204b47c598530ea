"""Short dialogues about returnees: who says what, and what comes of it."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.tables import Returnee
from storage.tables_cases import CasePair, PendingImport
from tests.support.town import LEAD, OTHER, OTHER_LEAD, TOWN, VOLUNTEERS, Person, Town, at, private, workbook

DAY = date(2020, 2, 23)
PEOPLE = [Person(n, "self00" if n == 0 else "") for n in range(6)]
LIU, SUN, _CHEN = VOLUNTEERS


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    made = Town(tmp_path, PEOPLE, at(DAY, "09:00"))
    await made.start()
    yield made
    await made.stop()


def stored(town: Town, query):
    with Session(town.trial.service.reader) as session:
        return session.execute(query).scalars().all()


def case(town: Town, ref: str) -> Returnee:
    return stored(town, select(Returnee).where(Returnee.ref == ref))[0]


async def observed(town: Town, number: int = 1) -> str:
    """Somebody registered and handed over; the reference."""
    before = len(stored(town, select(Returnee)))
    await town.say(LIU, TOWN, PEOPLE[number].form("2月23日"))
    ref = f"R{before + 1}"
    assert "已核转" in await town.say(LIU, TOWN, f"{ref} 核实无误 核转")
    return ref


async def test_the_id_number_is_dropped_unless_the_configuration_keeps_it(town: Town) -> None:
    await town.say(LIU, TOWN, PEOPLE[1].form("2月23日"))
    assert "id_number" not in case(town, "R1").details


async def test_what_the_call_corrects_is_kept_beside_what_was_registered(town: Town) -> None:
    await town.say(LIU, TOWN, PEOPLE[1].form("2月23日"))
    words = f"核实 {PEOPLE[1].name} 尾号{PEOPLE[1].phone[-4:]} 核实无误 地址补充：3号楼2单元501 核转"
    reply = await town.say(LIU, TOWN, words)
    assert "更正了居住地址" in reply
    assert "501" not in reply
    found = case(town, "R1")
    assert found.details["address"] == PEOPLE[1].address
    assert found.confirmed["address"] == "3号楼2单元501"
    await town.say(LIU, TOWN, f"更正 R1 居住地址改为红石坎村{PEOPLE[2].door}")
    found = case(town, "R1")
    assert found.details["address"] == f"红石坎村{PEOPLE[2].door}"
    assert "address" not in (found.confirmed or {}), "the newest word holds"


async def test_a_call_is_taken_back_with_everything_that_it_did(town: Town) -> None:
    await town.say(LIU, TOWN, PEOPLE[1].form("2月23日"))
    before = case(town, "R1")
    await town.say(LIU, TOWN, "R1 核实无误 核转")
    assert case(town, "R1").state == "observing"
    assert "已撤回" in await town.say(LIU, TOWN, "撤回")
    after = case(town, "R1")
    names = ("state", "attempts", "arrived_on", "release_on", "handed_on", "owner", "clock_on")
    assert {n: getattr(after, n) for n in names} == {n: getattr(before, n) for n in names}
    assert "✓" in await town.say(LIU, TOWN, "/check")


async def test_an_observed_registration_is_not_taken_back(town: Town) -> None:
    ref = await observed(town)
    reply = await town.say(LIU, TOWN, f"撤回 {ref}")
    assert "不能撤回登记" in reply
    assert case(town, ref).state == "observing"


async def test_a_decision_about_a_double_is_remembered(town: Town) -> None:
    await town.say(LIU, TOWN, PEOPLE[1].form("2月23日"))
    reply = await town.say(SUN, TOWN, PEOPLE[2].form("2月23日").replace(PEOPLE[2].phone, PEOPLE[1].phone))
    assert "不是重复 R1 R2" in reply
    assert "以后不再提示" in await town.say(SUN, TOWN, "不是重复 R2 R1")
    pairs = stored(town, select(CasePair))
    assert [(pair.first, pair.second, pair.state, pair.decided_by) for pair in pairs] == [("R1", "R2", "distinct", SUN)]
    again = await town.say(SUN, TOWN, PEOPLE[2].form("2月23日").replace(PEOPLE[2].phone, PEOPLE[1].phone))
    assert "已登记过" in again
    assert "可能" not in again


async def test_of_two_doubles_the_one_that_came_further_stays(town: Town) -> None:
    await town.say(LIU, TOWN, PEOPLE[1].form("2月23日"))
    await town.say(SUN, TOWN, PEOPLE[1].form("2月23日"))
    await town.say(SUN, TOWN, "R2 核实无误 核转")
    assert "R1 已并入 R2" in await town.say(SUN, TOWN, "合并 R1 R2")
    assert "观察中" in await town.say(SUN, TOWN, "R1 未接"), "the old reference leads to the one that stays"


async def test_a_stranger_and_a_returnee_get_no_details(town: Town) -> None:
    await town.say(LIU, TOWN, PEOPLE[1].form("2月23日"))
    await town.say("self00", "", PEOPLE[0].form("2月23日"))
    for words in ("领取 5", "查看 R1", "待核实", "/check"):
        reply = await town.say("self00", "", words)
        assert PEOPLE[1].phone not in reply
        assert "领取" not in reply or "请找" in reply
    own = await town.say("self00", "", "查看 R2")
    assert PEOPLE[0].phone in own, "the own case may be seen"
    assert "不在本单位" in await town.say(OTHER_LEAD, OTHER, "查看 R1")


async def test_a_group_hears_no_details_even_when_somebody_asks_there(town: Town) -> None:
    await town.say(LIU, TOWN, PEOPLE[1].form("2月23日"))
    assert "单独发给您" in await town.say(LIU, TOWN, "查看 R1")
    assert "单独发给您" in await town.say(LIU, TOWN, "领取 1")
    heard = await town.heard()
    assert {one.chat for one in heard} == {private(LIU)}
    assert all(PEOPLE[1].phone in one.content for one in heard)
    assert PEOPLE[1].phone not in town.group_words()


BAD = [
    ("名单.txt", "姓名,电话".encode(), "不是 xlsx"),
    ("加密.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600), "密码"),
    ("多.xlsx", workbook([[f"王{i}", 13800000000 + i] for i in range(301)]), "一次最多 300 行"),
    ("缺.xlsx", workbook([]), "没有内容"),
]


@pytest.mark.parametrize(("name", "content", "said"), BAD, ids=[one[0] for one in BAD])
async def test_a_bad_file_changes_nothing(town: Town, name: str, content: bytes, said: str) -> None:
    await town.say(LIU, TOWN, "到岗 东门")
    reply = await town.send_file(LIU, name, content)
    assert said in reply
    assert "什么都没有改动" in reply
    assert not stored(town, select(Returnee)) + stored(town, select(PendingImport))


async def test_a_table_that_was_confirmed_too_late_is_sent_again(town: Town) -> None:
    await town.say(LIU, TOWN, "到岗 东门")
    await town.send_file(LIU, "表.xlsx", workbook([[PEOPLE[1].name, PEOPLE[1].phone, "", "", "2020-02-23", ""]]))
    await town.to(at(DAY, "10:00"))
    assert "超过30分钟" in await town.say(LIU, "", "确认导入")
    assert stored(town, select(func.count(Returnee.id))) == [0]


async def test_the_list_for_the_receiving_side_goes_to_the_lead_alone(town: Town) -> None:
    await observed(town)
    assert "请负责人来定" in await town.say(LIU, TOWN, "移交名单")
    assert "共 1 人" in await town.say(LEAD, TOWN, "移交名单")
    files = [one for one in await town.heard() if one.content.endswith(".xlsx")]
    assert [(one.chat, one.content) for one in files] == [(private(LEAD), "核转名单-2020-02-23.xlsx")]
    heard = await town.to(at(DAY, "22:00"))
    assert [one.chat for one in heard if one.content.endswith(".xlsx")] == [private(LEAD)]


async def test_a_missed_day_is_caught_up_and_an_impossible_one_told(town: Town) -> None:
    await observed(town)
    await town.to(at(DAY + timedelta(days=3), "09:00"))
    reply = await town.say(LIU, TOWN, f"健康打卡 {PEOPLE[1].name} 第2天 36.5 无不适")
    assert "补记为第2天" in reply
    reply = await town.say(LIU, TOWN, f"健康打卡 {PEOPLE[1].name} 第9天 36.5 无不适")
    assert "今天是第3天" in reply
    assert "都打过卡了" in await town.say(LIU, TOWN, "未打卡")


async def test_release_is_editable_both_ways_and_always_has_a_reason(town: Town) -> None:
    ref = await observed(town)
    assert "请写上原因" in await town.say(LEAD, TOWN, f"延长 {ref} 3天")
    assert "3月12日 零点解除" in await town.say(LEAD, TOWN, f"延长 {ref} 3天 同住人发热")
    assert "3月8日 零点解除" in await town.say(LEAD, TOWN, f"缩短 {ref} 4天 同住人排除")
    assert "已经过去" in await town.say(LEAD, TOWN, f"解除日 {ref} 2月20日 写错")
    assert "3月10日 零点解除" in await town.say(LEAD, TOWN, f"解除日 {ref} 3月10日 核对后改")
    assert "请写上原因" in await town.say(LEAD, TOWN, f"解除 {ref}")
    assert "提前结束" in await town.say(LEAD, TOWN, f"解除 {ref} 已转集中隔离")
    assert "观察中" in await town.say(LEAD, TOWN, f"延长 {ref} 1天 又回来了")
    history = await town.say(LEAD, TOWN, f"历史 {ref}")
    assert "同住人发热" in history
    assert PEOPLE[1].name not in history


async def test_a_corrected_temperature_is_judged_anew_and_told(town: Town) -> None:
    await observed(town)
    await town.to(at(DAY + timedelta(days=1), "09:00"))
    await town.say(LIU, TOWN, f"健康打卡 {PEOPLE[1].name} 36.5 无不适")
    assert not [one for one in await town.heard() if "需要关注" in one.content]
    assert "体温" in await town.say(LIU, TOWN, "更正 H1 体温改为37.8")
    told = {one.chat for one in await town.heard() if "需要关注" in one.content}
    assert told == {private(LEAD), private(LIU)}


async def test_a_family_member_registers_and_reports(town: Town) -> None:
    """Somebody who works for no group speaks for the person whom they register, whatever their own name is."""
    await town.say("self00", "", PEOPLE[3].form("2月23日"))
    await town.say(LIU, TOWN, "R1 核实无误 核转")
    heard = await town.to(at(DAY + timedelta(days=1), "10:00"))
    assert [one.chat for one in heard if "还没收到您的健康打卡" in one.content] == [private("self00")]
    await town.say("self00", "", "健康打卡 36.5 无不适")
    assert "都打过卡了" in await town.say(LIU, TOWN, "未打卡")
