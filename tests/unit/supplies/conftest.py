"""A session on an empty database."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from tests.support.databases import Database


@pytest.fixture
def session(sqlite: Database) -> Iterator[Session]:
    with Session(sqlite.engine(), autoflush=False, expire_on_commit=False) as opened:
        yield opened
