"""Alembic's environment: runs on the connection that `storage.migrate` hands over."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import DateTime
from sqlalchemy.types import TypeDecorator

from storage.schema import METADATA


def plain(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write our column types into a migration as what the database knows: a migration must outlive our classes."""
    if kind == "type" and isinstance(item, TypeDecorator) and type(item).__module__ == "storage.types":
        return "sa.DateTime()" if isinstance(item.impl_instance, DateTime) else "sa.LargeBinary()"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=plain,
)
with context.begin_transaction():
    context.run_migrations()
