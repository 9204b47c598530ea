"""Messages of forms as people write them: labelled, loose, in tables; with forms that come with the program and one
that exists as a file only.
"""

import json
import pickle
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.forms.loading import load, shipped
from handlers.language import read
from handlers.language.cli import as_json, message_of
from handlers.language.form_book import FormBook, book_of
from handlers.language.form_reader import written
from handlers.language.form_spec import FieldSpec, FormSpec
from handlers.language.form_values import building_key
from handlers.language.types import Message, Record

SENT = datetime(2022, 11, 21, 21, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

MEDICINE = """
name = "medicine"
title = "爱心送药"
names = ["送药", "代买药", "送药上门"]
identity = ["elder", "address"]

[[fields]]
key = "elder"
label = "老人"
type = "person"
synonyms = ["老人姓名", "姓名", "受助人"]
required = true
personal = true

[[fields]]
key = "address"
label = "地址"
type = "place"
synonyms = ["住址", "家住"]
personal = true

[[fields]]
key = "medicine"
label = "药品"
synonyms = ["药", "药名", "药品名称"]
required = true

[[fields]]
key = "count"
label = "数量"
type = "number"
units = ["盒", "瓶", "袋", "支"]
synonyms = ["药量"]
min = 1
max = 100

[[fields]]
key = "carrier"
label = "送药人"
type = "person"
synonyms = ["志愿者", "配送人"]

[[fields]]
key = "delivered"
label = "已送达"
type = "flag"
synonyms = ["送达", "送到", "送到了"]
"""


def own_form() -> FormSpec:
    loaded = load(MEDICINE, "medicine.toml")
    assert isinstance(loaded, FormSpec), loaded
    return loaded


OWN = book_of((own_form(), *shipped()))


def records(text: str, book: FormBook | None = None, **more: Any) -> tuple[Record, ...]:
    return read(Message(text, SENT, "李明", "密云区/鼓楼街道", forms=book, **more)).records


def entries(text: str, book: FormBook | None = None) -> list[dict[str, Any]]:
    return [{"form": entry.form, **entry.as_json()} for record in records(text, book) for entry in record.entries]


# ---------------------------------------------------------------- forms that come with the program

ANTIGEN = {"form": "antigen", "building": "16号楼", "households": 132, "done": 130, "refused": 2}
SHIPPED: list[tuple[str, list[dict[str, Any]]]] = [
    ("楼号：16号楼 户数：132 完成：130 拒检：2", [ANTIGEN]),
    ("楼号：16号楼\n户数：132户\n完成：130户\n拒检：2户", [ANTIGEN]),
    ("16栋 132户 完成130户 拒检2户", [{**ANTIGEN, "building": "16栋"}]),
    ("抗原 16号楼 共132户，已完成130户，不配合2户", [ANTIGEN]),
    ("抗原检测 十六号楼 132户 130户已完成 2户拒检", [{**ANTIGEN, "building": "十六号楼"}]),
    (
        "抗原 太扬家园 16栋132户完成130户拒检2户，17栋98户完成98户",
        [
            {**ANTIGEN, "building": "16栋", "community": "太扬家园"},
            {"form": "antigen", "building": "17栋", "community": "太扬家园", "households": 98, "done": 98},
        ],
    ),
    (
        "抗原检测进度\n楼号\t户数\t完成\t拒检\n16号楼\t132\t130\t2\n17号楼\t98\t98\t0\n合计\t230\t228\t2",
        [ANTIGEN, {"form": "antigen", "building": "17号楼", "households": 98, "done": 98, "refused": 0}],
    ),
    (
        "小区：太扬家园 抗原\n1、16号楼 132户 完成130户 拒检2户\n2、17号楼 98户 完成98户 无拒检",
        [
            {**ANTIGEN, "community": "太扬家园"},
            {
                "form": "antigen", "community": "太扬家园", "building": "17号楼", "households": 98, "done": 98,
                "refused": 0,
            },
        ],
    ),
    (
        "收工 16栋-20栋抗原 132户 完成130户 拒检2户 凌晨3点",
        [{**ANTIGEN, "building": "16栋-20栋"}],
    ),
    (
        "抗原 16号楼 共132户 完成140户",
        [
            {
                "form": "antigen", "building": "16号楼", "households": 132, "done": 140,
                "_problems": ["parts_exceed:households,done"],
            }
        ],
    ),
    (
        "抗原 16号楼 132户 完成100户 拒检2户 未做20户",
        [
            {
                "form": "antigen", "building": "16号楼", "households": 132, "done": 100, "refused": 2, "left": 20,
                "_problems": ["parts_differ:households,done,refused,left"],
            }
        ],
    ),
    ("抗原 完成130户 拒检2户", [{"form": "antigen", "done": 130, "refused": 2, "_missing": ["building"]}]),
    (
        "门磁 亚澜湾 今日安装120户 累计750户 剩余30户",
        [{"form": "door_sensor", "community": "亚澜湾", "installed": 120, "total": 750, "left": 30}],
    ),
    (
        "门磁 檀洲家园社区 安装约120户，累计安装七百五十户，还剩30余户",
        [
            {
                "form": "door_sensor", "community": "檀洲家园社区", "installed": 120, "total": 750, "left": 30,
                "_approx": {"installed": "about", "left": "over"},
            }
        ],
    ),
    (
        "檀城东区社区 今日门磁52户 累计门磁750户 台账2000余户",
        [
            {"form": "door_sensor", "community": "檀城东区社区", "installed": 52, "total": 750},
            {"form": "ledger", "place": "檀城东区社区", "built": 2000, "_approx": {"built": "over"}},
        ],
    ),
    (
        "居家隔离台账 户主：张三 住址：3号楼2单元501 电话：138 0000 1234 人数：3人 隔离开始：11月20日 状态：隔离中",
        [
            {
                "form": "quarantine_household", "address": "3号楼2单元501", "head": "张三", "phone": "13800001234",
                "members": 3, "starts": "2022-11-20", "status": "隔离中",
            }
        ],
    ),
    ("16号楼抗原全部完成，132户", [{"form": "antigen", "building": "16号楼", "households": 132, "done": 132}]),
    ("抗原 16栋132户全部完成", [{"form": "antigen", "building": "16栋", "households": 132, "done": 132}]),
    ("今天抗原：16栋 130/132户", [{"form": "antigen", "building": "16栋", "households": 132, "done": 130}]),
    ("太扬家园16号楼抗原检测 应做132户 已做130户 拒检2户", [{**ANTIGEN, "community": "太扬家园"}]),
    (
        "【抗原进度】\n小区：太扬家园\n16号楼：户数132 完成130 拒检2\n17号楼：户数98 完成98 拒检0",
        [
            {**ANTIGEN, "community": "太扬家园"},
            {
                "form": "antigen", "community": "太扬家园", "building": "17号楼", "households": 98, "done": 98,
                "refused": 0,
            },
        ],
    ),
    (
        "#接龙\n抗原进度\n1. 16号楼 132户 完成130户\n2. 17号楼 98户 完成98户",
        [
            {"form": "antigen", "building": "16号楼", "households": 132, "done": 130},
            {"form": "antigen", "building": "17号楼", "households": 98, "done": 98},
        ],
    ),
    (
        "门磁安装进度：亚澜湾今日120户，累计750户，剩余30户",
        [{"form": "door_sensor", "community": "亚澜湾", "installed": 120, "total": 750, "left": 30}],
    ),
    (
        "门磁 亚澜湾750户 檀洲家园200户 太扬家园200户",
        [
            {"form": "door_sensor", "community": "亚澜湾", "installed": 750},
            {"form": "door_sensor", "community": "檀洲家园", "installed": 200},
            {"form": "door_sensor", "community": "太扬家园", "installed": 200},
        ],
    ),
    (
        "完成安装门磁1150户，发放温馨提示800张，核酸采样3500人次，建立台账2000余户",
        [
            {"form": "door_sensor", "installed": 1150},
            {"form": "handout", "count": 800},
            {"form": "nucleic", "sampled": 3500},
            {"form": "ledger", "built": 2000, "_approx": {"built": "over"}},
        ],
    ),
    (
        "隔离台账 张三 3号楼2单元501 3人 11月20日开始隔离 13800001234",
        [
            {
                "form": "quarantine_household", "address": "3号楼2单元501", "head": "张三", "phone": "13800001234",
                "members": 3, "starts": "2022-11-20",
            }
        ],
    ),
    (
        "核酸场次 采样点：北门 场次：第2场 采样：1200人次 管数：120",
        [{"form": "nucleic", "site": "北门", "session": "第2场", "sampled": 1200, "tubes": 120}],
    ),
    ("发放一封信1200份", [{"form": "handout", "count": 1200, "_units": {"count": "份"}}]),
    ("送菜46户，垃圾清运2车", [{"form": "cleaning", "trips": 2}, {"form": "delivery", "households": 46}]),
    (
        "消杀村委会1200平米",
        [{"form": "disinfection", "place": "村委会", "area": 1200, "_units": {"area": "平米"}}],
    ),
    ("心理疏导 接听电话8通 疏导8人次", [{"form": "counselling", "people": 8, "calls": 8}]),
    (
        "政策推送 文件：市疫情防控第420场发布会 级别：市级 对象：各企业负责人 人数：56",
        [
            {
                "form": "policy_push", "document": "市疫情防控第420场发布会", "level": "市级",
                "audience": "各企业负责人", "reached": 56,
            }
        ],
    ),
    ("核酸 今日采样3500人次", [{"form": "nucleic", "sampled": 3500}]),
    ("发放温馨提示800张", [{"form": "handout", "count": 800}]),
    ("消杀 亚澜湾 3次 500平方米", [{"form": "disinfection", "place": "亚澜湾", "area": 500, "times": 3}]),
    (
        "慰问 独居老人5户 米面油5份",
        [
            {
                "form": "visit", "group": "独居老人", "households": 5,
                "goods": [{"item": "米面油", "value": 5, "unit": "份"}],
            }
        ],
    ),
    (
        "物资转运 送菜35户 150份",
        [{"form": "delivery", "households": 35, "pieces": 150, "_units": {"pieces": "份"}}],
    ),
    (
        "复工摸排 远山公司 职工56人 返京12人 有宿舍 无食堂 缺口罩500只",
        [
            {
                "form": "enterprise", "name": "远山公司", "staff": 56, "returned": 12, "dormitory": True,
                "canteen": False, "shortages": [{"item": "口罩", "value": 500, "unit": "只"}],
            }
        ],
    ),
    (
        "收到区总工会N95口罩2000只",
        [
            {
                "form": "supply", "action": "到货", "party": "区总工会",
                "items": [{"item": "N95口罩", "value": 2000, "unit": "只"}],
            }
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SHIPPED, ids=[text.split("\n")[0] for text, _ in SHIPPED])
def test_a_message_of_a_shipped_form(text: str, expected: list[dict[str, Any]]) -> None:
    assert entries(text) == expected


SILENT = [
    "抗原做完了吗？",
    "今天抗原怎么做",
    "请各楼长做好抗原检测，完成后报数",
    "抗原检测的同志辛苦了",
    "【通知】明天8点开始抗原检测，16号楼132户，请提前准备",
    "明天计划安装门磁120户",
    "老师说核酸要排队",
    "志愿者给王奶奶送药了，真感动",
    "明天谁去送药？",
]


@pytest.mark.parametrize("text", SILENT)
def test_talk_about_the_work_is_no_entry(text: str) -> None:
    assert entries(text, OWN) == []
    assert records(text, OWN) == ()


# ---------------------------------------------------------------- a form that is a file and nothing else

FULL = {
    "form": "medicine", "elder": "王奶奶", "address": "3号楼2单元501", "medicine": "降压药", "count": 2,
    "carrier": "李明", "delivered": True,
}  # fmt: skip
OWN_TEXTS: list[tuple[str, list[dict[str, Any]]]] = [
    ("爱心送药 老人：王奶奶 地址：3号楼2单元501 药品：降压药 数量：2盒 送药人：李明 已送达：是", [FULL]),
    ("爱心送药\n老人：王奶奶\n地址：3号楼2单元501\n药品：降压药\n数量：２盒\n送药人：李明\n已送达：√", [FULL]),
    ("送药 受助人：王奶奶 住址：3号楼2单元501 药名：降压药 药量：2盒 志愿者：李明 送到：是", [FULL]),
    ("代买药 老人：王奶奶，地址：3号楼2单元501，药品：降压药，数量：2，送药人：李明，已送达", [FULL]),
    ("爱心送药 王奶奶 3号楼2单元501 降压药2盒 送药人李明 已送达", [FULL]),
    (
        "送药上门 老人王桂兰 住址3号楼2单元501 药品 降压药 2盒 志愿者李明 还没送到",
        [{**FULL, "elder": "王桂兰", "delivered": False}],
    ),
    ("送药 姓名 王奶奶 药 胰岛素 3支", [
        {"form": "medicine", "elder": "王奶奶", "medicine": "胰岛素", "count": 3, "_units": {"count": "支"}},
    ]),
    ("代买药 王桂兰 已送达", [
        {"form": "medicine", "elder": "王桂兰", "delivered": True, "_missing": ["medicine"]},
    ]),
    ("爱心送药 老人：王奶奶 药品：降压药 数量：200盒", [
        {"form": "medicine", "elder": "王奶奶", "medicine": "降压药", "count": 200, "_problems": ["above:count"]},
    ]),
    ("爱心送药 老人：王奶奶 药品：降压药 数量：很多", [
        {"form": "medicine", "elder": "王奶奶", "medicine": "降压药", "_problems": ["not_readable:count"]},
    ]),
    ("#接龙\n爱心送药\n1. 王奶奶 药品 降压药 2盒 已送达\n2. 刘桂兰 药品 阿司匹林 1盒 未送达", [
        {"form": "medicine", "elder": "王奶奶", "medicine": "降压药", "count": 2, "delivered": True},
        {"form": "medicine", "elder": "刘桂兰", "medicine": "阿司匹林", "count": 1, "delivered": False},
    ]),
    ("爱心送药\n老人\t地址\t药品\t数量\n王奶奶\t3号楼501\t降压药\t2盒\n刘桂兰\t4号楼101\t阿司匹林\t1盒", [
        {"form": "medicine", "elder": "王奶奶", "address": "3号楼501", "medicine": "降压药", "count": 2},
        {"form": "medicine", "elder": "刘桂兰", "address": "4号楼101", "medicine": "阿司匹林", "count": 1},
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), OWN_TEXTS, ids=[text.split("\n")[0] for text, _ in OWN_TEXTS])
def test_a_form_needs_nothing_but_its_file(text: str, expected: list[dict[str, Any]]) -> None:
    assert entries(text, OWN) == expected
    assert [record.kind for record in records(text, OWN)] == ["work"] * len(expected)


def test_without_the_file_there_is_no_such_form() -> None:
    assert entries(OWN_TEXTS[0][0], book_of(())) == []


def test_figures_of_an_entry_are_the_counts_of_its_record() -> None:
    (record,) = records("爱心送药 老人：王奶奶 药品：降压药 数量：约3支", OWN)
    assert record.fields == {"counts": [{"item": "数量", "value": 3, "approx": "about", "unit": "支"}]}


def test_nothing_personal_leaves_the_entry() -> None:
    (record,) = records("居家隔离台账 户主：张三 住址：3号楼2单元501 电话：13800001234 人数：3人")
    assert record.fields == {"counts": [{"item": "居家隔离人员", "value": 3, "unit": "人"}]}


def test_parse_prints_form_and_entry() -> None:
    shown = as_json(read(Message("16栋 132户 完成130户 拒检2户", SENT, "李明")))["records"]
    assert [(each["_form"], each["_entry"]["done"]) for each in shown] == [("antigen", 130)]
    two = as_json(read(Message("檀城东区社区 今日门磁52户 台账2000余户", SENT, "李明")))["records"]
    assert [len(each["_entries"]) for each in two] == [2]


def test_a_message_takes_its_forms_to_another_process_and_is_still_the_same_message() -> None:
    message = Message(OWN_TEXTS[0][0], SENT, "李明", forms=OWN)
    first, second = pickle.loads(pickle.dumps([message, message]))  # noqa: S301 - our own
    assert first == message == Message(OWN_TEXTS[0][0], SENT, "李明")
    assert first.forms is second.forms
    assert [entry.form for record in read(first).records for entry in record.entries] == ["medicine"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("16号楼", "16栋"), ("16#", "十六号楼"), ("16栋-20栋", "16-20号楼"), ("第3幢", "3号楼"), ("a座", "A座")],
)
def test_one_building_written_in_two_ways_has_one_key(one: str, other: str) -> None:
    assert building_key(one) == building_key(other)


SLOPPY: list[tuple[str, list[dict[str, Any]]]] = [
    (
        "抗原 5号楼 13户做完12户拒1户",
        [{"form": "antigen", "building": "5号楼", "households": 13, "done": 12, "refused": 1}],
    ),
    ("抗原 17号楼 20户 全做完了", [{"form": "antigen", "building": "17号楼", "households": 20, "done": 20}]),
    ("抗原 3号楼 累计14户", [{"form": "antigen", "building": "3号楼", "done": 14}]),
    ("抗原 16栋 完成130户", [{"form": "antigen", "building": "16栋", "done": 130}]),
    ("抗原检测 从1号楼到49号楼 116栋 2000多户 完成", []),
    ("抗原检测完成116栋2088户", []),
    ("抗原检测：三个小区116栋楼2000多户全部完成", []),
    ("门磁安装 3个社区 累计1150户", [{"form": "door_sensor", "total": 1150}]),
    (
        "门磁安装 共安装1150户，其中亚澜苑750户、太和家园270户、檀园130户",
        [{"form": "door_sensor", "installed": 1150}],
    ),
    (
        "抗原 3号楼 共132户，其中完成130户，拒检2户",
        [{"form": "antigen", "building": "3号楼", "households": 132, "done": 130, "refused": 2}],
    ),
]


@pytest.mark.parametrize(("text", "expected"), SLOPPY, ids=[text for text, _ in SLOPPY])
def test_what_many_buildings_or_places_bring_together_is_of_none_of_them(
    text: str, expected: list[dict[str, Any]]
) -> None:
    assert entries(text) == expected


# ---------------------------------------------------------------- properties

WORDS: dict[str, list[str]] = {
    "text": ["降压药", "第一轮", "一切顺利", "安吉尔牌"],
    "place": ["亚澜湾", "太扬家园社区", "檀洲家园", "红石坎村"],
    "person": ["王奶奶", "李秀英", "欧阳小明", "阿依古丽·买买提"],
    "phone": ["13800001234", "13900005678"],
    "building": ["16号楼", "3栋", "12-14号楼", "B座", "7号楼2单元"],
}
NUMBERS = st.integers(0, 5000) | st.integers(0, 400).map(lambda n: n + 0.5)
GOODS = st.lists(
    st.builds(
        lambda item, value: {"item": item, "value": value, "unit": "箱"},
        st.sampled_from(["口罩", "消毒液", "矿泉水", "方便面"]),
        st.integers(1, 900),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda item: item["item"],
)


def values_of(field: FieldSpec) -> st.SearchStrategy[Any]:
    """Values that a field may have."""
    if field.type in WORDS:
        return st.sampled_from(WORDS[field.type])
    if field.type == "choice":
        return st.sampled_from([canonical for canonical, _ in field.choices])
    days = st.dates(datetime(2022, 1, 1).date(), datetime(2022, 11, 21).date())  # noqa: DTZ001 - a day
    return {
        "number": NUMBERS,
        "flag": st.booleans(),
        "items": GOODS,
        "date": days.map(lambda day: day.isoformat()),
        "datetime": st.builds(lambda day, hour: f"{day}T{hour:02}:30", days, st.integers(6, 20)),
    }[field.type]


def entry_of(form: FormSpec) -> st.SearchStrategy[dict[str, Any]]:
    """Some values of a form, the required ones among them, in its order; at least three."""
    every = st.fixed_dictionaries({field.key: values_of(field) for field in form.fields})
    required = {field.key for field in form.required}
    kept = st.sets(st.sampled_from([field.key for field in form.fields]), min_size=3)
    return st.builds(lambda values, keys: {k: v for k, v in values.items() if k in keys | required}, every, kept)


WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
READ_BY_THE_FORM = [form for form in (*shipped(), own_form()) if form.kind == "work"]
by_form = pytest.mark.parametrize("form", READ_BY_THE_FORM, ids=lambda form: form.name)


FEWER = settings(max_examples=(settings.default or settings()).max_examples // 4)
"""Each form has examples of its own."""


@by_form
@FEWER
@given(data=st.data())
def test_what_a_form_writes_it_reads(form: FormSpec, data: st.DataObject) -> None:
    values = data.draw(entry_of(form))
    text = written(form, values)
    text = text.translate(WIDE) if data.draw(st.booleans()) else text
    found = [entry for record in records(text, OWN) for entry in record.entries]
    assert [(entry.form, dict(entry.values), entry.missing) for entry in found] == [(form.name, values, ())]


PIECES = st.sampled_from(
    [
        "16号楼",
        "132户",
        "累计",
        "今日",
        "完成",
        "：",
        ":",
        "\n",
        "\t",
        " ",
        "，",
        "无",
        "是",
        "二百",
        "11月20日",
        "张三",
    ]
    + ["13800001234", "-", "、", "(", ")", "|", "#接龙\n", "1. ", "=", "\x00", "𠮷", "٣", "?", "共", "1" * 12]
) | st.text(max_size=6)


@pytest.mark.parametrize("form", OWN.forms, ids=lambda form: form.name)
@FEWER
@given(data=st.data())
def test_no_text_breaks_a_form(form: FormSpec, data: st.DataObject) -> None:
    words = st.sampled_from([*form.openings, *(word for field in form.fields for word in field.words)])
    text = "".join(data.draw(st.lists(words | PIECES, max_size=24)))
    for record in records(f"{form.title} {text}", OWN) + records(text, OWN, chat_type="single"):
        for entry in record.entries:
            spec = next(each for each in OWN.forms if each.name == entry.form)
            assert set(entry.values) <= {field.key for field in spec.fields}


CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.mark.parametrize("file", sorted(CORPUS.glob("*.jsonl")), ids=lambda file: file.stem)
def test_forms_change_no_record_of_the_corpora(file: Path) -> None:
    for line in file.read_text(encoding="utf-8").splitlines():
        line_ = json.loads(line)
        with_forms, without = message_of(line_), message_of(line_, book_of(()))
        assert not isinstance(with_forms, str)
        assert not isinstance(without, str)
        assert [each.as_json() for each in read(with_forms).records] == [
            each.as_json() for each in read(without).records
        ], line_["text"]


NO_ENTRY = [
    "@小站 抗原检测 龙湖新村社区 到岗 本人 早上六点四十",
    "@小站 今天抗原发放情况：白塔庵社区发放抗原2400人份，青云北社区发放抗原1800余人份",
    "#接龙\n采样辅助到岗 11/20\n1. 项小羽 1号台 5:55\n2. 霍东 2号台 六点",
    "核酸不排队小贴士：上午9点前和下午3点后人最少，3号台最快",
    "@小站 核酸检测秩序维护组到岗：粘文才、揭阳；地点：燕东路社区篮球场；开始时间：6:00",
    "@小站 心理疏导 方知雨老师上岗 安德里社区服务站 下午三点",
]


@pytest.mark.parametrize("text", NO_ENTRY)
def test_who_is_where_is_no_entry(text: str) -> None:
    assert entries(text) == []
