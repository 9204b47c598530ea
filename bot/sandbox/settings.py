"""Who and what is in the sandbox: invented members, chats and secrets."""

import secrets
from dataclasses import dataclass, field
from typing import Final, Literal

from bot.sandbox.crypto import new_aes_key

Route = Literal["main", "app"]
"""Which of the bot's channels hears a chat: the 智能机器人 or the 自建应用."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person in the enterprise."""

    user_id: str
    name: str
    role: str = ""
    """What the page says beside the name."""
    coordinator: bool = False


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation that the bot is in."""

    id: str
    """Unique in the sandbox."""
    name: str
    chat_type: Literal["group", "single"]
    unit: str = ""
    members: tuple[str, ...] = ()
    """User ids. A single chat has one."""
    route: Route = "main"

    @property
    def platform_id(self) -> str:
        """What the bot knows the chat by: a group's id, or the user id of a single chat's member."""
        return self.id if self.chat_type == "group" else self.members[0]


@dataclass(frozen=True, slots=True)
class Sample:
    """A message to click."""

    title: str
    text: str


DEMO_MEMBERS: Final = (
    Member("zhaominghua", "赵明华", "镇协调员", coordinator=True),
    Member("liuguiying", "刘桂英", "红石坎村卡口长"),
    Member("chenjianguo", "陈建国", "志愿者"),
    Member("sunxiaoyu", "孙晓雨", "志愿者"),
    Member("mazhiqiang", "马志强", "阳坊镇协调员", coordinator=True),
    Member("zhoulili", "周丽丽", "志愿者"),
    Member("hetianyi", "何天一", "返京人员"),
)

DEMO_CHATS: Final = (
    Chat("wrSandboxHongshikan", "红石坎村卡口值守群", "group", "平谷区/金海湖镇/红石坎村",
         ("zhaominghua", "liuguiying", "chenjianguo", "sunxiaoyu")),
    Chat("wrSandboxYangfang", "阳坊镇防控工作群", "group", "昌平区/阳坊镇", ("mazhiqiang", "zhoulili", "chenjianguo")),
    Chat("wrSandboxJinhaihu", "金海湖镇返京登记群", "group", "平谷区/金海湖镇",
         ("zhaominghua", "liuguiying", "sunxiaoyu", "hetianyi")),
)  # fmt: skip

DEMO_SAMPLES: Final = (
    Sample("到岗", "@小站 到岗 红石坎村卡口 夜班"),
    Sample("离岗和数字", "@小站 离岗，今天测温120人次，登记车辆35辆"),
    Sample("多人签到", "@小站 签到 红石坎村卡口 陈建国、孙晓雨 2人 8:00-14:00"),
    Sample(
        "返京登记",
        "@小站 返京登记\n姓名：何天一\n电话：13800001234\n来源地：河北省石家庄市\n抵京时间：今天 15:20\n"
        "车次：G6704\n住址：平谷区金海湖镇红石坎村12号\n健康状况：良好\n隔离方式：居家",
    ),
    Sample("健康打卡", "@小站 健康打卡 第3天 早36.4 晚36.6 无不适"),
    Sample("卡口进出", "@小站 东门 进村12人 出村5人 测温17人次"),
    Sample("巡查", "@小站 巡查 灭火器压力不足，登记本缺1页 已补"),
    Sample("表单", "@小站 抗原检测 16号楼 共132户 完成100户"),
    Sample("物资", "@小站 东门需要 口罩200只"),
    Sample("汇总", "@小站 /summary"),
    Sample("帮助", "@小站 /help"),
    Sample("没说全的", "@小站 返京登记 何天一 今天到"),
)


def _token() -> str:
    return secrets.token_hex(12)


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """What a sandbox starts with. Secrets are new in every one; chat ids are not, as the bot's books name them."""

    members: tuple[Member, ...] = DEMO_MEMBERS
    chats: tuple[Chat, ...] = DEMO_CHATS
    samples: tuple[Sample, ...] = DEMO_SAMPLES
    bot_name: str = "小站"
    main_path: str = "/callback/main"
    app_path: str = "/callback/app"
    corp_id: str = "wwsandbox00000001"
    agent_id: int = 1000002
    token: str = field(default_factory=_token, repr=False)
    aes_key: str = field(default_factory=new_aes_key, repr=False)
    app_token: str = field(default_factory=_token, repr=False)
    app_aes_key: str = field(default_factory=new_aes_key, repr=False)
    app_secret: str = field(default_factory=_token, repr=False)
    callback_seconds: float = 5.0
    """How long the platform waits for the bot's answer."""
    callback_attempts: int = 3
    """How often it delivers in total."""
    retry_seconds: float = 1.0
    """Between two attempts."""
    poll_seconds: float = 1.0
    """Between two refreshes of an unfinished stream."""
