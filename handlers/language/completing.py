"""The answer to a question of the bot: 东门 after 在哪个点位？ completes what was written before."""

from dataclasses import replace

from handlers.language.expressions import expression
from handlers.language.read import read
from handlers.language.types import Message, Question, Reading

LABELS = {
    "post": "点位",
    "name": "姓名",
    "phone": "联系电话",
    "arrives_at": "抵京时间",
    "address": "居住地址",
    "employer": "工作单位",
    "health": "健康状况",
    "isolation": "隔离方式",
    "starts_at": "到岗时间",
    "ends_at": "离岗时间",
    "shift": "班次",
    "at": "时间",
}
"""Field → the label under which a correction names it."""
_WHOLE = frozenset({"counts"})
"""Fields whose answer says all: 修路灯3个 takes the place of 修了3个."""
LONGEST = 60
_NO_ANSWER = expression(
    r"[?？]|^(?:好|收到|谢|辛苦|嗯|哦|噢|ok|OK|知道|明白|不|没|算了|等|稍|为什么|怎么|哪|谁|啥|什么)"
)


def complete(question: Question, message: Message, original: str, ref: str) -> Reading | None:
    """What `message` says as the answer to `question`, or None where it is no answer.

    With `ref`, the record was kept and lacks the field: a correction of it. Without, nothing was kept: `original` and
    the answer are read as one text.
    """
    answer = read(message).text.strip(" 。,，!！")
    if not answer or len(answer) > LONGEST or _NO_ANSWER.search(answer):
        return None
    if ref:
        return _as_correction(question, message, answer, ref)
    if question.field in _WHOLE:
        reading = read(replace(message, chat_type="single"))
        if reading.records:
            return reading if reading.records[0].kind == question.kind else None
    reading = read(replace(message, text=f"{original} {answer}"))
    wanted = question.kind in {"unknown", *(record.kind for record in reading.records)}
    return reading if reading.records and wanted else None


def _as_correction(question: Question, message: Message, answer: str, ref: str) -> Reading | None:
    if question.field not in LABELS:
        return None
    text = f"更正 {ref} {LABELS[question.field]}改为{answer}"
    reading = read(replace(message, text=text, chat_type="single"))
    found = [record for record in reading.records if record.kind == "correction"]
    fits = bool(found) and found[0].fields.get("field") == question.field and found[0].fields.get("ref") == ref
    return replace(reading, records=tuple(found[:1]), question=None) if fits else None
