"""`kakou parse --explain`: what was read from which words, and what was rejected and why, in colour on a terminal."""

from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from handlers.language.cli import message_of, parse_line
from handlers.language.evidence import KIND
from handlers.language.form_book import FormBook
from handlers.language.form_spec import Entry
from handlers.language.read import read
from handlers.language.sources import WHOLE
from handlers.language.types import Reading, Record

_COLOURS = ("cyan", "green", "magenta", "yellow", "blue", "red", "bright_cyan", "bright_green", "bright_magenta")


def explain_line(line: str, out: TextIO, forms: FormBook | None = None) -> None:
    """Explain one input line of the contract on `out`; `forms` as for `run`."""
    console = Console(file=out, highlight=False, soft_wrap=True)
    given = parse_line(line)
    message = given if isinstance(given, str) else message_of(given, forms)
    if isinstance(message, str):
        console.print(Text(message, style="bold red"))
        return
    reading = read(message)
    console.rule(str(given.get("id", "")) if isinstance(given, dict) else "")
    console.print(Text(message.text, style="dim"))
    for record in reading.records:
        console.print(_marked(reading.text, record))
        console.print(_table(reading.text, record))
        for entry in record.entries:
            console.print(_entry(reading.text, entry))
    _print_rest(console, reading)


def _marked(text: str, record: Record) -> Text:
    """The text with the words of each field in the field's colour."""
    marked = Text(text)
    for index, (name, (start, end)) in enumerate(record.sources.items()):
        if name != WHOLE:
            marked.stylize(f"bold {_COLOURS[index % len(_COLOURS)]}", start, end)
    return marked


def _table(text: str, record: Record) -> Table:
    table = Table(title=f"{record.kind}  可信度 {record.confidence:.2f}", title_justify="left")
    for heading in ("字段", "值", "依据"):
        table.add_column(heading)
    if KIND in record.sources:
        start, end = record.sources[KIND]
        table.add_row("类别", record.kind, text[start:end])
    for name, value in record.fields.items():
        span = record.sources.get(name)
        table.add_row(name, str(value), text[span[0] : span[1]] if span else "推定或编码")
    for problem in record.problems:
        table.add_row("问题", problem, "", style="red")
    return table


def _entry(text: str, entry: Entry) -> Table:
    table = Table(title=f"表单 {entry.form}  {text[entry.start : entry.end]!r}", title_justify="left")
    for heading in ("字段", "值"):
        table.add_column(heading)
    for key, value in entry.as_json().items():
        table.add_row(key, str(value), style="red" if key in ("_missing", "_problems") else None)
    return table


def _print_rest(console: Console, reading: Reading) -> None:
    if reading.command:
        console.print(Text(f"指令 {dict(reading.command)}", style="bold green"))
    if not reading.records and not reading.command:
        console.print(Text("没有记录", style="yellow"))
    for note in reading.notes:
        console.print(Text(f"未采用: {note}", style="yellow"))
    if reading.question:
        console.print(Text(f"要问: {reading.question.kind} 的 {reading.question.field}", style="bold yellow"))
