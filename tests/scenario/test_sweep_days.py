"""The days of the articles that forms are for: 116 buildings swept until three in the morning, door sensors in three
communities, notices, samples and ledgers of two days. Over encrypted callbacks with a moved clock, against figures
reckoned by hand.
"""

from datetime import datetime, timedelta
from pathlib import Path

from tests.support.dialogue import ZONE, Stage
from tests.support.duty_world import CAPTAIN, call_group

LEAD = CAPTAIN.name
ESTATES = (("翠林一里", 49), ("翠林二里", 40), ("翠林三里", 27))
"""Communities with their buildings, each numbered from 1: 116 buildings, though no number is above 49."""
SWEEP = datetime(2022, 11, 22, 13, 0, tzinfo=ZONE)
MIDNIGHT = datetime(2022, 11, 23, 0, 0, tzinfo=ZONE)


def households(number: int) -> int:
    """Of the building of this number."""
    return 14 + number % 9


def refused(number: int) -> int:
    return int(number % 12 == 0)


BUILDINGS = [(estate, number) for estate, most in ESTATES for number in range(1, most + 1)]


def test_the_figures_of_the_sweep_by_hand() -> None:
    assert len(BUILDINGS) == 49 + 40 + 27 == 116
    # Nine buildings in a row have 9 * 14 + 36 = 162 households; 49 are 5 * 162 + (15 + 16 + 17 + 18), 40 are 4 * 162 +
    # (15 + 16 + 17 + 18), 27 are 3 * 162.
    assert sum(households(number) for _, number in BUILDINGS) == 876 + 714 + 486 == 2076
    # 12, 24, 36, 48; 12, 24, 36; 12, 24
    assert sum(refused(number) for _, number in BUILDINGS) == 4 + 3 + 2 == 9


def told(estate: str, number: int, how: int) -> str:
    """A building that is done, in one of the ways in which people write."""
    all_, no = households(number), refused(number)
    done = all_ - no
    return (
        f"抗原 {estate}{number}号楼 共{all_}户 完成{done}户" + (f" 拒检{no}户" if no else ""),
        f"抗原检测 {estate} {number}栋 {all_}户做完{done}户，拒{no}户",
        f"抗原检测进度\n小区：{estate}\n楼号：{number}号楼\n户数：{all_}户\n完成：{done}户\n拒检：{no}户\n未做：0户",
        f"拒检：{no}户 抗原 {estate}{number}# 完成：{done}户 户数：{all_}",
    )[how]


async def sweep(stage: Stage, names: list[str]) -> None:
    """Building by building, the last ones after midnight; one in ten is told half done first."""
    for at, (estate, number) in enumerate(BUILDINGS):
        name = names[at % 40]
        if at == 80:
            await stage.trial.sandbox.move_clock(MIDNIGHT + timedelta(minutes=30))
        if number % 10 == 5:
            half = await stage.say(name, f"@小站 抗原 {estate}{number}号楼 共{households(number)}户 完成8户")
            assert f"完成8户，剩{households(number) - 8}户" in half
        answer = await stage.say(name, f"@小站 {told(estate, number, at % 4)}")
        assert f"{estate}{number}" in answer, answer
        assert f"完成{households(number) - refused(number)}户" in answer, answer
        assert "哪栋" not in answer, answer
        assert "哪个数不对" not in answer, answer


async def test_116_buildings_by_40_people_until_three_in_the_morning(tmp_path: Path) -> None:
    members, chats = call_group("税务志愿队", "丰台区/丰台街道", 40)
    names = [member.name for member in members[1:]]
    async with Stage(tmp_path, SWEEP, members, chats) as stage:
        await stage.say(LEAD, f"@小站 到岗 抗原检测 {'、'.join(names)}")
        await sweep(stage, names)

        twice = await stage.say(names[7], "@小站 抗原 翠林一里3栋 共17户 完成17户")
        assert "翠林一里3号楼" in twice, "the second telling is of the same building"
        wrong = await stage.say(names[8], "@小站 抗原 翠林二里12号楼 共17户 完成17户")
        assert "完成17户、拒检1户加起来18户，比户数17户多" in wrong
        right = await stage.say(names[8], "@小站 完成16户")
        assert "翠林二里12号楼抗原：共17户，完成16户，拒检1户，剩0户" in right or "翠林二里12栋" in right
        await stage.say(names[9], "@小站 抗原 翠林三里 27号楼 共14户 完成11户")
        ref = (await stage.say(names[9], "@小站 抗原 翠林三里 27号楼 完成13户")).split(" ")[1]
        assert f"✏️ {ref} 翠林三里27" in await stage.say(names[9], f"@小站 更正 {ref} 完成改为14户")

        await stage.trial.sandbox.move_clock(datetime(2022, 11, 23, 3, 0, tzinfo=ZONE))
        summed = await stage.say(LEAD, "@小站 抗原检测完成116栋")
        assert "抗原检测 116栋" in summed
        assert "哪栋" not in summed
        await stage.say(LEAD, "@小站 撤回")
        await stage.say(LEAD, f"@小站 离岗 抗原检测 {'、'.join(names)}")

        night = await stage.say(LEAD, "@小站 汇总 11月22日至11月23日")
        assert "抗原检测进度：更新 116 条；完成 2067/2076户，剩0户，99%" in night
        assert night.endswith(
            "> 11月22日至11月23日，丰台街道共派出志愿者 40 名、40 人次，值守 560 小时，"
            "完成抗原检测 2,067户、拒检 9户，抗原检测完成99%（116栋，2067/2076户）。"
        ), night
        first = sum(households(n) - refused(n) for _, n in BUILDINGS[:80])
        assert f"完成抗原检测 {first:,}户" in await stage.say(LEAD, "@小站 汇总 11月22日")


THREE = ("亚澜苑社区", "太和社区", "檀园社区")
FIRST, SECOND = (300, 150, 80), (450, 120, 50)
"""Door sensors of the first and of the second day, by community."""


async def test_750_of_1150_door_sensors_whose_parts_are_not_added_twice(tmp_path: Path) -> None:
    assert (sum(FIRST), sum(SECOND), FIRST[0] + SECOND[0], sum(FIRST) + sum(SECOND)) == (530, 620, 750, 1150)
    members, chats = call_group("门磁安装群", "密云区/鼓楼街道", 6)
    names = [member.name for member in members[1:]]
    async with Stage(tmp_path, datetime(2022, 11, 22, 20, 0, tzinfo=ZONE), members, chats) as stage:
        await stage.say(names[0], "@小站 门磁安装 亚澜苑社区 应装750户 今日安装300户 累计安装300户")
        await stage.say(names[1], "@小站 门磁 太和社区 今日安装150户")
        late = (await stage.say(names[2], "@小站 门磁 檀园社区 装了60户")).split(" ")[1]
        first = await stage.say(LEAD, "@小站 汇总")
        assert "安装门磁 510户" in first
        assert "累计300户" not in first, "what one of three states as its total is not that of all"

        posted = await stage.until(datetime(2022, 11, 22, 22, 10, tzinfo=ZONE))
        assert any("安装门磁 510户" in message.content for message in posted)
        await stage.trial.sandbox.move_clock(datetime(2022, 11, 23, 20, 0, tzinfo=ZONE))
        corrected = await stage.say(names[2], f"@小站 更正 {late} 今日安装改为80户")
        assert "今日安装80户" in corrected
        await stage.say(names[0], "@小站 门磁 亚澜苑社区 今日安装450户，累计750户")
        await stage.say(names[1], "@小站 门磁 太和社区 今日安装120户")
        await stage.say(names[2], "@小站 门磁 檀园社区 今日安装50户")
        told = await stage.later(timedelta(minutes=70))
        assert any("安装门磁 510→530户" in message.content for message in told), [m.content for m in told]

        whole = await stage.say(LEAD, "@小站 门磁 三个社区 应装1150户 今日安装620户 累计1150户，其中亚澜苑社区750户")
        assert "今日安装620户，累计1150户，剩0户；100%" in whole
        both = await stage.say(LEAD, "@小站 汇总 11月22日至11月23日")
        assert "安装门磁 1,150户；累计1,150户" in both, both
        assert both.endswith("> 11月22日至11月23日，鼓楼街道完成安装门磁 1,150户，门磁安装完成100%（1150/1150户）。"), (
            both
        )
        await stage.say(LEAD, "@小站 撤回")
        assert "安装门磁 620户" in await stage.say(LEAD, "@小站 汇总"), "without the whole its parts count"


async def test_two_days_of_thirty_four_people(tmp_path: Path) -> None:
    members, chats = call_group("志愿服务队", "密云区/鼓楼街道", 34)
    names = [member.name for member in members[1:]]
    async with Stage(tmp_path, datetime(2022, 11, 22, 9, 0, tzinfo=ZONE), members, chats) as stage:
        for day, here, said in (
            (22, names[:30], ("发放温馨提示500张", "核酸采样 檀园社区 采样1800人次", "建立台账1200户")),
            (23, names[10:], ("张贴温馨提示300张", "核酸采样 檀园社区 采样1700人次", "建立台账800余户")),
        ):
            await stage.trial.sandbox.move_clock(datetime(2022, 11, day, 9, 0, tzinfo=ZONE))
            await stage.say(LEAD, f"@小站 到岗 檀园社区 {'、'.join(here)}")
            for number, text in enumerate(said):
                assert "📝" in await stage.say(here[number], f"@小站 {text}"), text
            await stage.trial.sandbox.move_clock(datetime(2022, 11, day, 17, 0, tzinfo=ZONE))
            await stage.say(LEAD, f"@小站 离岗 檀园社区 {'、'.join(here)}")
        # 30 + 24 attendances of 34 people, 8 hours each: 432; 500 + 300, 1800 + 1700, 1200 + more than 800
        both = await stage.say(LEAD, "@小站 汇总 11月22日至11月23日")
        assert both.endswith(
            "> 11月22日至11月23日，鼓楼街道共派出志愿者 34 名、54 人次，值守 432 小时，守好 1 个点位，"
            "完成核酸采样 3,500人次、建立台账 超过2,000户、发放宣传品 800张。"
        ), both
