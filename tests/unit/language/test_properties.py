# ruff: noqa: SIM905 - a list of words reads better as text
"""What holds for every text."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.language.cli import as_json
from tests.support.reading import records, say
from tests.support.written import duty, goods, orders, people

PIECES = st.sampled_from(
    "@小站 签到 到岗 离岗 收工 张三 李四 王磊 我 和 、 ， 。 ： ； \n \t 东门卡口 红石坎村 8:00 22:00-6:00 昨晚22点到今早6点 夜班 测温43人次 累计 三百多户 2人 返京登记 姓名： 电话：13800001111"
    " 从石家庄来 住 望京街道花家地1号楼 已抵京 G508 身体健康 居家 健康打卡 D5 36.5 咳嗽 正常 核实 尾号1234 未接 第2次 核转 R58 报名 +1 有车 退出报名 招募 12人 明早7点 请假 明天 复工摸排 某某公司"
    " 职工56人 有宿舍 缺口罩500只 急需 收到 送达 撤回 更正 改为 同昨天 汇总 #接龙 1. 2. （代王五） ( ) 【 】 ？ 吗 谢谢 巡查 第3轮".split(
        " "
    )
)
WRITTEN = st.lists(PIECES, max_size=14).map(" ".join)
NAMES = st.sampled_from(["张三", "李四", "欧阳小明", "王磊", "赵敏", "古丽·买买提"])
POSTS = st.sampled_from(["东门卡口", "红石坎村卡口", "花家地西里南门", "3号点位", "三间房乡东柳村口"])
SHIFTS = st.sampled_from([("早班", "morning"), ("白班", "day"), ("夜班", "night")])


def plain(text):
    return as_json(say(text))


@given(st.text())
def test_no_text_raises(text):
    json.dumps(plain(text))


@given(WRITTEN)
def test_no_mixture_of_its_own_words_raises(text):
    reading = say(text)
    json.dumps(as_json(reading))
    for record in reading.records:
        for start, end in record.sources.values():
            assert 0 <= start <= end <= len(reading.text)


def widened(text):
    """Full-width digits, letters and colons, as phones in full-width mode write them."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" < char <= "~" and char not in '"#' else char for char in text)


@given(WRITTEN)
def test_full_width_reads_like_half_width(text):
    half = unicodedata.normalize("NFKC", text)
    assert plain(widened(half)) == plain(half)


@given(
    NAMES,
    POSTS,
    SHIFTS,
    st.integers(0, 23),
    st.sampled_from([0, 10, 30, 45]),
    st.sampled_from(["到岗", "签到", "离岗", "签退"]),
)
def test_a_stay_written_in_each_form_reads_back(name, post, shift, hour, minute, trigger):
    clock = f"{hour:02d}:{minute:02d}"
    spellings = [
        f"@小站 {trigger} {post} {name} {shift[0]} {clock}",
        f"@小站 {trigger}\n点位：{post}\n姓名：{name}\n班次：{shift[0]}\n时间：{clock}",
        f"【{trigger}】姓名:{name} 点位:{post} 时间:{clock} 班次:{shift[0]}",
        f"{name}{trigger}，{post}，{clock}，{shift[0]} @小站",
    ]
    found = [records(text) for text in spellings]
    assert all(one == found[0] for one in found)
    (record,) = found[0]
    assert (record["people"], record["post"], record["shift"]) == ([name], post, shift[1])
    assert record["starts_at" if record["kind"] == "check_in" else "ends_at"].endswith(f"T{clock}")


@given(NAMES, st.integers(1, 14), st.lists(st.sampled_from([36.2, 36.5, 36.9, 37.1]), min_size=1, max_size=2))
def test_a_health_report_reads_back(name, day, temperatures):
    shown = " ".join(map(str, temperatures))
    for text in (f"@小站 健康打卡 {name} D{day} {shown} 正常", f"@小站 打卡 {name} 第{day}天 体温{shown} 无不适"):
        assert records(text) == [
            {"kind": "health", "person": name, "day": day, "temperatures": temperatures, "normal": True}
        ]


@pytest.mark.parametrize("written", [
    duty.stays, duty.works, duty.patrols,
    people.sign_ups, people.withdrawals, people.leaves, people.repeats, people.undos, people.corrections,
    people.healths, people.verifications, people.references,
    goods.supplies, goods.enterprises, goods.call_ups, goods.returnees,
])  # fmt: skip
@given(data=st.data())
def test_a_record_of_every_kind_reads_back_from_each_form(written, data):
    one = data.draw(written())
    assert {form: records(text) for form, text in one.texts.items()} == {form: [one.record] for form in one.texts}


@given(orders.orders())
def test_a_command_reads_back_from_each_form(order):
    assert {form: (say(text).command, records(text)) for form, text in order.texts.items()} == dict.fromkeys(
        order.texts, (order.command, [])
    )
