"""The calls of the city's days: 12 of 26 within an hour, 50 at one in the morning, eight days of 6 to 9."""

from datetime import date, datetime, timedelta
from pathlib import Path

from handlers.reports.data import Period
from tests.support.dialogue import ZONE, Stage
from tests.support.duty_world import CAPTAIN, call_group
from tests.support.golden import same_report

LEAD = CAPTAIN.name


async def test_twelve_of_twenty_six_within_an_hour(tmp_path: Path) -> None:
    members, chats = call_group("支援群", "朝阳区", 26)
    names = [member.name for member in members[1:]]
    async with Stage(tmp_path, datetime(2022, 11, 20, 19, 0, tzinfo=ZONE), members, chats) as stage:
        called = await stage.say(LEAD, "@小站 招募 孙河乡 12人 今晚9点前到 核酸辅助 一周")
        assert "📢 Z1 招募 12 人：孙河乡，核酸秩序，21:00前到，连续7天" in called
        boards = 0
        for number, name in enumerate(names, 1):
            said = await stage.say(name, "@小站 报名，我有车" if number == 3 else "@小站 报名")
            place = f"第{number}位" if number <= 12 else f"备选第{number - 12}位"
            assert place in said
            boards += said.count("招募进度")
            boards += sum("招募进度" in m.content for m in await stage.later(timedelta(minutes=2)))
        assert 2 <= boards <= 8, "the list is shown at sensible moments, not at every sign-up"
        assert "用时22分钟" in await stage.say(LEAD, "@小站 报名情况")

        leaving = await stage.say(names[4], "@小站 退出报名")
        assert f"{names[12]} 递补入选" in leaving
        assert "您已递补入选" in stage.told(names[12])
        confirmed = await stage.say(LEAD, "@小站 名单确认 Z1")
        assert "名单确认 12 人" in confirmed
        assert "另有备选 13 人" in confirmed
        assert "可出车 1 辆" in confirmed
        assert "名单已确认" in stage.told(names[0])
        assert stage.told(names[20]) == ""

        going = [name for index, name in enumerate(names[:13]) if index != 4]
        await stage.until(datetime(2022, 11, 20, 20, 50, tzinfo=ZONE))
        for name in going[:-1]:
            await stage.say(name, "@小站 到岗 孙河乡")
        assert "集结 11/12（20:50），还差 1 人" in await stage.say(LEAD, "@小站 集结")
        assert going[-1] in await stage.say(LEAD, "集结 Z1", alone=True), "alone the captain hears who"
        assert "12/12 全部到位（20:50），提前10分钟" in await stage.say(going[-1], "@小站 到岗 孙河乡")
        report = await stage.say(LEAD, "@小站 结束招募")
        assert "需要 12 人，报名 25 人（备选 13 人）" in report
        assert "足额用时 22分钟（19:00 → 19:22）" in report
        assert "到位 12/12（20:50 到齐），要求 21:00 前" in report
        day, now = date(2022, 11, 20), datetime(2022, 11, 20, 22, 0, tzinfo=ZONE)
        await same_report(stage.trial, "call_up_day.md", "朝阳区", Period(day, day), now)


async def test_fifty_at_one_in_the_morning(tmp_path: Path) -> None:
    members, chats = call_group("支援群", "朝阳区", 50)
    names = [member.name for member in members[1:]]
    async with Stage(tmp_path, datetime(2022, 11, 21, 1, 0, tzinfo=ZONE), members, chats) as stage:
        called = await stage.say(LEAD, "@小站 招募 酒仙桥街道 50人 上午10点集合 物资配送")
        assert "招募 50 人：酒仙桥街道，物资转运，10:00前到" in called
        for start in range(0, 50, 10):
            entries = "\n".join(f"{number}. {name}" for number, name in enumerate(names[: start + 10], 1))
            await stage.say(names[start], f"@小站 #接龙\n酒仙桥街道支援报名\n\n{entries}")
            await stage.later(timedelta(minutes=5))
        assert "招募进度 50/50" in await stage.say(LEAD, "@小站 报名情况")
        await stage.say(LEAD, "@小站 名单确认")
        await stage.until(datetime(2022, 11, 21, 9, 55, tzinfo=ZONE))
        assert "集结 49/50" in await stage.say(LEAD, f"@小站 集结 {'、'.join(names[:49])}")
        posted = await stage.until(datetime(2022, 11, 21, 10, 0, tzinfo=ZONE))
        assert any("集结 49/50（10:00），还差 1 人" in m.content for m in posted)
        assert names[49] in stage.told(LEAD)
        assert "50/50，全部到位" in await stage.say(LEAD, f"@小站 集结 {names[49]}")

        wrong = await stage.say(LEAD, "@小站 分配 管控区 18人，社区卡口 30人")
        assert "18 + 30 = 48，名单是 50 人，还有 2 人没分到" in wrong
        split = await stage.say(LEAD, "@小站 分配 炭厂里、魔方公寓、驼房里等管控区 18人，其余32人 社区卡口")
        assert "18 + 32 = 50，人数对上了 ✓" in split
        moved = await stage.say(LEAD, "@小站 驰援 3人 从 社区卡口 到 魔方公寓")
        assert "社区卡口 29人，魔方公寓 3人，共 50 人" in moved
        assert "调不出" in await stage.say(LEAD, "@小站 驰援 30人 从 社区卡口 到 魔方公寓")
        assert "到位 50/50" in await stage.say(LEAD, "@小站 结束招募")


async def test_one_volunteer_on_two_posts_of_a_night(tmp_path: Path) -> None:
    members, chats = call_group("税务志愿队", "丰台区/丰台街道", 40)
    name = members[1].name
    async with Stage(tmp_path, datetime(2022, 11, 22, 13, 0, tzinfo=ZONE), members, chats) as stage:
        await stage.say(name, "@小站 到岗 1号楼 抗原检测")
        await stage.until(datetime(2022, 11, 23, 0, 0, tzinfo=ZONE))
        moved = await stage.say(name, "@小站 到岗 49号楼 抗原检测")
        assert "1号楼记到 00:00" in moved, "a second check-in is understood as a move, and can be corrected"
        await stage.until(datetime(2022, 11, 23, 3, 0, tzinfo=ZONE))
        assert "共3小时" in await stage.say(name, "@小站 收工 49号楼 抗原 116栋 2000户")
        mine = await stage.say(name, "@小站 我的记录")
        assert "在岗 2 次，共 14 小时，其中夜间 5 小时" in mine
        await stage.say(name, "@小站 更正 C1 结束时间改为23:30")
        assert "共 13.5 小时" in await stage.say(name, "@小站 我的记录")


async def test_six_to_nine_people_for_eight_days(tmp_path: Path) -> None:
    members, chats = call_group("双榆树大区", "海淀区/双榆树街道", 12)
    names = [member.name for member in members[1:]]
    async with Stage(tmp_path, datetime(2022, 11, 6, 18, 0, tzinfo=ZONE), members, chats) as stage:
        plan = await stage.say(LEAD, "@小站 排班 红民村社区 11月7日至14日 9:30-20:00 每天6至9名")
        assert "红民村社区 11月7日至11月14日 09:30–20:00，每天需 6至9人" in plan
        jump = stage.trial.sandbox.move_clock
        await jump(datetime(2022, 11, 7, 9, 30, tzinfo=ZONE))
        for day in range(8):
            here = names[: 6 + day % 4] if day != 5 else names[:4]
            assert "✅" in await stage.say(names[0], f"@小站 到岗 红民村社区 {'、'.join(here)}")
            await jump(datetime(2022, 11, 7 + day, 10, 30, tzinfo=ZONE))
            gaps = await stage.say(LEAD, "@小站 空岗")
            assert ("需 6至9人，已到 4 人" in gaps) is (day == 5), f"day {day}: {gaps}"
            await jump(datetime(2022, 11, 7 + day, 20, 0, tzinfo=ZONE))
            assert "共10.5小时" in await stage.say(names[0], f"@小站 离岗 红民村社区 {'、'.join(here)}")
            await jump(datetime(2022, 11, 8 + day, 9, 30, tzinfo=ZONE))
        assert "在岗 8 次，共 84 小时" in await stage.say(names[0], "@小站 我的记录")
        assert "还没有排班" in await stage.say(LEAD, "@小站 排班"), "the eight days are over"
