"""The command line. Each command imports what it needs when it runs: `kakou parse` must answer at once."""

import gc
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    import asyncio

T = TypeVar("T")
KINDS = (
    (
        "check_in",
        "check_out",
        "work",
        "patrol",
        "returnee",
        "health",
        "verification",
        "sign_up",
        "withdraw",
        "call_up",
        "leave",
    )
    + ("enterprise", "supply", "undo", "correction", "repeat", "inbox", "outbox", "slots", "findings", "rounds")
    + ("enterprises", "supply_lines", "supply_shares", "gate", "passes", "departures")
)
FORM = "form:"
"""Before the name of a form where its entries are exported."""
DEFAULT_CONFIG = Path("config.toml")


class _ExportKind(click.Choice[str]):
    """A kind of record, a book, or `form:` and the name of a form, which the configuration knows."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The kind itself."""
        return value if value.startswith(FORM) else super().convert(value, param, ctx)


config_option = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    default=DEFAULT_CONFIG,
    show_default=True,
    help="Configuration file.",
)


@contextmanager
def _clear_errors() -> Iterator[None]:
    """Known faults become one clear line each on standard error and status 2; no traceback."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    from bot.errors import ConfigError  # noqa: PLC0415
    from storage.crypto import SealError  # noqa: PLC0415

    try:
        yield
    except ConfigError as error:
        for problem in error.problems:
            click.echo(problem, err=True)
        sys.exit(2)
    except SealError as error:
        _fail(f"storage.key: {error}")
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        _fail(f"storage.url: the database does not work: {str(cause).splitlines()[0]}")
    except OSError as error:
        _fail(str(error))


def _fail(sentence: str) -> None:
    click.echo(sentence, err=True)
    sys.exit(2)


def _load(path: Path) -> Any:
    from bot.config import load  # noqa: PLC0415

    return load(path, os.environ)


def _own_forms(folder: str) -> Any:
    """The forms that come with the program and those in a folder. Ends with a line for each mistake in them."""
    from handlers.forms.loading import configured  # noqa: PLC0415
    from handlers.language.form_book import book_of  # noqa: PLC0415

    forms, problems = configured(folder)
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        sys.exit(2)
    return book_of(forms)


def _check_supplies(config: Any) -> None:
    from bot.app import supply_rules_of  # noqa: PLC0415

    supply_rules_of(config)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kakou")
def main() -> None:
    """Kakou: a duty, returnee and reporting bot for 企业微信 work groups."""


@main.command()
@config_option
def serve(config_path: Path) -> None:
    """Run the bot."""
    gc.disable()
    from bot import log  # noqa: PLC0415

    with _clear_errors():
        config = _load(config_path)
        log.configure(os.environ.get("KAKOU_LOG", "info"))
        from bot.app import Service, run  # noqa: PLC0415

        service = Service(config)
        _run(_until_signal(lambda stop: run(service, stop, lambda: _listening(service))))


YOUNG_OBJECTS = 50_000
"""So many new objects before the collector looks: an answer about a district makes some ten thousand, and nearly all of
them go by themselves.
"""


def loaded() -> None:
    """What a start has made stays: the collector rested meanwhile and need never look at it again."""
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)
    gc.enable()


def _listening(service: Any) -> None:
    service.warming.add_done_callback(lambda _: loaded())
    click.echo(f"Kakou listens on http://{service.config.server.host}:{service.port}", err=True)


def _run(work: Coroutine[Any, Any, T]) -> T:
    import asyncio  # noqa: PLC0415  (`kakou parse` does without)

    return asyncio.run(work)


async def _until_signal(work: Callable[["asyncio.Event"], Any]) -> None:
    import asyncio  # noqa: PLC0415

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await work(stop)


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="Port of the page.")
@click.option(
    "--data",
    "data_dir",
    type=click.Path(path_type=Path),
    default=Path("data/sandbox"),
    show_default=True,
    help="Data folder.",
)
@click.option(
    "--play",
    "play_path",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Play a JSON Lines file and end.",
)
@click.option("--at", type=click.DateTime(["%Y-%m-%dT%H:%M"]), help="Where the clock begins; now if left out.")
def sandbox(port: int, data_dir: Path, play_path: Path | None, at: Any) -> None:
    """Run the bot beside a local WeCom, with a page at /sandbox."""
    from bot import log, trial  # noqa: PLC0415

    with _clear_errors():
        log.configure(os.environ.get("KAKOU_LOG", "error" if play_path else "info"))
        if play_path is not None:
            sys.exit(_run(trial.play_file(play_path, port, data_dir)))
        _run(_until_signal(lambda stop: trial.run_sandbox(port, data_dir, stop, at)))


@main.command()
@click.option("--explain", is_flag=True, help="Show what was read from which words, and what was rejected and why.")
@click.option("--forms", "folder", type=click.Path(file_okay=False), help="A folder of own forms, to try them.")
def parse(explain: bool, folder: str | None) -> None:  # noqa: FBT001  (a flag)
    """Read messages as JSON Lines on standard input, write what they mean on standard output."""
    gc.disable()
    from handlers.language.cli import run  # noqa: PLC0415

    loaded()
    run(sys.stdin, sys.stdout, explain, _own_forms(folder) if folder else None)


@main.command("check-config")
@config_option
def check_config(config_path: Path) -> None:
    """Check a configuration and report every mistake at once."""
    with _clear_errors():
        config = _load(config_path)
        _own_forms(config.forms.folder)
        _check_supplies(config)
        counts = f"{len(config.channels)} channels, {len(config.groups)} groups, {len(config.reports)} reports"
        for said in config.warnings:
            click.echo(f"{config_path}: ! {said}")
        click.echo(f"{config_path}: {counts}: fine")


@main.group()
def forms() -> None:
    """Check and list forms (docs/forms.md)."""


@forms.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@config_option
def forms_check(paths: tuple[Path, ...], config_path: Path) -> None:
    """Name every mistake in form files, each at its line. PATHS are files or folders; without them the folder of
    the configuration.
    """
    from bot import form_files  # noqa: PLC0415

    with _clear_errors():
        where = paths or tuple(Path(each) for each in (_load(config_path).forms.folder,) if each)
        if not where:
            _fail(f"{config_path}: forms.folder is empty; expected a folder, or files after `kakou forms check`")
        found, problems = form_files.check(where)
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        sys.exit(1)
    click.echo(f"{len(found)} forms: fine")


@forms.command("list")
@config_option
def forms_list(config_path: Path) -> None:
    """List the forms that come with the program and those of the configuration's folder, if there is one."""
    from bot import form_files  # noqa: PLC0415

    with _clear_errors():
        there = config_path.exists() or config_path != DEFAULT_CONFIG
        lines, problems = form_files.listing(_load(config_path).forms.folder if there else "")
    for line in ("\t".join(form_files.HEADING), *lines):
        click.echo(line)
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        sys.exit(1)


@main.command()
@config_option
def migrate(config_path: Path) -> None:
    """Bring the database to the newest schema."""
    from bot import operations  # noqa: PLC0415

    with _clear_errors(), operations.database(_load(config_path), writing=True) as books:
        click.echo(f"schema {operations.upgrade(books)}")


@main.command()
@click.argument("kind", type=_ExportKind(KINDS))
@click.option("--format", "form", type=click.Choice(("jsonl", "csv", "xlsx")), default="jsonl", show_default=True)
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="First day.")
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help="Last day.")
@click.option("--unit", help="A unit's path; everything below it is included.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="A file instead of standard output.")
@config_option
def export(
    kind: str, form: str, first: Any, last: Any, unit: str | None, output: Path | None, config_path: Path
) -> None:
    """Write the records of KIND, or the entries of a form (form:antigen), unmasked: keep the file safe."""
    from bot import operations  # noqa: PLC0415

    if form == "xlsx" and output is None and sys.stdout.isatty():
        _fail("--output: a workbook does not go to a terminal; name a file")
    with _clear_errors(), operations.database(_load(config_path)) as books:
        span = operations.Span(_day(first), _day(last), unit)
        count = operations.export(books, kind, form, span, output, sys.stdout)
        click.echo(f"{count} rows", err=True)


@main.command("certificates")
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="First day.")
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help="Last day.")
@click.option("--unit", help="A unit's path; everything below it is included.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The workbook.")
@config_option
def certificates_(first: Any, last: Any, unit: str | None, output: Path, config_path: Path) -> None:
    """Write what certificates of service state, one line for each volunteer: keep the file safe."""
    from bot import certifying, operations  # noqa: PLC0415

    with _clear_errors(), operations.database(_load(config_path)) as books:
        count = certifying.write(books, operations.Span(_day(first), _day(last), unit), output)
        click.echo(f"{count} people", err=True)


def _day(moment: Any) -> date | None:
    return moment.date() if moment else None


@main.group("import")
def import_() -> None:
    """Take registrations, or the organisation, over from a file."""


@import_.command("returnees")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--apply", is_flag=True, help="Write them; without it the file is only read, and what would happen is shown."
)
@click.option(
    "--unit", help="Whose cases they are, such as 平谷区/金海湖镇; needed where several groups are configured."
)
@config_option
def import_returnees(file: Path, apply: bool, unit: str | None, config_path: Path) -> None:  # noqa: FBT001  (a flag)
    """Register the people of a workbook FILE.xlsx; those who are registered already are left alone."""
    from bot import importing  # noqa: PLC0415
    from bot.errors import ConfigError  # noqa: PLC0415

    with _clear_errors():
        config = _load(config_path)
        try:
            done = importing.returnees(config, file, unit, apply=apply)
        except importing.Refused as refused:
            raise ConfigError([f"{file}: {refused}"]) from None
        for line in done.lines:
            click.echo(line)


def _import_table(kind: str, help_: str) -> None:
    """The command that takes units, people or posts over from a workbook or a CSV file."""

    @import_.command(kind, help=help_)
    @click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
    @click.option("--apply", is_flag=True, help="Write them; without it what would happen is only shown.")
    @config_option
    def run(file: Path, apply: bool, config_path: Path) -> None:  # noqa: FBT001  (a flag)
        from bot import importing_org  # noqa: PLC0415
        from bot.errors import ConfigError  # noqa: PLC0415

        with _clear_errors():
            try:
                lines = importing_org.run(_load(config_path), kind, file, apply=apply)
            except importing_org.Refused as refused:
                raise ConfigError([str(refused)]) from None
            for line in lines:
                click.echo(line)


_import_table("units", "Take the tree of units over from FILE (xlsx or csv): 名称, 上级 or 路径, 类型, 级别.")
_import_table(
    "people", "Take volunteers over from FILE (xlsx or csv): 姓名, 单位 or 队伍, 电话, 编号, 特长, 账号, 角色."
)
_import_table("posts", "Take posts over from FILE (xlsx or csv): 点位, 单位, 负责人, 时间, 人数, 风险.")
_import_table("enterprises", "Take companies to be asked over from FILE (xlsx or csv): 企业, 所属单位, 联系人, 电话.")


@main.command()
@click.argument("name")
@click.option("--now", is_flag=True, required=True, help="For this very moment, outside its plan.")
@click.option("--chat", help="Only for this group.")
@config_option
def report(name: str, now: bool, chat: str | None, config_path: Path) -> None:  # noqa: ARG001, FBT001  (a flag that must be given)
    """Post report NAME now; it is sent by this process."""
    from bot import log, operations  # noqa: PLC0415

    log.configure(os.environ.get("KAKOU_LOG", "error"))
    with _clear_errors():
        written, lines = _run(operations.report_now(_load(config_path), name, chat))
        for line in lines:
            click.echo(line, err=True)
        if not written:
            sys.exit(1)


@main.command()
@click.option("--retry", type=int, help="Send the dead message of this number again.")
@config_option
def dead(retry: int | None, config_path: Path) -> None:
    """List messages that will not be sent, or send one again."""
    from bot import operations  # noqa: PLC0415

    with _clear_errors(), operations.database(_load(config_path), writing=retry is not None) as books:
        if retry is not None:
            if not operations.revive(books, retry):
                _fail(f"--retry: there is no dead message {retry}")
            click.echo(f"{retry} will be sent by the running bot")
            return
        for line in operations.dead(books):
            click.echo(line)


@main.command()
@click.option(
    "--unread", is_flag=True, help="Messages in which nothing was read, too: a better parser may read them now."
)
@config_option
def replay(unread: bool, config_path: Path) -> None:  # noqa: FBT001  (a flag)
    """Decide again the messages whose handlers failed. Stop the bot first where it runs on SQLite."""
    from bot import log, operations  # noqa: PLC0415

    log.configure(os.environ.get("KAKOU_LOG", "error"))
    with _clear_errors():
        for line in _run(operations.replay(_load(config_path), unread=unread)):
            click.echo(line)


@main.group()
def keys() -> None:
    """Keys of the personal fields."""


@keys.command("new")
def keys_new() -> None:
    """Print a new key for `storage.key`."""
    from storage.crypto import new_key  # noqa: PLC0415

    click.echo(new_key())


@keys.command("rotate")
@config_option
def keys_rotate(config_path: Path) -> None:
    """Seal everything with the newest key; afterwards `storage.retired_keys` may be emptied."""
    from bot import operations  # noqa: PLC0415

    with _clear_errors(), operations.database(_load(config_path), writing=True) as books:
        click.echo(f"{operations.rotate(books)} rows were sealed anew")


@main.command()
@click.option("--rebuild", is_flag=True, help="Make the daily figures anew from the records.")
@config_option
def doctor(rebuild: bool, config_path: Path) -> None:  # noqa: FBT001  (a flag)
    """Check the installation and the books; say what to do about what is wrong."""
    from bot import operations  # noqa: PLC0415

    with _clear_errors():
        config = _load(config_path)
        with operations.database(config) as books:
            findings = operations.doctor(books)
        with operations.database(config, writing=True) as books, _progress("重算") as step:
            findings.append(operations.settle_daily(books, rebuild=rebuild, progress=step))
        with operations.database(config) as books, _progress("核对") as step:
            findings.append(operations.doctor_daily(books, step))
        for finding in filter(None, findings):
            click.echo(finding)
        if any(finding.startswith("✗") for finding in findings):
            sys.exit(1)


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, nothing elsewhere."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


if __name__ == "__main__":
    main()
