"""Text → records. Pure: no I/O but its own data files, no clock, no configuration."""

from handlers.language.completing import complete
from handlers.language.read import read, warm_up
from handlers.language.types import Message, Question, Reading, Record, Span

__all__ = ["Message", "Question", "Reading", "Record", "Span", "complete", "read", "warm_up"]
