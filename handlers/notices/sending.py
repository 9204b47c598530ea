"""From an order to a notice, and from a notice to the messages that its groups get."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.context import Context, Notice
from handlers import rights
from handlers import texts_notices as words
from handlers.language.expressions import expression
from handlers.ledger import audit, in_group, written_at
from handlers.notices import files, groups, reading
from handlers.notices.groups import Group
from handlers.notices.reading import Order
from handlers.notices.settings import rules
from handlers.reports.desk import spread
from storage import notices
from storage.tables_notices import NoticeGroup, NoticeRow

MOST_SIGNS = 3000
FARTHEST = timedelta(days=60)
MANY = 20
"""More groups than this do not all get it in the same second."""
_ID_NUMBER = expression(r"(?<!\d)\d{17}[\dXx](?!\d)")


class Refused(Exception):
    """An order that cannot be carried out; the message says what to do instead."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one group."""

    chat: str
    form: str
    content: str
    media: bytes = b""
    file_name: str = ""
    delay: timedelta = timedelta(0)


def letters(row: NoticeRow, chats: Sequence[str], width: timedelta) -> Iterator[Letter]:
    """What each group gets, in order: the text, then the file."""
    unit = row.unit.rsplit("/", 1)[-1]
    text = words.posted(row.ref, row.level, (row.by, unit), row.body, file=row.file is not None)
    for chat in chats:
        delay = spread(chat, width) if len(chats) > MANY else timedelta(0)
        yield Letter(chat, "markdown", text, delay=delay)
        if row.file is not None:
            form = "image" if files.is_picture(row.file) else "file"
            yield Letter(chat, form, "", row.file, row.file_name or "", delay)


def mark_sent(row: NoticeRow, now: datetime) -> None:
    """Note that it is on its way; the outbox has the file now."""
    row.sent_at, row.day, row.file = now, now.date(), None


# -- an order ----------------------------------------------------------------------------------------------------------


def order(ctx: Context, command: Mapping[str, Any]) -> str:
    """通知 …, 政策 …, with 附件 or without: sent, planned, or shown first where it is for several groups."""
    word = str(command["word"])
    try:
        return _order(ctx, with_file=word.endswith("附件"), policy=word.startswith("政策"))
    except Refused as why:
        return str(why)


def _order(ctx: Context, *, with_file: bool, policy: bool) -> str:
    ctx.uow.flush()
    rest = reading.words_of(ctx.incoming.text)
    if not rest:
        raise Refused(words.HOW)
    known = groups.every(ctx.uow.session, ctx.services.get("groups", {}))
    allowed = groups.may_write(ctx, known)
    yours = [group.name for group in known if allowed[group.chat]]
    if not yours:
        raise Refused(rights.refusal(ctx, "notify"))
    means = _meaning(ctx, known)
    said = reading.parse(rest, written_at(ctx).replace(tzinfo=None), lambda word: bool(means(word)), policy=policy)
    wanted, lost = _targets(ctx, said, means, allowed, yours)
    at = _moment(ctx, said)
    row = _row(ctx, said, at, with_file=with_file)
    _keep(ctx, row, wanted)
    tail = words.SOME_UNREACHABLE.format(names=words.names(lost)) if lost else ""
    return _next(ctx, row, wanted, show=len(wanted) > 1) + tail


def _meaning(ctx: Context, known: Sequence[Group]) -> Callable[[str], list[Group]]:
    def means(word: str) -> list[Group]:
        if word in groups.HERE and not in_group(ctx):
            raise Refused(words.NOT_HERE)
        try:
            return groups.meant(known, word, ctx.incoming.chat, ctx.unit)
        except groups.Several as several:
            paths = str(several)
            example = paths.split("、", maxsplit=1)[0]
            raise Refused(words.SEVERAL.format(name=word, paths=paths, example=example)) from several

    return means


def _targets(
    ctx: Context, said: Order, means: Callable[[str], list[Group]], allowed: Mapping[str, bool], yours: Sequence[str]
) -> tuple[list[Group], list[str]]:
    """The groups that it goes to, and the names of those that cannot be reached."""
    if said.unknown:
        raise Refused(words.UNKNOWN_GROUP.format(names="、".join(said.unknown), can=words.can(yours)))
    if not said.groups:
        raise Refused(_nobody(said, yours))
    everybody = all(word in groups.ALL for word in said.groups)
    some = {group.chat: group for word in said.groups for group in means(word)}
    denied = [group.name for group in some.values() if not allowed[group.chat]]
    if denied and not everybody:
        raise Refused(words.NOT_YOURS.format(names=words.names(denied), can=words.can(yours)))
    wanted = [group for group in some.values() if allowed[group.chat]]
    reached: Callable[[str], str | None] = ctx.services["group_channel"]
    lost = [group.name for group in wanted if not reached(group.chat)]
    found = [group for group in wanted if reached(group.chat)]
    if not found:
        raise Refused(words.UNREACHABLE.format(names=words.names(lost)))
    return found, lost


_LIKE_A_GROUP = expression(r"\s*([^\s,，:：。、]{1,20}(?:镇|乡|街道|村|社区|小区|群))(?=[\s,，:：、])")


def _nobody(said: Order, yours: Sequence[str]) -> str:
    match = _LIKE_A_GROUP.match(said.body)
    if match is None:
        return words.NO_GROUP
    return words.UNKNOWN_GROUP.format(names=match[1], can=words.can(yours))


def _moment(ctx: Context, said: Order) -> datetime | None:
    if said.unclear_time:
        raise Refused(words.BAD_TIME.format(said=said.unclear_time))
    if said.at is None:
        return None
    at = said.at.replace(tzinfo=ctx.zone)
    if at <= ctx.now:
        raise Refused(words.PAST.format(at=words.moment(at, ctx.today)))
    if at - ctx.now > FARTHEST:
        raise Refused(words.TOO_FAR.format(days=FARTHEST.days))
    return at


def _row(ctx: Context, said: Order, at: datetime | None, *, with_file: bool) -> NoticeRow:
    content, name = files.taken(ctx) if with_file else (None, None)
    if with_file and content is None:
        raise Refused(words.NO_FILE.format(minutes=minutes(ctx)))
    if content is not None and files.is_personal(content):
        raise Refused(words.PERSONAL_FILE)
    if not said.body and content is None:
        raise Refused(words.NO_BODY)
    if len(said.body) > MOST_SIGNS:
        raise Refused(words.TOO_LONG.format(length=len(said.body), most=MOST_SIGNS))
    if _ID_NUMBER.search(said.body):
        raise Refused(words.IDENTITY)
    return NoticeRow(
        ref=ctx.uow.next_ref("T"),
        chat=ctx.incoming.chat,
        unit=ctx.unit,
        sender=ctx.incoming.sender,
        by=ctx.name[:64],
        level=said.level,
        body=said.body,
        file=content,
        file_name=name,
        state="draft",
        written_at=ctx.now,
        send_at=at,
    )


def _keep(ctx: Context, row: NoticeRow, wanted: Sequence[Group]) -> None:
    session = ctx.uow.session
    session.add(row)
    session.add_all(NoticeGroup(ref=row.ref, chat=one.chat, unit=one.unit, confirmed_by="") for one in wanted)
    if row.file is not None:
        files.drop(ctx)
    session.flush()
    audit(ctx, "notice.write", row.ref, groups=len(wanted))


def _next(ctx: Context, row: NoticeRow, wanted: Sequence[Group], *, show: bool) -> str:
    if not show:
        return let_go(ctx, row, wanted)
    at = words.moment(row.send_at.astimezone(ctx.zone), ctx.today) if row.send_at else ""
    attached = [f"📎 {row.file_name}"] if row.file_name else []
    text = "\n".join(part for part in (row.body, *attached) if part)
    return words.preview(row.ref, row.level, [one.name for one in wanted], at, text, minutes(ctx))


def let_go(ctx: Context, row: NoticeRow, wanted: Sequence[Group]) -> str:
    """Send it, or put it down for its time."""
    names = [one.name for one in wanted]
    if row.send_at is not None and row.send_at > ctx.now:
        row.state = "planned"
        return words.planned(row.ref, row.level, names, words.moment(row.send_at.astimezone(ctx.zone), ctx.today))
    row.state = "sent"
    for one in letters(row, [group.chat for group in wanted], rules(ctx).spread):
        ctx.notices.append(
            Notice(
                one.chat,
                one.content,
                notices.PURPOSE,
                "group",
                one.form,
                one.media,
                one.file_name,
                one.delay,
            )
        )
    mark_sent(row, ctx.now)
    audit(ctx, "notice.send", row.ref)
    return words.sent(row.ref, row.level, names, words.wait(rules(ctx).remind_after / timedelta(hours=1)))


def minutes(ctx: Context) -> int:
    """How long a preview waits, in minutes."""
    return rules(ctx).confirm_within // timedelta(minutes=1)
