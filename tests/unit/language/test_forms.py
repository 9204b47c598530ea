"""Labels: where they stand, how far their values reach."""

import pytest

from handlers.language.forms import find_fields
from handlers.language.labels import look_up


def read(text):
    return [(field.concept, text[field.start : field.end]) for field in find_fields(text)]


@pytest.mark.parametrize("text", [
    "姓名:张三\n点位:东门\n时间:8:00",
    "姓名=张三\n点位=东门\n时间=8:00",
    "姓名 :张三\n点位 :东门\n时间 :8:00",
    "姓 名:张三\n点 位:东门\n时 间:8:00",
    "1.姓名:张三\n2.点位:东门\n3.时间:8:00",
    "①姓名:张三\n②点位:东门\n③时间:8:00",
    "姓名:张三 点位:东门 时间:8:00",
    "签到 姓名:张三;点位:东门;时间:8:00",
    "姓名(必填):张三\n点位:东门\n时间:8:00",
])  # fmt: skip
def test_the_same_form_in_many_spellings(text):
    assert read(text) == [("name", "张三"), ("post", "东门"), ("time", "8:00")]


@pytest.mark.parametrize(("text", "wanted"), [
    ("居住地址:阳坊镇\n西贯市村88号\n电话:13800001111", [("address", "阳坊镇\n西贯市村88号"), ("phone", "13800001111")]),
    ("电话:\n出发地:山西大同", [("phone", ""), ("origin", "山西大同")]),
    ("到京日期:11月19日,已抵京", [("arrives_at", "11月19日")]),
    ("人员:张三、李四,王五", [("people", "张三、李四,王五")]),
    ("居住地址\n阳坊镇西贯市村88号", [("address", "阳坊镇西贯市村88号")]),
])  # fmt: skip
def test_how_far_a_value_reaches(text, wanted):
    assert read(text) == wanted


@pytest.mark.parametrize(("label", "concept"), [
    ("详细居住地址", "address"), ("何处返程", "origin"), ("预计返京时间", "arrives_plan"), ("目前健康状况", "health"), ("联系电话", "phone"), ("车次/航班", "trip"),
    ("申报人姓名", "name"), ("天气", None),
])  # fmt: skip
def test_synonyms(label, concept):
    assert look_up(label) == concept
