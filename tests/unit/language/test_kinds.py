"""One example and more of every other kind of record; sent on 2022-11-24 at 20:10."""

import pytest

from tests.support.reading import records

ROWS = [
    ("@小站 第2轮巡查 20:00 东口卡口 登记本没填，已提醒", {"kind": "patrol", "post": "东口卡口", "at": "2022-11-24T20:00", "round": 2, "ok": False, "finding": "登记本没填"}),
    ("@小站 夜间巡查 2点10分 花家地西里南门 一切正常", {"kind": "patrol", "post": "花家地西里南门", "at": "2022-11-24T02:10", "ok": True}),
    ("@小站 打卡 36.5", {"kind": "health", "person": "田志刚", "temperatures": [36.5]}),
    ("@小站 张三 第8天 36.5 36.7 无发热、咳嗽、乏力", {"kind": "health", "person": "张三", "day": 8, "temperatures": [36.5, 36.7], "normal": True}),
    ("@小站 健康打卡 李四 D3 37.3", {"kind": "health", "person": "李四", "day": 3, "temperatures": [37.3], "normal": False}),
    ("@小站 D12 尾号8899 36.2/36.4 正常", {"kind": "health", "phone_tail": "8899", "day": 12, "temperatures": [36.2, 36.4], "normal": True}),
    ("@小站 核实：张伟 电话无人接听（第3次）", {"kind": "verification", "person": "张伟", "outcome": "no_answer", "attempt": 3}),
    ("@小站 R40 区域填错了，人住大兴区黄村镇", {"kind": "verification", "ref": "R40", "outcome": "wrong_region", "transfer_to": "大兴区黄村镇"}),
    ("@小站 核实张三，属实，居家隔离，身体健康，已核转", {
        "kind": "verification", "person": "张三", "outcome": "verified", "health": "normal", "isolation": "home", "hand_over": True}),
    ("@小站 我和李四报名，13800001111，有车", {"kind": "sign_up", "people": ["田志刚", "李四"], "phone": "13800001111", "vehicle": True}),
    ("@小站 报名 李娜+2", {"kind": "sign_up", "people": ["李娜"], "extra": 2}),
    ("@小站 +1", {"kind": "sign_up", "people": ["田志刚"]}),
    ("@小站 我退出报名，李四替我", {"kind": "withdraw", "people": ["田志刚"]}),
    ("【招募】明天上午8点花家地小区核酸检测，需志愿者15名，今晚9点前报名", {
        "kind": "call_up", "needed": 15, "place": "花家地小区", "duty": "nucleic", "starts_at": "2022-11-25T08:00", "deadline": "2022-11-24T21:00"}),
    ("@小站 李四孩子发烧，明天请假", {"kind": "leave", "people": ["李四"], "at": "2022-11-25"}),
    ("@小站 复工登记：北京某某餐饮公司，11月26日复工，员工30人，已返京18人，无宿舍，有食堂，面积500平米，缺口罩200个", {
        "kind": "enterprise", "name": "北京某某餐饮公司", "opens_at": "2022-11-26", "staff": 30, "returned": 18, "dormitory": False, "canteen": True,
        "area_m2": 500, "shortages": [{"item": "口罩", "value": 200, "unit": "个"}]}),
    ("@小站 从街道领回防护服20套", {"kind": "supply", "action": "received", "party": "街道", "items": [{"item": "防护服", "value": 20, "unit": "套"}]}),
    ("@小站 从街道拉回防护服20套", {"kind": "supply", "action": "received", "party": "街道", "items": [{"item": "防护服", "value": 20, "unit": "套"}]}),
    ("@小站 东门卡口缺防护服10套、面罩", {
        "kind": "supply", "action": "need", "party": "东门卡口", "items": [{"item": "防护服", "value": 10, "unit": "套"}, {"item": "面罩"}]}),
    ("@小站 给东门卡口送去热水两壶", {"kind": "supply", "action": "delivered", "party": "东门卡口", "items": [{"item": "热水", "value": 2, "unit": "壶"}]}),
    ("@小站 上一条发错了，撤回", {"kind": "undo"}),
    ("@小站 R132作废", {"kind": "undo", "ref": "R132"}),
    ("@小站 更正：李四的手机号是13800002222", {"kind": "correction", "person": "李四", "field": "phone", "value": "13800002222"}),
    ("@小站 C12 离岗时间改为20:00", {"kind": "correction", "ref": "C12", "field": "ends_at", "value": "2022-11-24T20:00"}),
    ("@小站 我刚才签到写错了，是西门不是东门", {"kind": "correction", "field": "post", "value": "西门"}),
    ("@小站 今天和昨天一样", {"kind": "repeat", "people": ["田志刚"]}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), ROWS)
def test_one_record(text, wanted):
    assert records(text) == [wanted]


def test_people_of_a_health_list_share_what_is_said_of_all():
    found = records("@小站 打卡 张三、李四、王五 36.5 36.6 36.7 均正常")
    assert [(r["person"], r["temperatures"], r["normal"]) for r in found] == [
        ("张三", [36.5], True),
        ("李四", [36.6], True),
        ("王五", [36.7], True),
    ]


def test_several_outcomes():
    found = records("@小站 核实反馈：张三无误核转；李四未接；王五空号；赵六区域选错应属崔各庄乡")
    assert [(r["person"], r["outcome"]) for r in found] == [
        ("张三", "verified"), ("李四", "no_answer"), ("王五", "unreachable"), ("赵六", "wrong_region"),
    ]  # fmt: skip


def test_several_kinds_in_one_message():
    assert [r["kind"] for r in records("@小站 离岗 东门 测温88人次\n明天请假，家里有事\n撤回R12")] == [
        "check_out",
        "work",
        "leave",
        "undo",
    ]
