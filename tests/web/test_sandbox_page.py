"""The sandbox's page in a real browser, on a desktop and on a phone."""

import base64
import hashlib

import pytest
from aiohttp import web
from playwright.async_api import expect

GROUP = "wrSandboxHongshikan"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
DIGEST = """# 平谷区/金海湖镇 日报
> 截至 <font color="warning">22:00</font>

| 点位 | 人次 |
| :--- | ---: |
| 红石坎村卡口 | 4 |

1. 第一
   - 里面 `C12` **粗** <@sunxiaoyu>
- [台账](https://bot.example.org/console)"""
ATTACK = (
    "<img src=x onerror=alert(1)>\n# <script>alert(2)</script>\n[按](javascript:alert(3))\n"
    '<font color="x" onclick="alert(4)">字</font>\n|<b>a</b>|b|\n|-|-|\n|<i>1</i>|2|'
)
pytestmark = pytest.mark.browser


def bubbles(page, sender="bot"):
    return page.locator(f'[data-sender="{sender}"] .bubble')


async def test_a_volunteer_speaks_and_the_bot_answers(place, browser):
    page = await browser(place.url)
    place.bot.answers = ["已记录 **C1**"]
    await page.get_by_role("radio", name="孙晓雨").check(force=True)
    await page.get_by_role("button", name="到岗 @小站 到岗").click()
    await expect(page.get_by_label("消息", exact=True)).to_have_value("@小站 到岗 红石坎村卡口 夜班")
    await page.keyboard.press("Enter")
    await expect(bubbles(page)).to_have_text("已记录 C1")
    await expect(bubbles(page).locator("strong")).to_have_text("C1")
    await expect(page.locator(".own .bubble")).to_have_text("@小站 到岗 红石坎村卡口 夜班")
    await expect(page.locator(".own .foot")).to_contain_text("已送达")
    await expect(page.get_by_label("消息", exact=True)).to_have_value("")
    assert place.bot.heard[0]["from"] == {"userid": "sunxiaoyu"}
    await page.get_by_role("radio", name="刘桂英").check(force=True)
    await expect(page.locator(".own")).to_have_count(0)


async def test_a_message_is_written_with_mention_lines_and_quote(place, browser):
    await place.sandbox.say("chenjianguo", GROUP, "今晚谁在？")
    page = await browser(place.url)
    box = page.get_by_label("消息", exact=True)
    await expect(page.get_by_role("button", name="发送")).to_be_disabled()
    await page.get_by_role("button", name="@小站", exact=True).click()
    await box.press_sequentially("到岗")
    await box.press("Shift+Enter")
    await box.press_sequentially("夜班")
    await page.get_by_role("button", name="引用 陈建国 的消息").click()
    await page.get_by_role("button", name="发送").click()
    await expect(page.locator(".own .quoted")).to_have_text("今晚谁在？")
    await expect(bubbles(page)).to_contain_text("收到：@小站 到岗")
    (heard,) = place.bot.heard
    assert heard["text"]["content"] == "@小站 到岗\n夜班"
    assert heard["quote"]["text"]["content"] == "今晚谁在？"


async def test_the_clock_moves_to_ten_and_the_digest_appears_once(place, browser):
    async def digest() -> None:
        if place.sandbox.clock.now().hour == 22:
            assert await place.webhook({"msgtype": "markdown_v2", "markdown_v2": {"content": DIGEST}}) == 0

    place.sandbox.on_clock_moved = digest
    page = await browser(place.url)
    await expect(page.locator("#now-time")).to_have_text("21:50")
    await page.get_by_role("button", name="到 22:00").click()
    await expect(bubbles(page)).to_have_count(1)
    await expect(page.locator("#now-time")).to_have_text("22:00")
    shown = bubbles(page)
    await expect(shown.locator("table td")).to_have_text(["红石坎村卡口", "4"])
    await expect(shown.get_by_role("heading")).to_have_text("平谷区/金海湖镇 日报")
    await expect(shown.locator("blockquote .font-warning")).to_have_text("22:00")
    await expect(shown.locator("ol > li ul > li")).to_have_text("里面 C12 粗 @孙晓雨")
    await expect(shown.locator("a")).to_have_attribute("href", "https://bot.example.org/console")
    await page.get_by_role("button", name="到明天 8:00").click()
    await expect(page.locator("#now-time")).to_have_text("08:00")
    await page.get_by_label("自定").fill("2020-02-24T09:30")
    await page.get_by_role("button", name="拨到").click()
    await expect(page.locator("#now-date")).to_have_text("2020年2月24日 周一")
    await expect(page.locator("#now-time")).to_have_text("09:30")
    await expect(bubbles(page)).to_have_count(1)


async def test_nothing_that_is_said_becomes_html(place, browser):
    place.bot.answers = [ATTACK]
    await place.sandbox.say("sunxiaoyu", GROUP, "@小站 <img src=x onerror=alert(5)>", quote="<b>旧</b>")
    page = await browser(place.url)
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    await expect(bubbles(page)).to_contain_text("<img src=x onerror=alert(1)>")
    await expect(bubbles(page).locator("td").first).to_have_text("<i>1</i>")
    assert await page.locator("#messages :is(img, script, b, i, a, [onclick])").count() == 0
    await expect(page.locator(".quoted")).to_have_text("<b>旧</b>")


async def test_pictures_files_and_other_chats(place, browser):
    page = await browser(place.url)
    digest = hashlib.md5(PNG).hexdigest()  # noqa: S324
    picture = {"msgtype": "image", "image": {"base64": base64.b64encode(PNG).decode(), "md5": digest}}
    assert await place.webhook(picture) == 0
    await expect(page.locator(".picture img")).to_have_js_property("naturalWidth", 1)
    key = place.sandbox.world.webhook_key("wrSandboxYangfang")
    media = place.sandbox.world.keep_media(key, "台账.xlsx", b"workbook")
    assert await place.webhook({"msgtype": "file", "file": {"media_id": media}}, "wrSandboxYangfang") == 0
    other = page.get_by_role("button", name="阳坊镇防控工作群")
    await expect(other.locator(".unread")).to_have_text("1")
    await other.click()
    async with page.expect_download() as download:
        await page.get_by_role("link", name="台账.xlsx").click()
    assert (await download.value).suggested_filename == "台账.xlsx"
    await expect(other.locator(".unread")).to_be_empty()


async def test_a_single_chat_needs_no_mention(place, browser):
    page = await browser(place.url)
    await page.get_by_role("button", name="金海湖镇返京登记群").click()
    await page.get_by_role("radio", name="何天一").check(force=True)
    await page.get_by_role("button", name="小站（何天一）").click()
    await expect(page.locator("#chat-unit")).to_have_text("何天一 的单聊 · 智能机器人")
    await page.get_by_label("消息", exact=True).fill("健康打卡 36.5")
    await page.keyboard.press("Enter")
    await expect(bubbles(page)).to_have_text("收到：健康打卡 36.5")
    await page.get_by_role("button", name="小站应用（何天一）").click()
    await page.get_by_label("消息", exact=True).fill("帮助")
    await page.keyboard.press("Enter")
    await expect(bubbles(page)).to_have_text("收到：帮助")
    assert [heard.get("chattype", "xml") for heard in place.bot.heard] == ["single", "xml"]


async def test_what_goes_wrong_is_said(place, browser):
    page = await browser(place.url)
    place.bot.answers = [web.Response(status=503) for _ in range(3)]
    await page.get_by_label("消息", exact=True).fill("@小站 到岗")
    await page.keyboard.press("Enter")
    await expect(page.locator(".own .failed")).to_have_text("投递失败：HTTP 503（3 次）")
    await page.get_by_label("消息", exact=True).fill("大家好")
    await page.keyboard.press("Enter")
    await expect(page.locator(".own .foot").last).to_contain_text("没有 @小站，机器人收不到")


async def test_a_lost_connection_comes_back_with_what_was_said_meanwhile(place, browser):
    page = await browser(place.url)
    place.sandbox._page.close()
    await expect(page.get_by_text("连接断开了")).to_be_visible()
    await place.sandbox.say("sunxiaoyu", GROUP, "断开的时候说的")
    await expect(bubbles(page, "sunxiaoyu")).to_have_text("断开的时候说的", timeout=15_000)
    await expect(page.get_by_text("连接断开了")).to_be_hidden()


async def test_a_phone_shows_one_thing_at_a_time(place, browser):
    await place.webhook(
        {"msgtype": "markdown_v2", "markdown_v2": {"content": DIGEST.replace("人次", "人次很多很多很多")}}
    )
    page = await browser(place.url, 375, 740)
    assert await page.evaluate("document.documentElement.scrollWidth") == 375
    await page.get_by_role("button", name="时钟与示例").click()
    await page.get_by_role("button", name="+10 分钟").click()
    await expect(page.locator("#now-time")).to_have_text("22:00")
    await page.get_by_role("button", name="汇总 @小站 /summary").click()
    await expect(page.locator("#tools")).to_be_hidden()
    await page.get_by_role("button", name="发送").click()
    await expect(bubbles(page).last).to_have_text("收到：@小站 /summary")
    await page.get_by_role("button", name="返回会话列表").click()
    await expect(page.get_by_label("消息", exact=True)).to_be_hidden()
    await page.get_by_role("button", name="阳坊镇防控工作群").click()
    await expect(page.locator("#chat-name")).to_have_text("阳坊镇防控工作群（4）")


@pytest.mark.parametrize("width", [375, 1280])
async def test_everything_that_can_be_used_has_a_name(place, browser, width):
    await place.sandbox.say("sunxiaoyu", GROUP, "@小站 到岗")
    page = await browser(place.url, width)
    nameless = await page.evaluate(
        """() => [...document.querySelectorAll("button, input, textarea, a, img")].filter((node) =>
            !(node.ariaLabel || node.textContent.trim() || node.alt || node.labels?.length)).map((node) => node.outerHTML)"""
    )
    assert nameless == []


async def test_a_file_is_sent_in_a_single_chat_alone(place, browser):
    page = await browser(place.url)
    place.bot.answers = ["读到 1 人"]
    attach = page.get_by_role("button", name="发文件")
    await expect(attach).to_be_hidden()
    await page.get_by_role("radio", name="孙晓雨").check(force=True)
    await page.get_by_role("button", name="小站（孙晓雨）").click()
    async with page.expect_file_chooser() as chosen:
        await attach.click()
    await (await chosen.value).set_files({"name": "返京.xlsx", "mimeType": "", "buffer": b"PK rows"})
    await expect(page.locator(".own .file")).to_have_text("返京.xlsx")
    await expect(bubbles(page)).to_have_text("读到 1 人")
    (heard,) = place.bot.heard
    assert heard["msgtype"] == "file"
    (kept,) = place.sandbox.world.media.values()
    assert kept.content == b"PK rows"
