"""Orders about passes."""

from datetime import date

import pytest

from handlers.gate.pass_words import household_key, read, same_household

TODAY = date(2020, 2, 23)

ISSUED = (
    ("发证 居民 张某 3号楼2单元501", {"kind": "resident", "address": "3号楼2单元501", "person": "张某"}),
    ("发车证 京A12345 李某", {"kind": "vehicle", "plate": "京A12345", "person": "李某"}),
    (
        "发证 京A12345 李某 有效期30天",
        {"kind": "vehicle", "plate": "京A12345", "person": "李某", "until": "2020-03-24"},
    ),
    (
        "办理出入证 王芳 5号楼1单元302 有效期至3月31日",
        {"kind": "resident", "address": "5号楼1单元302", "person": "王芳", "until": "2020-03-31"},
    ),
    ("发出入证:张某 红石坎村88号", {"kind": "resident", "address": "红石坎村88号", "person": "张某"}),
    (
        "发证 居民 张某 幸福里3-2-501 13800001234",
        {"kind": "resident", "address": "幸福里3-2-501", "person": "张某", "phone": "13800001234"},
    ),
    ("发证 张某 3号楼1单元101 有效期到1月10日", {"kind": "resident", "until": "2021-01-10"}),
    ("发证 京A12345 张某", {"kind": "vehicle", "plate": "京A12345", "person": "张某"}),
    ("发证 京A12345张某", {"kind": "vehicle", "plate": "京A12345", "person": "张某"}),
    ("发证 居民 3号楼2单元501 张某", {"kind": "resident", "address": "3号楼2单元501", "person": "张某"}),
    ("发证 居民 3-2-501 张建国", {"kind": "resident", "address": "3-2-501", "person": "张建国"}),
)


@pytest.mark.parametrize(("text", "fields"), ISSUED, ids=[text for text, _ in ISSUED])
def test_a_pass_to_issue(text: str, fields: dict[str, str]) -> None:
    order = read(text, TODAY)
    assert order is not None
    assert order.name == "issue"
    assert len(order.wanted) == 1
    assert fields.items() <= order.wanted[0].items()


def test_one_line_for_each_household() -> None:
    order = read("发证 居民\n张某 3号楼1单元101\n李某 3号楼1单元102", TODAY)
    assert order is not None
    assert [(one["person"], one["address"]) for one in order.wanted] == [
        ("张某", "3号楼1单元101"),
        ("李某", "3号楼1单元102"),
    ]


TARGETS = (
    ("补办 12号 丢了", "reissue", {"number": 12}),
    ("补办 0012", "reissue", {"number": 12}),
    ("补办 京A12345", "reissue", {"plate": "京A12345"}),
    ("补办出入证 3号楼2单元501", "reissue", {"household": "3-2-501"}),
    ("作废 12号", "void", {"number": 12}),
    ("作废 通行证0012", "void", {"number": 12}),
    ("作废出入证 第12号", "void", {"number": 12}),
    ("注销 京A12345", "void", {"plate": "京A12345"}),
    ("查证 12号", "find", {"number": 12}),
    ("查证 345", "find", {"number": 345, "tail": "345"}),
    ("查车 345", "find", {"tail": "345"}),
    ("查车证 12345", "find", {"tail": "12345"}),
    ("查京A12345", "find", {"plate": "京A12345"}),
    ("查证 张某", "find", {"person": "张某"}),
    ("续期 12号 到4月30日", "renew", {"number": 12}),
)


@pytest.mark.parametrize(("text", "name", "target"), TARGETS, ids=[text for text, _, _ in TARGETS])
def test_a_pass_that_is_meant(text: str, name: str, target: dict[str, object]) -> None:
    order = read(text, TODAY)
    assert order is not None
    assert order.name == name
    found = {key: getattr(order.target, key) for key in ("number", "plate", "tail", "household", "person")}
    assert {key: value for key, value in found.items() if value} == target


@pytest.mark.parametrize(
    ("text", "until"), [("续期 12号 到4月30日", date(2020, 4, 30)), ("续期 京A12345 30天", date(2020, 3, 24))]
)
def test_a_renewal_says_until_when(text: str, until: date) -> None:
    order = read(text, TODAY)
    assert order is not None
    assert order.until == until


@pytest.mark.parametrize(
    ("text", "name"), [("出入证名单", "list"), ("车辆登记表", "list"), ("再发", "again"), ("发证", "issue")]
)
def test_orders_without_a_pass(text: str, name: str) -> None:
    order = read(text, TODAY)
    assert order is not None
    assert order.name == name
    assert not order.wanted


@pytest.mark.parametrize(
    "text",
    [
        "发放出入证20张",
        "发出入证 二十张",
        "作废 C12",
        "注销 R58",
        "补签 昨晚22点",
        "查一下 张三",
        "发证明",
        "查验健康码异常2人",
    ],
)
def test_what_is_no_order(text: str) -> None:
    assert read(text, TODAY) is None


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("3号楼2单元501", ("", "3-2-501")),
        ("幸福里3-2-501", ("幸福里", "3-2-501")),
        ("三号楼二单元501室", ("", "3-2-501")),
        ("红石坎村88号", ("红石坎村", "88")),
        ("没有号码", ("", "")),
    ],
)
def test_the_key_of_a_household(address: str, key: tuple[str, str]) -> None:
    assert household_key(address) == key


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("3号楼2单元501", "幸福里3-2-501", True),
        ("北区3号楼2单元501", "南区3号楼2单元501", False),
        ("3号楼2单元501", "3号楼2单元502", False),
        ("红石坎村88号", "88号", True),
    ],
)
def test_two_spellings_of_one_door(one: str, other: str, same: bool) -> None:  # noqa: FBT001  (a column of the table)
    assert same_household(one, other) is same
    assert same_household(other, one) is same


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("续期车证 12号 至2月29日", None),
        ("续期车证 12号 至2月28日", date(2021, 2, 28)),
        ("续期车证 12号 至2020年2月29日", date(2020, 2, 29)),
        ("续期车证 12号 至3月31日", date(2020, 3, 31)),
        ("续期车证 12号 至13月45日", None),
    ],
)
def test_a_day_that_the_coming_year_does_not_have(text: str, until: date | None) -> None:
    """In March the 29th of February lies behind; next year has none."""
    order = read(text, date(2020, 3, 5))
    assert order is not None
    assert order.until == until
