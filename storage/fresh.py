"""New objects for rows, made at once. The ORM's constructor sets one attribute after the other and notes that each has
changed, which only matters for what the database knows already; a batch makes hundreds.
"""

from functools import cache
from typing import Any, TypeVar

from sqlalchemy.orm import class_mapper
from sqlalchemy.orm.attributes import manager_of_class

from storage.tables import Base

T = TypeVar("T", bound=Base)


def fresh(table: type[T], **values: Any) -> T:
    """A new object of a mapped class with these columns, as `table(**values)` makes it. Raises TypeError for a column
    that it does not have.
    """
    if not values.keys() <= _columns(table):
        raise TypeError(f"{table.__name__} has no {', '.join(sorted(values.keys() - _columns(table)))}")
    made: T = manager_of_class(table).new_instance()
    vars(made).update(values)
    return made


@cache
def _columns(table: type[Base]) -> frozenset[str]:
    return frozenset(column.key for column in class_mapper(table).column_attrs)
