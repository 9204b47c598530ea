"""The whole thing as a person sees it: `kakou sandbox` in a process of its own, and its page in a real browser."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Page, expect

from bot.trial import free_port

pytestmark = pytest.mark.browser
FORM = (
    "@小站 返京登记\n姓名：何天一\n电话：13800001234\n出发地：河北省保定市\n抵京时间：2月23日上午9点（已抵京）\n"
    "居住地址：红石坎村12号\n所在单位：某某食品有限公司\n健康状况：正常\n隔离方式：居家"
)


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    """The address of a sandbox that was started as a user starts it."""
    port = free_port()
    kakou = str(Path(sys.executable).with_name("kakou"))
    arguments = ("sandbox", "--port", str(port), "--data", str(tmp_path / "data"), "--at", "2020-02-23T20:00")
    process = await asyncio.create_subprocess_exec(kakou, *arguments, stderr=asyncio.subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    async with aiohttp.ClientSession() as client, asyncio.timeout(30):
        while not await answers(client, f"{address}/ready"):  # noqa: ASYNC110  (another process is waited for)
            await asyncio.sleep(0.05)
    yield address
    process.terminate()
    assert await asyncio.wait_for(process.wait(), 30) == 0


async def answers(client: aiohttp.ClientSession, address: str) -> bool:
    try:
        async with client.get(address) as response:
            return response.status == 200
    except aiohttp.ClientError:
        return False


async def say(page: Page, member: str, text: str) -> None:
    await page.get_by_role("radio", name=member).check(force=True)
    await page.get_by_label("消息", exact=True).fill(text)
    await page.keyboard.press("Enter")


async def test_a_night_on_post_as_a_person_sees_it(url: str, browser) -> None:
    page = await browser(url)
    said = page.locator('[data-sender="bot"] .bubble')

    await say(page, "陈建国", "@小站 到岗 红石坎村卡口 夜班")
    await expect(said.last).to_contain_text("C1 到岗：陈建国，红石坎村卡口")
    await say(page, "陈建国", "@小站 离岗 红石坎村卡口 测温43人次 车辆12辆")
    await expect(said.last).to_contain_text("测温 43人次，车辆 12辆")

    await say(page, "刘桂英", FORM)
    await expect(said.last).to_contain_text("何*（尾号1234）")
    await expect(said.last).not_to_contain_text("何天一")

    await say(page, "刘桂英", "@小站 /summary")
    await expect(said.last).to_contain_text("红石坎村 汇总")
    await expect(said.last).to_contain_text("测温 43人次")

    await page.get_by_role("button", name="到 22:00").click()
    digests = said.filter(has_text="红石坎村 日报")
    await expect(digests.last).to_contain_text("截至", timeout=60_000)
    await expect(digests.last).to_contain_text("测温 43人次")
    await page.get_by_role("button", name="+1 小时").click()
    await expect(page.locator("#now-time")).to_contain_text("23:0")
    assert await digests.count() == 1, "no digest twice"
