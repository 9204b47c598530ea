# ruff: noqa: ARG001 - every reader takes the same arguments
# ruff: noqa: PLR2004 - lengths of words and names, in characters
"""核实: the outcome of calls, one record per person or reference."""

import itertools
import re
from collections.abc import Sequence

from handlers.language import when
from handlers.language.expressions import expression, without_start
from handlers.language.forms import Field
from handlers.language.needed import Signs
from handlers.language.numerals import read_numeral
from handlers.language.people import CLEAR, NONE, clean_name, is_loose_name, is_name, split_people
from handlers.language.places import is_unit
from handlers.language.returnee_values import Returnee
from handlers.language.scan import Chunk, Context, Region
from handlers.language.tables import read_table
from handlers.language.types import Fields, Record
from handlers.language.vocabulary import OUTCOMES

_OUTCOME = expression("|".join(sorted((w for w, _ in OUTCOMES), key=len, reverse=True)))
_OUTCOME_OF = dict(OUTCOMES)
_ATTEMPT = expression(
    r"第 ?([0-9一二三四五六七八九十]{1,3}) ?(?:次|遍|通|个电话)(?:拨打|电话|联系|核实|通话|呼叫|打)?|(?:打了|"
    r"拨打了?|已打|拨了|联系了|连打)([0-9一二两三四五六七八九十]{1,3})(?:次|遍|个|通)(?:电话)?|"
    r"([0-9一二两三四五六七八九十]{1,2})次(?:均|都)?(?=未接|无人|拒接|没接|关机)"
)
_HAND_OVER = expression(r"(?:→|->|-|已|可|请|申请|现)*(?<![未没不])核转(?!不)(?:了|完成|成功|完毕)?")
_NO_HAND_OVER = expression(r"(?:未|没有?|不|暂不|待|先不|暂缓)核转|核转[: ]*否")
_ATTEMPT_SIGNS, _HAND_OVER_SIGNS = Signs(_ATTEMPT), Signs(_HAND_OVER)
_TRANSFER = expression(
    r"(?:应为|应该是|应是|应属于?|应该属于|属于?|实为|实际(?:住在|在|为|是|属于)?|实住|转(?:交|至|到|往|给|去)?|"
    r"移交(?:给|至|到)?|归属?|人在|住在|现住|应归|退回至?|改为|应选|住|是|在)[: ]*((?:[一-鿿]{2,6}区)?[一-鿿]{1,"
    r"10}?(?:街道办|街道|地区|镇|乡|区|社区|村)(?![一-鿿]*区)|[一-鿿]{2,8}?(?=[,;。\s→]|$))"
)
_UNIT_END = expression(r"[一-鿿]{0,3}?(?:街道|地区|镇|乡)")
_TRIGGER = expression(
    r"(?:电话)?(?:核实|核查|核对)(?:结果|情况|反馈|完成|完毕|名单|进展|如下|通报|电话|一下|了|到)*|今天|今日|"
    r"[电打]?(?:话|了)*回访"
)
_MARK = expression(r"[;。\n]")
_FIELD_WORDS = {
    "address": expression(
        r"(?:居住|家庭|详细|现)?(?:地址|住址|住处)(?:信息)?(?:应该|有误|错误|不对|,|\s)*(?:补充|补全|更正|改|变更|"
        r"修改|更新|订正|完善|确认|应)?(?:为|成|是|到)?[:： ]*(?=\S)"),
    "employer": expression(

            r"(?:工作|所在)?单位(?:名称)?(?:应该|有误|错误|不对|,|\s)*(?:补充|更正|改|变更|修改|更新|订正|确认|"
            r"应)?(?:为|成|"
        r"是)?[: ]*(?=\S)"),
}  # fmt: skip
_SAME = expression(r"^(?:属实|无误|一致|正确|不变|对|准确|没问题|无变化|同填报|都对|清楚|真实)")
_UNCLEAR = expression(r"^(?:不|没|有误|错误|选错|模糊|缺)")
_VALUE_END = expression(
    r"[,;。→\n]|[ ](?=健康|居家|集中|核转|身体|体温|单位|已|隔离|无需|抵京|正常|现|尾号|地址|可|→|良好|无|不)|$"
)
_BEFORE_NAME = expression(
    r"^(?:返京人员|来京人员|电话|今天|今日|已|对|与|和|给|的|是|人员|再次|刚|刚刚|我|联系|拨打|打|了|本人|说|称|"
    r"仍|还|又|都|尚|依然|目前|接通|通)+"
)


def read_verifications(region: Region, context: Context) -> list[Record]:
    """One record per entity that an outcome stands behind."""
    if rows := read_table(region, _COLUMNS):
        return [record for row, cells in rows for record in _one(row, cells)]
    return [record for part in _parts(region) for record in _one(part)]


_COLUMNS = {"编号": "ref", "结果": "outcome", "情况": "outcome", "次数": "attempt", "备注": "remark"}


def _parts(region: Region) -> list[Region]:
    """Cut at line ends and sentence ends where the next piece names somebody; then by outcome within a piece."""
    scan = region.scan
    if _is_form(region):
        return [region]
    cuts = [region.start]
    for match in _MARK.finditer(scan.text, region.start, region.end):
        piece_end = _MARK.search(scan.text, match.end(), region.end)
        piece = Region(scan, match.end(), piece_end.start() if piece_end else region.end)
        if _names_somebody(piece):
            cuts.append(match.end())
    cuts.append(region.end)
    lines = [Region(scan, a, b) for a, b in itertools.pairwise(cuts)]
    return [part for line in lines for part in _by_comma(line)]


def _is_form(region: Region) -> bool:
    """Whether the labels are those of one call: two of them at least, and none twice."""
    asked = [f.concept for f in region.scan.fields(region.start, region.end) if f.concept in _OF_A_CALL]
    return len(asked) > 1 and len(set(asked)) == len(asked)


_OF_A_CALL = frozenset({"name", "phone_tail", "outcome", "attempt"})


def _names_somebody(piece: Region) -> bool:
    if piece.inside(piece.scan.refs) or (piece.inside(piece.scan.tails) and _OUTCOME.search(piece.text)):
        return True
    return bool(_person(Region(piece.scan, piece.start, piece.end), strict=True)) and bool(
        _OUTCOME.search(piece.text) or piece.inside(piece.scan.tails)
    )


_COMMA, _PIECE_END = expression(r"[,、 ]"), expression(r"[,、;。\n]")


def _by_comma(line: Region) -> list[Region]:
    """`张三未接,李四拒接`: a comma piece that names somebody and gives an outcome is one of its own."""
    scan = line.scan
    cuts = [line.start]
    if _COMMA.search(scan.text, line.start, line.end) is None:
        return [line]
    for match in _COMMA.finditer(scan.text, line.start, line.end):
        stop = _PIECE_END.search(scan.text, match.end(), line.end)
        piece = Region(scan, match.end(), stop.start() if stop else line.end)
        if (
            _OUTCOME.search(piece.text)
            and _names_somebody(piece)
            and _OUTCOME.search(scan.text, cuts[-1], match.start())
        ):
            cuts.append(match.end())
    cuts.append(line.end)
    return [Region(scan, a, b) for a, b in itertools.pairwise(cuts)]


def _one(region: Region, cells: Sequence[Field] | None = None) -> list[Record]:
    scan = region.scan
    fields: Fields = {}
    names: list[str] = []
    _labels(region, fields, names, cells if cells is not None else scan.fields(region.start, region.end))
    if refs := region.inside(scan.refs):
        fields["ref"] = refs[0].value
        region.claim_all(refs)
    if tails := region.inside(scan.tails):
        fields["phone_tail"] = tails[0].value
        region.claim_all(tails)
    region.claim_all(region.inside(scan.phones))
    if not _ATTEMPT_SIGNS.missing(scan.characters) and (match := region.take(_ATTEMPT)):
        fields["attempt"] = int(read_numeral(next(g for g in match.groups() if g)) or 0)
    if not _HAND_OVER_SIGNS.missing(scan.characters) and not region.take(_NO_HAND_OVER) and region.take(_HAND_OVER):
        fields["hand_over"] = True
    outcome = fields.get("outcome") or _outcome(region)
    if outcome is None and fields.get("hand_over"):
        outcome = "verified"
    region.take_all(_TRIGGER)
    if outcome == "wrong_region":
        _transfer(region, fields)
    _values(region, fields, outcome)
    if not names and (person := _person(region)):
        names = [person]
    if outcome is None or not (names or "ref" in fields or "phone_tail" in fields):
        scan.note("verification: no outcome" if outcome is None else "verification: nobody is named")
        return []
    fields["outcome"] = outcome
    said = {name: fields[name] for name in _ORDER if fields.get(name) is not None}
    return [Record("verification", {"person": name} | said) for name in names] or [Record("verification", said)]


_ORDER = (
    "phone_tail",
    "ref",
    "outcome",
    "attempt",
    "arrives_at",
    "address",
    "employer",
    "health",
    "isolation",
    "transfer_to",
    "hand_over",
)


def _labels(region: Region, fields: Fields, names: list[str], labelled: Sequence[Field]) -> None:
    scan = region.scan
    for item in labelled:
        value = scan.text[item.start : item.end]
        if item.concept in ("name", "people"):
            names += split_people(value, scan.message.sender, scan.known)[:1]
        elif item.concept == "phone_tail" and (tail := re.search(r"\d{4}", value)):
            fields["phone_tail"] = tail.group()
        elif item.concept == "outcome" and (match := _OUTCOME.search(value)):
            fields["outcome"] = _OUTCOME_OF[match.group()]
        elif item.concept == "attempt" and (digits := re.search(r"[0-9一二三四五六七八九十]+", value)):
            fields["attempt"] = int(read_numeral(digits.group()) or 0)
        elif item.concept == "transfer_to":
            fields["transfer_to"] = re.split(r"[\s,;]", value)[0]
        elif item.concept == "hand_over":
            if re.match(r"是|已|可", value):
                fields["hand_over"] = True
        else:
            continue
        region.claim(item.label_start, item.end)


def _outcome(region: Region) -> str | None:
    """The first outcome; `verified` words count last, because 核实 and 属实 stand beside others too."""
    found = [(m, _OUTCOME_OF[m.group()]) for m in _OUTCOME.finditer(region.rest)]
    found = [(m, code) for m, code in found if not _contradicted(region.rest, m)]
    for match, _ in found:
        region.claim(region.start + match.start(), region.start + match.end())
    others = [code for _, code in found if code != "verified"]
    if others:
        return others[0]
    return "verified" if found else None


def _contradicted(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 2) : match.start()]
    return match.group() in _MAY_BE_DENIED and before.endswith(("不", "未", "没", "没有", "待"))


_MAY_BE_DENIED = frozenset(("属实", "无误", "核实", "已核实"))


def _transfer(region: Region, fields: Fields) -> None:
    if "transfer_to" in fields or not (match := _TRANSFER.search(region.rest)):
        return
    place = match[1].strip()
    longer = _UNIT_END.match(region.rest, match.end(1))
    if longer:
        place += longer.group()
    if place.endswith(("街道", "镇", "乡", "地区", "区", "社区", "村", "街道办")) or is_unit(
        place, region.scan.message.place
    ):
        fields["transfer_to"] = place
        region.claim(region.start + match.start(), region.start + match.end())


_WEAK_ISOLATION = expression(r"隔离方式[^,;。]{0,4}(集中|居家|无需)|(?:^|[\s,;、])(集中|居家)(?:$|[\s,;、。→\x00])")
_WEAK_SIGNS = Signs(_WEAK_ISOLATION)
_FIELD_SIGNS = {name: Signs(label) for name, label in _FIELD_WORDS.items()}
_PLANNED = expression(r"预计|计划|拟|将")
_CALL_BEFORE = expression(r"[通去来回拨]电?话?$|联系$|核实$")
_CALL_AFTER = expression(r"[ ]?(?:再|核实|拨打|电话|联系|打|回访|回拨|第)")
_ARRIVAL_WORD = expression(r"[抵到返回来进]|预计|时间")


def _values(region: Region, fields: Fields, outcome: str | None) -> None:  # noqa: C901 - one branch per label or word, read from the top down
    """What is confirmed or corrected beside the outcome."""
    scan = region.scan
    person = Returnee(region)
    for name, label in _FIELD_WORDS.items():
        match = None if _FIELD_SIGNS[name].missing(scan.characters) else label.search(region.rest)
        if not match:
            continue
        stop = _VALUE_END.search(region.rest, match.end())
        end = stop.start() if stop else len(region.rest)
        value = region.rest[match.end() : end].strip(" \x00")
        if _SAME.match(value) or _UNCLEAR.match(value) or not value:
            same = _SAME.match(value)
            end = match.end() + (same.end() if same else 0)
        elif "\x00" not in value:
            fields[name] = value
        region.claim(region.start + match.start(), region.start + end)
    person.read_isolation(region)
    weak = None if _WEAK_SIGNS.missing(scan.characters) else _WEAK_ISOLATION.search(region.rest)
    if weak and "isolation" not in person.fields:
        person.fields["isolation"] = {"集中": "central", "居家": "home", "无需": "none"}[weak[1] or weak[2]]
    person.read_health(region, labelled=False)
    for name in ("isolation", "health"):
        if name in person.fields:
            fields[name] = person.fields[name]
    plan = outcome == "not_arrived" or bool(_PLANNED.search(region.rest))
    for span in region.inside(scan.times):
        if (
            when.is_range(span.value)
            or _CALL_BEFORE.search(region.before(span.start))
            or _CALL_AFTER.match(region.after(span.end))
        ):
            continue
        text = (
            when.point(span.value, scan.message.sent_at, None, plan=plan)
            if not when.is_day(span.value)
            else when.day_text(span.value, scan.message.sent_at, plan=plan)
        )
        around = region.before(span.start, 10) + region.after(span.end, 8)
        if text and _ARRIVAL_WORD.search(around):
            fields.setdefault("arrives_at", text)
    region.claim_all(region.inside(scan.times))


def _person(region: Region, *, strict: bool = False) -> str | None:
    """The name of the one that was called: the first name, or the first word where only a name can stand."""
    known = region.scan.known
    region.claim_all(region.inside(region.scan.refs))
    region.claim_all(region.inside(region.scan.tails))
    for match in (*_OUTCOME.finditer(region.rest), *_TRIGGER.finditer(region.rest)):
        region.claim(region.start + match.start(), region.start + match.end())
    chunks = region.chunks()
    for chunk in chunks:
        for text in dict.fromkeys((clean_name(chunk.text), clean_name(without_start(_BEFORE_NAME, chunk.text)))):
            if is_name(text, known) >= CLEAR or (is_name(text, known) > NONE and not strict):
                return text
        if name := _name_with_tail(chunk, known):
            return name
    if (
        chunks
        and chunks[0].start - region.start <= 6
        and _TWO_OR_THREE.fullmatch(chunks[0].text)
        and _OUTCOME.match(region.scan.text, chunks[0].end + 1)
    ):
        return chunks[0].text
    if chunks and chunks[0].start - region.start <= 6 and is_loose_name(clean_name(chunks[0].text)):
        return clean_name(chunks[0].text)
    return None


_TWO_OR_THREE = expression(r"[一-鿿]{2,3}")
_TAIL_WORDS = expression(
    r"(?:的)?(?:电话|手机|本人|地址|信息|情况|说|表示|称|已|仍|还|又|都|一直|两次|的|,|先生|女士|家里|自己|"
    r"直接|就|把|给|人|是|暂时|一打就|接了|今天|昨天|现在|目前|当时|确认|实际|打了|打)+$"
)


def _name_with_tail(chunk: Chunk, known: frozenset[str]) -> str | None:
    bare = _TAIL_WORDS.sub("", without_start(_BEFORE_NAME, chunk.text))
    name = clean_name(bare)
    return name if is_name(name, known) >= CLEAR else None
