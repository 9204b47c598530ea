"""Forms as files: how they are loaded, checked and found."""

from handlers.forms.loading import folder, load, shipped
from handlers.forms.problems import Problem

__all__ = ["Problem", "folder", "load", "shipped"]
