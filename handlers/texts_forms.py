"""The sentences about forms: answers with progress, questions, lists, refusals."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from handlers import masking
from handlers.form_books import state
from handlers.form_books.standing import Standing
from handlers.form_books.state import Progress, Said
from handlers.language.expressions import expression
from handlers.language.form_spec import EntryProblem, FieldSpec, FormSpec
from handlers.texts import APPROX

MOST_ENTRIES = 6
"""Entries of one message that are answered one by one."""
ASK_BY_TYPE: Mapping[str, str] = {
    "number": "是多少{unit}",
    "date": "是哪天",
    "datetime": "是什么时候",
    "person": "是谁",
    "phone": "是多少",
    "place": "是哪里",
    "building": "是哪栋",
    "flag": "，是还是否",
    "items": "有哪些",
    "text": "是什么",
}
"""Type of a field → how it is asked for."""
JUST_SAY = "直接回我就行。"
ALONE = "请单独发给我。"
PRIVATE_KEPT = "记下了，明细请单独问我"
DOUBT = {
    "parts_exceed": "{parts}，比{whole}{expected}多，哪个数不对？先照您说的记下，回我对的数就行。",
    "parts_differ": "{parts}，和{whole}{expected}对不上，哪个数不对？先照您说的记下，回我对的数就行。",
    "below": "{whole}{stated}，比下限{expected}还少，对吗？先照您说的记下，不对就回我对的数。",
    "above": "{whole}{stated}，比上限{expected}还多，对吗？先照您说的记下，不对就回我对的数。",
    "not_a_choice": "{whole}“{stated}”不在可选的里面（{choices}），是哪一个？",
    "not_readable": "{whole}“{stated}”没看懂，请回我一个数。",
}
OTHERS = "另记下：{counts}。"
REFUSED = "{title}由{roles}来报，这条没有记，请找：{who}。"
ROLE_WORDS = {"volunteer": "志愿者", "lead": "点位负责人", "coordinator": "协调员", "administrator": "管理员"}
NOBODY = "本单位负责人"
NOT_READ = "没看懂，"
NOT_READ_WHICH = "没看懂是哪个数，请带上名目，例如：{example}"
CORRECTED = "✏️ {ref} {entry}。原来的内容留在记录里。"
WHICH_ENTRY = "{ref} 里有 {count} 条，请带上是哪一条，例如：更正 {ref} {example}"
NOT_CORRECTED = "没看懂 {ref} 要改成什么，请这样说：更正 {ref} {example}"
GONE = "{title}里这条已去掉"
UNKNOWN_FORM = "没有叫“{name}”的表单，现有：{names}。"
ELSEWHERE: Mapping[str, str] = {
    "enterprise": "{title}有自己的台账，请发：企业 台账",
    "supply": "{title}有自己的台账，请发：物资 汇总",
}
"""Forms whose records another feature keeps, and how to ask for those."""
WHICH_FORM = "看哪张表？例如：/{command} {example}。现有：{names}。"
NO_ENTRIES = "{title}：{place}还没有记录。"
LIST_HEAD = "**{title}台账** {place}（截至 {until}，共 {count} 条）"
PROGRESS_HEAD = "**{title}进度** {place}（截至 {until}）"
LIST_MORE = "……还有 {count} 条，发“导出”看全部。"
SENSITIVE_LIST = "{title}里有个人信息，明细请负责人单独找我看：/台账 {title}"
ONLY_LEADS = "{title}的明细由负责人来看，请找：{who}。"
FOUND_HEAD = "**{title}** 找到 {count} 条："
NOT_FOUND = "{title}里没有找到。"
SILENT = "没有上报：{names}（{count}个）"
ALL_IN = "{count}个单位都已上报"
NOT_DONE = "还没做完：{names}"
DOUBTS = "{count} 条数字对不上，待更正：{names}"
HOUSES = "{count}栋，"
TODAY = "今天 {count} 条"
MOST_LISTED = 20
MOST_NAMES = 12
THIS_GROUP = "本群"
_HOLE = expression(r"\{([^{}]+)\}")
_CLAUSE = expression(r"([，；、：,;:\n ]+)")


def number(value: float) -> str:
    """750, 36.5."""
    return str(int(value)) if value == int(value) else f"{round(value, 2):g}"


def place_name(place: str) -> str:
    """The last level of a place's path."""
    return THIS_GROUP if place.startswith("@") or not place else place.rsplit("/", 1)[-1]


# -- one value, one entry ------------------------------------------------------------------------------------------


def shown(field: FieldSpec, value: Any, hedge: str = "", *, masked: bool = False, unit: str | None = None) -> str:
    """A value in words; of people nothing but the family name and the phone's tail where `masked`."""
    if field.personal and masked:
        return {"person": masking.name, "phone": masking.phone}.get(field.type, _hidden)(str(value))
    if state.is_number(value):
        return f"{APPROX.get(hedge, '')}{number(value)}{field.unit if unit is None else unit}"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(f"{i['item']}{number(i['value']) if 'value' in i else ''}{i.get('unit', '')}" for i in value)
    return _day(str(value)) if field.type in {"date", "datetime"} else str(value)


def _hidden(_value: str) -> str:
    return ""


def _day(value: str) -> str:
    """2月23日15:00."""
    if not re.match(r"\d{4}-\d{2}-\d{2}", value):
        return value
    return f"{int(value[5:7])}月{int(value[8:10])}日{value[11:16]}"


def entry(spec: FormSpec, said: Said, *, masked: bool) -> str:
    """What is known of an entry, by the form's template, and what is left of it where the template does not say so."""
    if masked and spec.sensitive:
        return PRIVATE_KEPT
    by = _by_template if spec.answer else _by_fields
    found = (one for one in state.progress(spec, said.values) if not _told(spec, one, said.values))
    left = [f"剩{number(one.left)}{one.whole.unit}" for one in found]
    return "，".join(part for part in (by(spec, said, masked=masked), *left) if part)


def named(spec: FormSpec, said: str) -> str:
    """An entry with the form's title, which a template says itself."""
    return said if spec.answer and not said.startswith(PRIVATE_KEPT) else f"{spec.title}：{said}"


def _told(spec: FormSpec, one: Progress, values: Mapping[str, Any]) -> bool:
    """Whether somebody stated what is left, so that it is shown anyhow, or the figures do not allow to tell."""
    rest = state.rest_of(spec, one.whole)
    added = sum(state.amount(values.get(part.key)) for part in spec.parts_of(one.whole.key))
    return added > one.total or (rest is not None and rest.key in values)


def _by_template(spec: FormSpec, said: Said, *, masked: bool) -> str:
    """The template without the clauses about which nothing is known."""
    pieces = _CLAUSE.split(spec.answer.strip(" 。"))
    kept: list[str] = []
    for clause, mark in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        filled = _filled(spec, clause, said, masked=masked)
        if filled is not None:
            kept += [filled, mark]
    return "".join(kept[:-1])


def _filled(spec: FormSpec, clause: str, said: Said, *, masked: bool) -> str | None:
    """A clause with its values; None where one of them is not known. `{title}`, `{ref}` and `{sender}` stand before."""
    bare = _without_units(spec, clause)
    filled = {hole: _hole(spec, hole, said, masked=masked) for hole in _HOLE.findall(bare)}
    if filled and not any(filled.values()):
        return None
    return _HOLE.sub(lambda hole: filled[hole[1]], bare)


def _field_of(spec: FormSpec, hole: str) -> FieldSpec | None:
    return next((field for field in spec.fields if hole in (field.key, field.label)), None)


def _without_units(spec: FormSpec, clause: str) -> str:
    """The clause without measure words behind its holes: a value brings its own."""
    for field in spec.fields:
        for name in (field.key, field.label) if field.unit else ():
            clause = clause.replace(f"{{{name}}}{field.unit}", f"{{{name}}}")
    return clause


def _hole(spec: FormSpec, hole: str, said: Said, *, masked: bool) -> str:
    field = _field_of(spec, hole)
    return _word(field, said, masked=masked) if field is not None else ""


def _word(field: FieldSpec, said: Said, *, masked: bool) -> str:
    """The value of a field with its measure word; nothing where it is not known."""
    if field.key not in said.values:
        return ""
    own = said.units.get(field.key, field.unit)
    return shown(field, said.values[field.key], said.approx.get(field.key, ""), masked=masked, unit=own)


def _by_fields(spec: FormSpec, said: Said, *, masked: bool) -> str:
    """Identity first, then totals with what is done of them, then everything else with its label."""
    lead = state.label(spec, said.values, masked=masked)
    told, words = set(spec.identity), []
    for one in state.progress(spec, said.values):
        if one.done_field.key in said.values:
            told |= {one.whole.key, one.done_field.key}
            words.append(f"{one.done_field.label}{number(one.done)}/{number(one.total)}{one.whole.unit}")
    for field in spec.fields:
        word = _word(field, said, masked=masked)
        if field.key not in told and word:
            words.append(f"{field.label}{word}" if len(field.label) + len(word) > 1 else word)
    return " ".join(part for part in (lead, "，".join(words)) if part)


def overall(place: str, found: Iterable[Progress]) -> str:
    """本社区累计 750/1150户，65%."""
    return "；".join(f"{place}累计 {share(one)}" for one in found)


def share(one: Progress) -> str:
    """750/1150户，65%."""
    return f"{number(one.done)}/{number(one.total)}{one.whole.unit}，{one.percent}%"


# -- answers and questions -----------------------------------------------------------------------------------------


def kept(ref: str, spec: FormSpec, entries: Sequence[str], place: str, whole: Sequence[Progress]) -> str:
    """The answer to a message of a form."""
    sums = [f"{place}累计 {share(one)}" for one in whole if one.entries > 1]
    sums += [f"{one.percent}%" for one in whole if one.entries == 1]
    if len(entries) == 1:
        return f"📝 {ref} {named(spec, '；'.join(word for word in (entries[0], *sums) if word))}。"
    more = [f"……共 {len(entries)} 条，都已记下。"] if len(entries) > MOST_ENTRIES else []
    last = [f"{'；'.join(sums)}。"] if sums else []
    head = f"📝 {ref} {spec.title} {len(entries)}条："
    return "\n".join([head, *(f"- {line}" for line in entries[:MOST_ENTRIES]), *more, *last])


def ask(spec: FormSpec, field: FieldSpec, named: str, ref: str, *, group: bool) -> str:
    """The one question about a required field that is missing."""
    about = f"{named}的" if named and field.key not in spec.identity else ""
    how = ASK_BY_TYPE.get(field.type, "是什么").format(unit=field.unit or "")
    if field.type == "choice":
        how = f"是哪一种：{'、'.join(word for word, _ in field.choices)}"
    if field.personal and group:
        return f"还差{about}{field.label}，{ALONE[:-1]}：更正 {ref} {field.label}改为……"
    return f"{about}{field.label}{how}？{JUST_SAY}"


def not_read(spec: FormSpec, field: FieldSpec | None, ref: str) -> str:
    """The question once more, to somebody whose answer says nothing."""
    if field is not None:
        return NOT_READ + ask(spec, field, "", ref, group=False)
    return NOT_READ_WHICH.format(example=example(spec).replace("改为", ""))


def doubt(spec: FormSpec, problem: EntryProblem, values: Mapping[str, Any], named: str) -> str:
    """One sentence about what does not add up, with both figures."""
    first, *rest = [field for key in problem.keys if (field := spec.field(key)) is not None]
    parts = "、".join(f"{part.label}{shown(part, values[part.key])}" for part in rest)
    figures = {"stated": _figure(problem.stated, first), "expected": _figure(problem.expected, first)}
    if len(rest) > 1:
        parts += f"加起来{figures['stated']}"
    choices = "、".join(word for word, _ in first.choices)
    said = DOUBT[problem.code].format(whole=first.label, parts=parts, choices=choices, **figures)
    return f"{named} {said}" if named else said


def _figure(value: float | str, field: FieldSpec) -> str:
    return f"{number(value)}{field.unit}" if state.is_number(value) else str(value)  # type: ignore[arg-type]  # asked for


def refused(spec: FormSpec, who: Sequence[str]) -> str:
    """Somebody may not send this form: who does, and whom to ask."""
    roles = "或".join(ROLE_WORDS[role] for role in spec.senders)
    return REFUSED.format(title=spec.title, roles=roles, who="、".join(who) or NOBODY)


def example(spec: FormSpec) -> str:
    """A right example of a correction: 户数改为120户."""
    field = next((f for f in spec.fields if f.type == "number"), spec.fields[0])
    return f"{field.label}改为{f'120{field.unit}' if field.type == 'number' else '……'}"


def some(names: Sequence[str]) -> str:
    """The first of many names."""
    more = f"等{len(names)}" if len(names) > MOST_NAMES else ""
    return "、".join(names[:MOST_NAMES]) + more


# -- lists ---------------------------------------------------------------------------------------------------------


def list_head(spec: FormSpec, place: str, at: datetime, count: int) -> str:
    """门磁安装台账 翠林社区（截至 2月23日22:00，共 3 条）."""
    return LIST_HEAD.format(title=_bare(spec), place=place_name(place), until=_until(at), count=count)


def progress_head(spec: FormSpec, place: str, at: datetime) -> str:
    """门磁安装进度 翠林社区（截至 2月23日22:00）."""
    return PROGRESS_HEAD.format(title=_bare(spec), place=place_name(place), until=_until(at))


def _bare(spec: FormSpec) -> str:
    """The title without the word that follows it."""
    return spec.title.removesuffix("进度").removesuffix("台账") or spec.title


def _until(at: datetime) -> str:
    return f"{at.month}月{at.day}日{at:%H:%M}"


def listed(spec: FormSpec, said: Said, row: Any, *, masked: bool) -> str:
    """One entry of a list."""
    mark = " ⚠️数字待核" if row.doubt else ""
    found = (one for one in state.progress(spec, said.values) if not _told(spec, one, said.values))
    left = [f"剩{number(one.left)}{one.whole.unit}" for one in found]
    return f"- {row.number} {'，'.join([_by_fields(spec, said, masked=masked), *left])}{mark}"


def entries_told(count: int, today: int) -> str:
    """共 5 条，今天更新 2 条."""
    return f"共 {count} 条{f'，今天更新 {today} 条' if today else '，今天还没有更新'}"


def unit_line(name: str, count: int, whole: Sequence[Progress]) -> str:
    """One unit below: 翠林社区：750/1150户，65%，剩400户."""
    said = "；".join(f"{share(one)}，剩{number(one.left)}{one.whole.unit}" for one in whole)
    return f"- {name}：{said or f'{count} 条'}"


def figure_lines(found: Iterable[Mapping[str, Any]]) -> list[str]:
    """今天完成 30户，累计 130户, one line for each figure."""
    lines: dict[tuple[str, str], dict[str, Any]] = {}
    for one in found:
        figure = one["figure"]
        told = lines.setdefault((figure.item.removeprefix("累计"), figure.unit), dict(one))
        if one["today"] is None:
            told["whole"] = one["whole"]  # as people state it, and not as far as it was reported here
        else:
            told["today"] = one["today"]
    return [_figure_line(item, unit, one) for (item, unit), one in lines.items()]


def _figure_line(item: str, unit: str, told: Mapping[str, Any]) -> str:
    today = "" if told["today"] is None else f"今天 {number(told['today'])}{unit}，"
    return f"{item}：{today}累计 {number(told['whole'])}{unit}"


# -- reports -------------------------------------------------------------------------------------------------------

SHEET_FIRST = ("编号", "单位", "更新时间")
SHEET_LAST = ("核对",)


def doubtful(code: str) -> str:
    """What the last column of a sheet says."""
    return "数字待核" if code else ""


def standing(one: Standing) -> str:
    """抗原检测进度：更新 3 条；完成 210/232户，剩2户，90%；1 条数字待核."""
    told = [f"更新 {one.fresh} 条"] if one.fresh else [f"没有更新，共 {one.entries} 条"]
    told += [
        f"完成 {number(p.done)}/{number(p.total)}{p.whole.unit}，剩{number(p.left)}{p.whole.unit}，{p.percent}%"
        for p in one.progress
    ]
    told += [f"{one.doubts} 条数字待核"] if one.doubts else []
    return f"{one.spec.title}：{'；'.join(told)}"


def clause(one: Standing) -> str:
    """抗原检测完成90%（12栋，210/232户）: for the sentence at the end of a report."""
    shares = "、".join(
        f"{p.percent}%（{HOUSES.format(count=p.buildings) if p.buildings > 1 else ''}"
        f"{number(p.done)}/{number(p.total)}{p.whole.unit}）"
        for p in one.progress
    )
    return f"{_bare(one.spec)}完成{shares}"


def entry_listed(spec: FormSpec, said: Said, row: Any, *, masked: bool) -> str:
    """One entry behind a line of a report."""
    return listed(spec, said, row, masked=masked).removeprefix("- ")
