"""What is no report stays silent, in the group and to the bot."""

import pytest

from tests.support.reading import say

CHATTER = [
    "收到", "好的，明白", "辛苦了大家", "有谁在东门？", "东门口罩没了，谁送点过来", "口罩到货了，大家来大队部领", "晚上降温到零下5度，值守的多穿点",
    "今天一共测了200多人，累死了", "明天核酸检测安排在上午8点，请大家互相转告", "3号楼有人发烧38度，已经送医院了", "听说昌平区新增3例",
    "返京人员需要隔离14天", "我2月25号就返京了，还要隔离吗", "群里发个接龙吧", "报名截止到今晚8点哈", "报名人数已满", "撤回了一条消息",
    "汇总表谁有", "在岗名单发群里了", "队长让8点到岗", "张三 李四 明天8点东门 王五 赵六 西门", "没到岗的请在群里说一声", "交班记录本找不着了，谁看见了说一声",
    "正确写法：离岗 点位 姓名 时间 测温N人次，数字写阿拉伯的", "他说“到岗 何营村路口 18:30”，可我没看见他人啊", "一会儿到岗", "我明天8点到岗行不行？",
    "通知：从明天起，所有卡口人员上岗前先量体温，体温超过37.3℃的不得上岗", "早上签到的伙伴们辛苦啦，谢谢大家", "请假的同志提前说",
    "昨天我在东门值守，冻坏了", "分享文章《1.1万余职工志愿者奔走在街巷村间》，写得真好", "需要12人，一会儿工夫报了26个，最后去了12个",
    "明天计划消杀20个楼门，测温500人次，人手还要再凑",
]  # fmt: skip
TO_THE_BOT = [
    "@小站 谢谢",
    "@小站 你好",
    "@小站 在吗",
    "@小站 我签到了吗",
    "@小站 为什么我的签到没记录",
    "@小站 明天下午2点到岗",
    "@小站 汇总怎么发啊",
    "@小站 今天没签到成功",
]


@pytest.mark.parametrize("text", CHATTER + TO_THE_BOT)
def test_chatter_is_silent(text):
    reading = say(text)
    assert not reading.records
    assert reading.command is None


def test_a_quoted_report_is_not_reported_again():
    assert not say("「马国栋：@小站 到岗 东门 22:00」\n- - - - - - - - - -\n收到，辛苦了").records


def test_a_question_behind_a_report_does_not_silence_it():
    assert [r.kind for r in say("@小站 到岗了，东门。今晚谁接班？").records] == ["check_in"]


@pytest.mark.parametrize(("text", "kind", "field"), [
    ("@小站 签到", "check_in", "post"),
    ("@小站 返京登记 张三 13800001111", "returnee", "arrives_at"),
    ("@小站 报名+3", "sign_up", "people"),
    ("@小站 核实 张三", "verification", "outcome"),
    ("@小站 今天天气不错", "unknown", "kind"),
])  # fmt: skip
def test_the_bot_asks_for_what_is_missing(text, kind, field):
    question = say(text).question
    assert question is not None
    assert (question.kind, question.field) == (kind, field)


def test_nobody_is_asked_who_did_not_speak_to_the_bot():
    assert say("今天天气不错").question is None
