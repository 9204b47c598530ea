"""到岗 and 离岗 as people write them; sent on 2022-11-24 at 20:10 in a chat of 望京街道 by 田志刚."""

import pytest

from tests.support.reading import records

IN, OUT = "check_in", "check_out"
ROWS = [
    ("@小站 签到 东门卡口 夜班", {"kind": IN, "people": ["田志刚"], "post": "东门卡口", "shift": "night"}),
    ("@小站 我在西门到岗啦", {"kind": IN, "people": ["田志刚"], "post": "西门"}),
    ("已就位，北门，张伟", {"kind": IN, "people": ["张伟"], "post": "北门"}),
    ("@小站 三间房乡东柳村卡口 到岗3人：周敏 吴刚 郑爽", {"kind": IN, "people": ["周敏", "吴刚", "郑爽"], "post": "三间房乡东柳村卡口", "headcount": 3}),
    ("签到，双桥东路卡点，我和老李，共2人，20点到明早8点", {
        "kind": IN, "people": ["田志刚", "老李"], "post": "双桥东路卡点", "starts_at": "2022-11-24T20:00", "ends_at": "2022-11-25T08:00", "headcount": 2}),
    ("@小站 补签：前天夜班，22点到早6点，张立新，红石坎村卡口", {
        "kind": IN, "people": ["张立新"], "post": "红石坎村卡口", "starts_at": "2022-11-22T22:00", "ends_at": "2022-11-23T06:00", "shift": "night"}),
    ("@小站 张三代李四离岗，东门，20:00", {"kind": OUT, "people": ["李四"], "post": "东门", "ends_at": "2022-11-24T20:00", "by": "张三"}),
    ("@小站 李四离岗（张三代报）", {"kind": OUT, "people": ["李四"], "by": "张三"}),
    ("@小站 我替李四签到 东门", {"kind": IN, "people": ["李四"], "post": "东门"}),
    ("@小站 古丽·阿不都 到岗 西门", {"kind": IN, "people": ["古丽·阿不都"], "post": "西门"}),
    ("@小站 欧阳娜娜 司马懿 上官婉儿 到岗 3人 南门", {"kind": IN, "people": ["欧阳娜娜", "司马懿", "上官婉儿"], "post": "南门", "headcount": 3}),
    ("到岗 张三（党员） 李四（社工） 13:00-次日3:00 抗原检测 花家地西里", {
        "kind": IN, "people": ["张三", "李四"], "post": "花家地西里", "starts_at": "2022-11-24T13:00", "ends_at": "2022-11-25T03:00", "duty": "antigen"}),
    ("志愿者张三签到，岗位：核酸秩序维护，点位：花家地南里", {"kind": IN, "people": ["张三"], "post": "花家地南里", "duty": "nucleic"}),
    ("@小站 收工，今天站了10个小时岗，腿都站直了", {"kind": OUT, "people": ["田志刚"], "hours": 10}),
    ("@小站 八点一刻到岗 东门", {"kind": IN, "people": ["田志刚"], "post": "东门", "starts_at": "2022-11-24T20:15"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), ROWS)
def test_one_report(text, wanted):
    assert records(text) == [wanted]


def test_figures_of_a_leaving_are_a_record_of_work():
    assert records("@小站 撤岗 刘洋 卡口东侧 20:05 进出车辆86辆 发放通行证15张") == [
        {"kind": OUT, "people": ["刘洋"], "post": "卡口东侧", "ends_at": "2022-11-24T20:05"},
        {
            "kind": "work",
            "post": "卡口东侧",
            "counts": [
                {"item": "进出车辆", "value": 86, "unit": "辆"},
                {"item": "发放通行证", "value": 15, "unit": "张"},
            ],
        },
    ]


def test_a_period_that_is_over_is_a_leaving():
    found = records("张三昨晚10点到今早6点在牛奶厂宿舍卡点值守，进3人出7人，体温均正常")
    assert found[0] == {
        "kind": OUT, "people": ["张三"], "post": "牛奶厂宿舍卡点", "starts_at": "2022-11-23T22:00", "ends_at": "2022-11-24T06:00",
    }  # fmt: skip
    assert [count["item"] for count in found[1]["counts"]] == ["进", "出"]


def test_a_hand_over_is_a_leaving_and_a_coming():
    found = records("@小站 张三李四18点离岗，王五赵六18点到岗，西门")
    assert [(r["kind"], r["people"], r["post"]) for r in found] == [
        (OUT, ["张三", "李四"], "西门"),
        (IN, ["王五", "赵六"], "西门"),
    ]


@pytest.mark.parametrize("text", [
    "@小站 到岗：\n东口 张三 20:00\n西口 李四 20:10",
    "@小站 1.东口：张三 20:00到岗 2.西口：李四 20:10到岗",
    "签到：张三 东口 20:00；李四 西口 20:10",
    "@小站 到岗\n姓名\t点位\t到岗\n张三\t东口\t20:00\n李四\t西口\t20:10",
])  # fmt: skip
def test_a_list_gives_one_record_per_person(text):
    assert records(text) == [
        {"kind": IN, "people": ["张三"], "post": "东口", "starts_at": "2022-11-24T20:00"},
        {"kind": IN, "people": ["李四"], "post": "西口", "starts_at": "2022-11-24T20:10"},
    ]
