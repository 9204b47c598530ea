"""Raw chat text → normalised text: one table per idea."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.language.normalise import normalise

FORMS = [
    ("签到　稻地村卡口　２０：００", "签到 稻地村卡口 20:00"),
    ("离岗；测温４３人次，车辆１２辆！", "离岗;测温43人次,车辆12辆!"),
    ("代（王五）【到岗】点位、人员。", "代(王五)【到岗】点位、人员。"),
    ("22：00—次日6：00", "22:00-次日6:00"),
    ("22:00–6:00 8∶30～12:00", "22:00-6:00 8:30~12:00"),
    ("体温36.5℃", "体温36.5℃"),
    ("面积800㎡", "面积800m2"),
    ("阿依古丽•买买提 阿依古丽・买买提", "阿依古丽·买买提 阿依古丽·买买提"),
    ("签到\u2003东门\u00a0\u2009张三", "签到 东门 张三"),
    ("签\u200b到\ufeff 东\u200d门", "签到 东门"),
    ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
    ("姓名\t张三 \t 电话", "姓名\t张三\t电话"),
    ("一行  \n\n\n\n  二行", "一行\n\n二行"),
    ("－－核转→ 沙河镇", "--核转→ 沙河镇"),
    ("Ｒ５８作废", "R58作废"),
    ("，签到", "签到"),
    ("", ""),
    ("😷", ""),
]

MARKERS = [
    ("①张三 ②李四", "①张三 ②李四"),
    ("❶张三", "①张三"),
    ("1️⃣张三\n2️⃣李四\n🔟王五", "①张三\n②李四\n⑩王五"),
    ("１．张三", "1.张三"),
    ("⒈张三 ⑴李四", "1.张三 (1)李四"),
]

EMOJI = [
    ("陈雪上岗啦💪讲礼村西口", "陈雪上岗啦 讲礼村西口"),
    ("报名，我有车🚗", "报名,我有车"),
    ("谢谢大家❤️", "谢谢大家"),
    ("👨‍👩‍👧一家👍🏻都好", "一家 都好"),
    ("收到[强][抱拳]", "收到"),
    ("[到岗] 东门", "[到岗] 东门"),
    ("收工☀️东门", "收工 东门"),
]

MENTIONS = [
    ("@小站 签到 东门", "签到 东门"),
    ("＠小站　签到 东门", "签到 东门"),
    ("@小站\u2005签到 东门", "签到 东门"),
    ("@小站离岗花家地西里南门", "离岗花家地西里南门"),
    ("签到@小站 亚澜湾社区", "签到 亚澜湾社区"),
    ("流调电话64个 @小站", "流调电话64个"),
    ("@小站@小站 签到", "签到"),
    ("@小站，签到", "签到"),
    ("@ 小站 签到", "签到"),
    ("@小站", ""),
]

OTHERS = [
    ("@李四 到岗 东门", "到岗 东门", False, ("李四",)),
    ("@李四\u2005@小站\u2005到岗", "到岗", True, ("李四",)),
    ("@Li Ming\u2005到岗", "到岗", False, ("Li Ming",)),
    ("@小站长\u2005到岗", "到岗", False, ("小站长",)),
    ("@所有人 明天八点集合", "明天八点集合", False, ("所有人",)),
    ("代@李四 签到", "代@李四 签到", False, ()),
    ("东门a@b.c 到岗", "东门a@b.c 到岗", False, ()),
]

QUOTES = [
    ("「刘建国：记得报数」\n- - - - - - - - -\n@小站 离岗 东门", "离岗 东门", True),
    ("「马国栋：@小站 到岗 红石坎村卡口」\n- - - - - - -\n收到", "收到", False),
    ("「甲：「乙：到岗」\n- - - -\n收到」\n- - - - -\n@小站 离岗", "离岗", True),
    ("这是一条引用/回复消息：\n“张三：\n@小站 到岗”\n------\n好的", "好的", False),
    ("甲：到岗\n- - - - -\n收到", "收到", False),
    ("> @小站 到岗 东门\n离岗 西门", "离岗 西门", False),
    ("「张三：到岗」\n收到", "收到", False),
    ("复工\n----\n职工5人", "复工\n----\n职工5人", False),
    ("分享文章「卡口」很好", "分享文章「卡口」很好", False),
]

JOINED = [
    ("今晚七点\n半到岗", "今晚七点半到岗"),
    ("抗原1100多\n户", "抗原1100多户"),
    ("晚\n上五六点钟", "晚上五六点钟"),
    ("到\n岗 东门", "到岗 东门"),
    ("测\n温120人次", "测温120人次"),
    ("测温120\n人次", "测温120人次"),
    ("11月\n24日", "11月24日"),
    ("22:00-\n6:00", "22:00-6:00"),
    ("电话1380000\n1234", "电话13800001234"),
    ("人员：张三、\n李四", "人员:张三、李四"),
    ("签\r\n退", "签退"),
]

KEPT_APART = [
    "东门 李长顺 8:00\n西口 宋广林 8:10",
    "测温98\n人员:张三",
    "劝返1人\n次日凌晨3点离岗",
    "姓名:张三\n时间:8:00",
    "1、\n2、张三",
    "1. 东门 测温120人次\n2. 西门",
    "13800001234\n13900001234",
    "东口 8:00\n西口 8:10",
    "张卫东\n门头沟",
    "车次:\n居住地址:镇罗营镇关上村17号",
]


@pytest.mark.parametrize(("raw", "text"), FORMS + MARKERS + EMOJI + JOINED)
def test_one_form(raw: str, text: str) -> None:
    assert normalise(raw).text == text


@pytest.mark.parametrize(("raw", "text"), MENTIONS)
def test_mention_of_the_bot_is_removed_and_noted(raw: str, text: str) -> None:
    result = normalise(raw)
    assert (result.text, result.addressed) == (text, True)


@pytest.mark.parametrize(("raw", "text", "addressed", "mentions"), OTHERS)
def test_mentions_of_others(raw: str, text: str, addressed: bool, mentions: tuple[str, ...]) -> None:  # noqa: FBT001 - a table's column
    result = normalise(raw)
    assert (result.text, result.addressed, result.mentions) == (text, addressed, mentions)


@pytest.mark.parametrize(("raw", "text", "addressed"), QUOTES)
def test_quoted_parts_are_removed(raw: str, text: str, addressed: bool) -> None:  # noqa: FBT001 - a table's column
    result = normalise(raw)
    assert (result.text, result.addressed) == (text, addressed)


def test_quoted_parts_are_handed_over() -> None:
    assert normalise("「张三：到岗 东门」\n- - - - -\n收到").quoted == ("「张三:到岗 东门」",)


@pytest.mark.parametrize("text", KEPT_APART)
def test_line_breaks_between_records_and_labels_stay(text: str) -> None:
    assert normalise(text).text == text


def test_bot_names_of_the_channel() -> None:
    assert normalise("@卡口 助手 签到", ("小站", "卡口助手", "卡口 助手")).text == "签到"
    assert not normalise("@小站 签到", ("助手",)).addressed
    assert normalise("@kakou 签到", ("Kakou",)).addressed


PIECES = st.sampled_from(
    [
        *"@＠小站张三「」：:>- \n\t\u2005\u3000①1️⃣💪[强]半点多户8０，、。…℃·•—",
        "- - - - -\n",
        "@小站",
        "七点\n半",
        "「甲：乙」\n",
    ]
)


MENTION_END = "\u2005"


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_any_text_is_read_and_reading_again_changes_nothing(raw: str) -> None:
    once = normalise(raw.replace(MENTION_END, " ")).text
    assert normalise(once).text == once


def test_a_longer_name_is_known_by_the_mark_behind_it():
    """The mark that clients put behind a mention is read once and not kept: the one thing that a second reading lacks."""
    assert normalise("0@小站0\u2005").text == "0@小站0"
    assert not normalise("0@小站0\u2005").addressed


@given(st.text(alphabet="签到东门0123456789:,;!?()/+%ABZabz .~-"))
def test_full_width_equals_half_width(text: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text).replace(" ", "\u3000")
    assert unicodedata.normalize("NFKC", wide) == text
    assert normalise(wide).text == normalise(text).text
