"""A town's day as its reports tell it, word for word, and the numbers of its workbook.

`KAKOU_GOLDEN=write pytest tests/scenario/test_golden_reports.py` writes the files anew; read the difference before you
keep it.
"""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from bot.trial import Trial
from handlers import texts_report as words
from handlers.reports import pictures, workbook
from handlers.reports.data import Period
from handlers.reports.digest import made, plain, tables
from storage import daily
from tests.support import png
from tests.support.golden import MOST_ANYWHERE, MOST_IN_THE_MEAN, SIDE, differences, numbers, real_size, same
from tests.support.trials import running

ZONE = ZoneInfo("Asia/Shanghai")
YESTERDAY = datetime(2020, 2, 22, 8, 0, tzinfo=ZONE)
VILLAGE, TOWN = "wrSandboxHongshikan", "wrSandboxJinhaihu"
UNIT = "平谷区/金海湖镇/红石坎村"
FORM = (
    "返京登记\n姓名：{name}\n电话：{phone}\n出发地：河北省保定市\n抵京时间：2月23日下午3点（已抵京）\n"
    "居住地址：红石坎村12号\n所在单位：某某食品有限公司\n健康状况：正常\n隔离方式：居家"
)
STORY = (
    (0, "chenjianguo", VILLAGE, "到岗 东门"),
    (240, "chenjianguo", VILLAGE, "离岗 东门 测温120人次"),
    (1440, "chenjianguo", VILLAGE, "到岗 东门"),
    (1445, "sunxiaoyu", VILLAGE, "到岗 西门 孙小雨、赵大勇"),
    (1500, "sunxiaoyu", VILLAGE, "西门 测温56人次 车辆约30辆"),
    (1560, "chenjianguo", VILLAGE, "巡查 第2轮 登记本缺1页"),
    (1600, "liuguiying", VILLAGE, FORM.format(name="何天一", phone="13800001234")),
    (1605, "liuguiying", VILLAGE, FORM.format(name="宋明月", phone="13900005678")),
    (1650, "liuguiying", VILLAGE, "招募 红石坎村 6人 明天9点前到"),
    (1660, "sunxiaoyu", VILLAGE, "报名"),
    (1680, "chenjianguo", VILLAGE, "离岗 东门 测温超过200人次 劝返2人"),
    (1700, "sunxiaoyu", VILLAGE, "更正 W2 测温 65人次"),
    (1710, "zhaominghua", TOWN, "到岗 镇政府门口"),
    (1720, "zhaominghua", TOWN, "发放温馨提示800张"),
)


@pytest.fixture
async def trial(tmp_path: Path) -> AsyncIterator[Trial]:
    async with running(tmp_path, YESTERDAY) as found:
        yield found


async def test_a_town_s_day(trial: Trial) -> None:
    for minutes, member, chat, text in STORY:
        await trial.sandbox.move_clock(YESTERDAY + timedelta(minutes=minutes))
        assert (await trial.sandbox.say(member, chat, f"@小站 {text}")).status == 200
    await trial.service.writer.run(daily.catch_up)
    at = datetime(2020, 2, 23, 22, 0, tzinfo=ZONE)
    day, week = Period(at.date(), at.date()), Period(at.date() - timedelta(days=6), at.date())
    with Session(trial.service.reader) as session:
        village = made(session, day, UNIT, at, title=words.DIGEST)
        town = made(session, day, "平谷区/金海湖镇", at, title=words.DIGEST)
        months = made(session, week, "平谷区", at, title=words.WEEKLY)
        book = workbook.report_book(session, village, day, ZONE, masked=True)
        shown = pictures.content(session, village, day)
    same("village_day.md", plain(village))
    same("town_day.md", plain(town))
    same("town_day_tables.md", tables(town) or plain(town))
    same("district_week.md", plain(months))
    same("village_day_numbers.md", numbers(book))
    mean, most = differences("village_day.png", real_size(shown))
    assert mean <= MOST_IN_THE_MEAN
    assert most <= MOST_ANYWHERE
    another = shown.replace('"value": "265"', '"value": "266"')
    assert another != shown
    mean, most = png.distances(*(png.read(real_size(one)).smaller(SIDE) for one in (shown, another)))
    assert most > MOST_ANYWHERE, "another digit is seen"
