import pytest

from bot.channels.plain import plain

ROWS = [
    ("# 今日在岗", "今日在岗"),
    ("**收到** C12", "收到 C12"),
    ('<font color="warning">132</font> 人', "132 人"),
    ("> 引用", "引用"),
    ("[台账](https://example.org/a)", "台账 https://example.org/a"),
    ("用 `/help` 看", "用 /help 看"),
    ("<@wangfang> 请看", "@wangfang 请看"),
    ("| 点位 | 人次 |\n| :--- | ---: |\n| 北门 | 3 |", "点位 | 人次\n北门 | 3"),
    ("张* 李** 尾号1234", "张* 李** 尾号1234"),
    ("a_b 3 < 5 > 4 #5", "a_b 3 < 5 > 4 #5"),
]


@pytest.mark.parametrize(("markdown", "text"), ROWS)
def test_marks_go_and_words_stay(markdown: str, text: str) -> None:
    assert plain(markdown) == text
