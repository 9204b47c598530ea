"""巡查: rounds, when they are due, what they find and what becomes of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.context import Context
from bot.router import Router
from handlers import texts
from handlers.patrols import findings, pictures, plans, rounds
from storage.patrols import Plans, Rounds

router = Router("patrol")


@router.record("patrol", needs={Plans: lambda ctx, _records: [ctx.incoming.chat], Rounds: rounds.round_keys})
def patrol(ctx: Context, records: Sequence[Any]) -> str:
    """Keep each round with what it found; close the due ones."""
    alone = len(ctx.reading.records) == 1
    return texts.joined([line for record in records for line in rounds.report(ctx, record, alone=alone)])


@router.command("patrol_plan")
def plan(ctx: Context, command: Mapping[str, Any]) -> str:
    """巡查 每2小时 22:00-6:00 红石坎村卡口."""
    return plans.make(ctx, command)


@router.command("patrol_stop")
def stop(ctx: Context, command: Mapping[str, Any]) -> str:
    """巡查 停."""
    return plans.stop(ctx, command)


@router.command("patrol_plans")
def plans_(ctx: Context, _command: Mapping[str, Any]) -> str:
    """巡查计划."""
    return plans.show(ctx)


@router.command("patrol_board")
def board(ctx: Context, command: Mapping[str, Any]) -> str:
    """/巡查."""
    return plans.board(ctx, command)


@router.command("findings")
def open_findings(ctx: Context, command: Mapping[str, Any]) -> str:
    """/问题."""
    return findings.listing(ctx, command.get("state", ""))


@router.command("finding_assign")
def assign(ctx: Context, command: Mapping[str, Any]) -> str:
    """指派 P12 张三."""
    return findings.take(ctx, command, "assign")


@router.command("finding_claim")
def claim(ctx: Context, command: Mapping[str, Any]) -> str:
    """P12 我来改."""
    return findings.take(ctx, {**command, "person": ctx.name}, "assign")


@router.command("finding_fix")
def fix(ctx: Context, command: Mapping[str, Any]) -> str:
    """P12 已整改."""
    return findings.take(ctx, command, "fix")


@router.command("finding_pass")
def pass_(ctx: Context, command: Mapping[str, Any]) -> str:
    """P12 复查通过."""
    return findings.take(ctx, command, "pass")


@router.command("finding_fail")
def fail(ctx: Context, command: Mapping[str, Any]) -> str:
    """P12 复查不通过."""
    return findings.take(ctx, command, "fail")


@router.command("finding_reopen")
def reopen(ctx: Context, command: Mapping[str, Any]) -> str:
    """P12 重开."""
    return findings.take(ctx, command, "reopen")


@router.command("finding_show")
def show(ctx: Context, command: Mapping[str, Any]) -> str:
    """P12."""
    return findings.show(ctx, command)


@router.command("finding_other")
def advise(ctx: Context, command: Mapping[str, Any]) -> str | None:
    """Words about a finding that are none of these."""
    return findings.advise(ctx, command)


@router.otherwise
def picture(ctx: Context, reading: Any) -> str | None:
    """A picture right after a finding."""
    return pictures.receive(ctx, reading)
