"""Text → records. Pure: no I/O but its own data files, no clock, no configuration."""

from handlers.language.read import read
from handlers.language.types import Message, Question, Reading, Record, Span

__all__ = ["Message", "Question", "Reading", "Record", "Span", "read"]
