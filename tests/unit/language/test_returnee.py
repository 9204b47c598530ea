"""返京登记 as form, table, list and sentence: the same person every time."""

import pytest

from tests.support.reading import records

PERSON = {
    "kind": "returnee", "name": "张三", "phone": "13800001111", "origin": "石家庄", "arrives_at": "2022-11-23", "arrived": True, "transport": "train",
    "trip": "G508", "address": "望京街道花家地西里社区1号楼101", "district": "朝阳区", "township": "望京街道", "community": "花家地西里社区", "isolation": "home",
}  # fmt: skip
SPELLINGS = [
    "【返京登记】\n姓名：张三\n联系电话：138-0000-1111\n出发地：石家庄\n抵京时间：11月23日（已抵京）\n交通工具及车次：高铁 G508\n居住地址：望京街道花家地西里社区1号楼101\n隔离方式：居家",
    "@小站 返京登记 姓名=张三 电话=13800001111 出发地=石家庄 抵京时间=11月23日 已抵京 车次=G508 住址=望京街道花家地西里社区1号楼101 隔离方式=居家",
    "@小站 返京登记\n隔离方式：居家\n车次：G508\n现住址：望京街道花家地西里社区1号楼101\n手机号：１３８００００１１１１\n从哪来：石家庄\n到京日期：11月23日，已到\n姓 名：张 三",
    "@小站 返京登记\n姓名\t电话\t出发地\t到京日期\t状态\t车次\t住址\t隔离\n张三\t13800001111\t石家庄\t11月23日\t已到\tG508\t望京街道花家地西里社区1号楼101\t居家",
    "@小站 返京登记 张三 13800001111 石家庄来 高铁G508 11月23日已抵京 住望京街道花家地西里社区1号楼101 居家",
    "@小站 登记一下返京的，张三11月23日到的北京，从石家庄坐高铁G508来的，住望京街道花家地西里社区1号楼101，电话13800001111，在家隔离",
]  # fmt: skip


@pytest.mark.parametrize("text", SPELLINGS)
def test_the_same_person(text):
    assert records(text) == [PERSON]


def test_two_people_of_one_message():
    found = records("@小站 返京登记 1.张三 13800001111 唐山 11月23日到 2.李四 13800002222 保定 11月24日到")
    assert [(r["name"], r["origin"], r["arrives_at"]) for r in found] == [
        ("张三", "唐山", "2022-11-23"),
        ("李四", "保定", "2022-11-24"),
    ]


def test_a_plan_is_not_arrived_and_a_bare_date_says_neither():
    assert records("@小站 返京登记 张三 从唐山来 预计后天到京")[0] == {
        "kind": "returnee",
        "name": "张三",
        "origin": "唐山",
        "arrives_at": "2022-11-26",
        "arrived": False,
    }
    assert "arrived" not in records("@小站 返京登记 张三 从唐山来 11月20日到")[0]


def test_an_id_number_with_a_wrong_checksum_is_left_out():
    assert "id_number" not in records("@小站 返京登记\n姓名：张三\n身份证号：110101199001011230\n出发地：唐山")[0]


def test_a_bare_digit_answers_no_question():
    assert "symptoms" not in records("@小站 返京登记\n姓名：张三\n出发地：唐山\n有无发热咳嗽：0")[0]
    assert "health" not in records("@小站 返京登记\n姓名：张三\n出发地：唐山\n有无发热咳嗽：1")[0]
