"""Names: which stretches are people, and how they are cleaned."""

import pytest

from handlers.language.people import CERTAIN, CLEAR, NONE, clean_name, is_name, split_people


@pytest.mark.parametrize(
    "name", ["王磊", "马国栋", "欧阳明", "司马懿", "上官婉儿", "卓玛", "阿依古丽·买买提", "慕容晴", "易小凡", "司徒静"]
)
def test_clear_names(name):
    assert is_name(name) >= CLEAR


@pytest.mark.parametrize(
    "word",
    [
        "高铁",
        "正常",
        "东门",
        "夏各庄",
        "红石坎村",
        "白班",
        "居家",
        "平安",
        "石家庄",
        "测温",
        "上级",
        "体温正常",
        "马上到岗",
        "安全",
        "方庄",
    ],
)
def test_words_that_are_no_names(word):
    assert is_name(word) < CLEAR


def test_the_roster_is_the_strongest_evidence():
    assert is_name("平安", frozenset({"平安"})) == CERTAIN
    assert is_name("平安") == NONE


@pytest.mark.parametrize(("written", "name"), [
    ("何桂芳女士", "何桂芳"), ("崔立强队长", "崔立强"), ("卢俊(党员)", "卢俊"), ("俞 海 涛", "俞海涛"), ("队长张伟", "张伟"), ("我爱人董卓然", "董卓然"), ("李姐", "李姐"),
])  # fmt: skip
def test_cleaning(written, name):
    assert clean_name(written) == name


@pytest.mark.parametrize(("written", "names"), [
    ("张三、李四,王五", ["张三", "李四", "王五"]),
    ("张三和李四 王五", ["张三", "李四", "王五"]),
    ("我跟贾淑芬", ["田志刚", "贾淑芬"]),
    ("俞 海 涛", ["俞海涛"]),
    ("秦永兴马国栋", ["秦永兴", "马国栋"]),
    ("王彩霞、张建民(共2人)", ["王彩霞", "张建民"]),
    ("张三 李四 共2人", ["张三", "李四"]),
])  # fmt: skip
def test_splitting(written, names):
    assert split_people(written, "田志刚") == names
