"""How sure the records are, which words made them, and what becomes of those that are not sure enough."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.language import Message, complete
from handlers.language.evidence import KIND
from handlers.language.read import THRESHOLD
from handlers.language.sources import WHOLE
from tests.support.reading import PLACE, SENDER, SENT, records, say
from tests.support.written import duty, goods, people


def confidence(text: str) -> float:
    (record,) = say(text).records
    return record.confidence


@pytest.mark.parametrize("rising", [
    ("劝返12辆", "劝返12辆 测温120人次", "@小站 劝返12辆 测温120人次"),
    ("我去", "报名 张三", "报名 张三 13800001111", "@小站 报名\n姓名：张三\n电话：13800001111"),
    ("第3轮 东门 正常", "@小站 巡查 第3轮 东门 正常", "@小站 巡查\n点位：东门\n轮次：第3轮\n问题：无"),
    ("@小站 请假", "@小站 张三 明天请假", "@小站 请假\n请假人：张三\n请假时间：明天"),
    ("@小站 老李36.5", "@小站 李四36.5", "@小站 健康打卡 李四36.5", "@小站 健康打卡 李四 D3 36.5 正常"),
    ("R58 未接", "@小站 R58 未接", "@小站 核实 R58 未接 第2次"),
])  # fmt: skip
def test_more_evidence_makes_surer(rising):
    found = [confidence(text) for text in rising]
    assert found == sorted(found)
    assert len(set(found)) == len(found)


def test_the_roster_makes_surer():
    (stranger,), (known,) = say("报名 张三").records, say("报名 张三", roster=("张三",)).records
    assert known.confidence > stranger.confidence


@pytest.mark.parametrize(("text", "words"), [
    ("@小站 张三退出报名", "退出报名"),
    ("北门需要 额温枪", "需要 额温枪"),
    ("核实 R58 未接", "核实"),
    ("@小站 撤回 C12", "撤回"),
    ("第3轮 东门 正常", "第3轮"),
])  # fmt: skip
def test_the_words_of_the_kind_are_told(text, words):
    reading = say(text)
    start, end = reading.records[0].sources[KIND]
    assert reading.text[start:end].strip() == words


@pytest.mark.parametrize("text", ["我们这边3个人都挺好的", "老王说他那里有20个", "修了3个", "今天来了5个人"])
def test_what_is_not_sure_enough_is_asked_about(text):
    reading = say(f"@小站 {text}")
    assert reading.records == ()
    assert reading.question is not None
    assert (reading.question.kind, reading.question.field) == ("work", "counts")
    assert (say(text).records, say(text).question) == ((), None)


def test_the_answer_takes_the_place_of_what_was_doubtful():
    text = "@小站 修了3个"
    question = say(text).question
    assert question is not None
    answer = Message("修路灯3盏，测温20人次", datetime.fromisoformat(SENT), SENDER, PLACE)
    reading = complete(question, answer, text, "")
    assert reading is not None
    assert [record.kind for record in reading.records] == ["work"]
    assert {"item": "测温", "value": 20, "unit": "人次"} in reading.records[0].fields["counts"]


@pytest.mark.parametrize("text", [
    "咱们小区缺口罩好久了，一直买不到，超市也卖完了，每家就剩2个",
    "王大爷家里需要10斤米，谁有空送一下",
    "厂里职工56人都没返京",
    "@小站 请假的事",
])  # fmt: skip
def test_doubtful_talk_is_not_kept(text):
    assert records(text) == []


WRITTEN = st.one_of(
    duty.works(), duty.patrols(), people.sign_ups(), people.withdrawals(), people.leaves(), people.repeats(),
    people.undos(), people.corrections(), people.healths(), people.verifications(), goods.supplies(),
    goods.enterprises(), goods.call_ups(), goods.returnees(),
)  # fmt: skip


@given(WRITTEN)
def test_every_record_tells_how_sure_it_is_and_from_where(written):
    for form, text in written.texts.items():
        reading = say(text)
        for record in reading.records:
            assert THRESHOLD <= record.confidence <= 1, form
            assert all(0 <= start <= end <= len(reading.text) for start, end in record.sources.values())
            assert WHOLE in record.sources
