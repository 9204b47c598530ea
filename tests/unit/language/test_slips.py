"""Slips of dictation → the domain's words; everything else stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.language.slips import mend

MENDED = [
    ("签倒 黑水湾村卡口", "签到 黑水湾村卡口"),
    ("签道 康居社区北门卡口", "签到 康居社区北门卡口"),
    ("补签导", "补签到"),
    ("签腿 东门", "签退 东门"),
    ("离港 刘铁柱", "离岗 刘铁柱"),
    ("到港 东门", "到岗 东门"),
    ("上港了", "上岗了"),
    ("测问120人次", "测温120人次"),
    ("侧温120人次", "测温120人次"),
    ("体问:费洋36度5", "体温:费洋36度5"),
    ("体文36.5", "体温36.5"),
    ("核算秩序 董皓", "核酸秩序 董皓"),
    ("核算检测", "核酸检测"),
    ("合酸检测", "核酸检测"),
    ("抗元132户", "抗原132户"),
    ("抗源132户", "抗原132户"),
    ("消沙3次", "消杀3次"),
    ("扫吗96人次", "扫码96人次"),
    ("卡扣 张三 到岗", "卡口 张三 到岗"),
    ("寻查 第6轮", "巡查 第6轮"),
    ("返京登机", "返京登记"),
    ("健康打开", "健康打卡"),
    ("120人刺", "120人次"),
    ("居家隔里", "居家隔离"),
    ("有点咳搜", "有点咳嗽"),
]

LEFT = [
    "签到 东门",
    "签字 签名 签收 签证",
    "具体问题",
    "全体问候",
    "航班离港 CA1640",
    "到香港",
    "从港口到港",
    "成本核算",
    "测试测量评测",
    "气温下降 升温",
    "牛奶和酸奶",
    "消息 消毒 消防",
    "扫马路",
    "晚上刚到岗",
    "9点前到",
    "到刚才的点位",
    "李岗村卡口",
    "反京剧",
    "陈温 到岗",
    "张测 王签",
    "抗疫 抗体",
    "",
]


@pytest.mark.parametrize(("said", "meant"), MENDED)
def test_certain_slips(said: str, meant: str) -> None:
    assert mend(said) == meant


@pytest.mark.parametrize("text", LEFT)
def test_ordinary_words_stay(text: str) -> None:
    assert mend(text) == text


@given(st.one_of(st.text(), st.text(alphabet="签到倒测问体温离港岗核算酸抗元消杀扫 的了")))
def test_length_never_changes(text: str) -> None:
    assert len(mend(text)) == len(text)
