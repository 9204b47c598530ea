"""Rows that are written past the ORM are what the ORM would have written: values, defaults, seals, dirty days."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Engine, LargeBinary, Table, UniqueConstraint, func, select, type_coerce
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from storage import keys, schema
from storage.bulk import insert_rows
from storage.fresh import fresh
from storage.tables import Account, Base, Chat, Duty, Inbox, RecordRow, Returnee
from storage.tables_daily import DailyDirty
from storage.types import Moment, SealedJSON, SealedText
from storage.unit_of_work import PLAIN, UnitOfWork
from storage.upsert import insert_missing
from tests.storage import rows
from tests.support.databases import Database

Row = Mapping[str, Any]
MODELS = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
NUMBERED = {"id", "_sentinel"}
PLACES = st.sampled_from(["", "平谷区", "平谷区/金海湖镇"])
ONE_DATABASE = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
"""All examples share the fixture's database; each rolls back what it wrote."""


def text(most: int) -> st.SearchStrategy[str]:
    letters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    return st.text(letters, max_size=min(most, 12))


def values(column: Column[Any]) -> st.SearchStrategy[Any]:
    """What a column may hold, None where it may be left open."""
    json = st.dictionaries(text(5), st.none() | st.booleans() | st.integers(-9, 9) | text(5), max_size=2)
    moments = st.datetimes(datetime(2019, 1, 1), datetime(2021, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
    kind = column.type
    if isinstance(kind, SealedText):
        found: st.SearchStrategy[Any] = text(20)
    elif isinstance(kind, SealedJSON):
        found = json
    elif isinstance(kind, Moment):
        found = moments
    else:
        found = {
            str: text(getattr(kind, "length", None) or 12),
            int: st.integers(-(2**31), 2**31 - 1),
            float: st.floats(allow_nan=False, allow_infinity=False, width=32),
            bool: st.booleans(),
            date: st.dates(date(2019, 1, 1), date(2021, 1, 1)),
            dict: st.lists(json, max_size=2),
        }[kind.python_type]
    return found | st.none() if column.nullable or column.default is not None else found


def alone(table: Table) -> set[str]:
    """Columns in which no two rows may be the same."""
    unique = {column.name for column in table.columns if column.unique}
    unique |= {
        column.name for rule in table.constraints if isinstance(rule, UniqueConstraint) for column in rule.columns
    }
    return (unique | {column.name for column in table.primary_key.columns}) - NUMBERED


@st.composite
def some_rows(draw: st.DrawFn, table: Table) -> list[dict[str, Any]]:
    """Rows of a table; what has a default or may be empty is given in some of them."""
    made = []
    for number in range(draw(st.integers(1, 4))):
        row: dict[str, Any] = {}
        for column in table.columns:
            optional = column.nullable or column.default is not None
            if column.name in NUMBERED or (optional and draw(st.booleans())):
                continue
            row[column.name] = draw(PLACES if column.name in {"unit", "chat"} else values(column))
        made.append(row | {name: f"{name}{number}" for name in alone(table)})
    return made


def written(session: Session, model: Any) -> list[dict[str, Any]]:
    """All rows as the ORM reads them, in the order in which they were written."""
    session.expunge_all()
    columns = [column for column in model.__table__.columns if column.name not in NUMBERED]
    order = model.__table__.c.get("id", next(iter(model.__table__.primary_key.columns)))
    return [dict(row._mapping) for row in session.execute(select(*columns).order_by(order))]


def outcome(engine: Engine, model: Any, made: Sequence[Row], *, how: str, finish: bool) -> tuple[Any, Any]:
    """(rows, dirty days) after objects were made and added in one way or the other; nothing stays."""
    with Session(engine, autoflush=False, expire_on_commit=False) as session:
        uow = UnitOfWork(session)
        session.add_all(fresh(model, **row) if how == "fresh" else model(**row) for row in made)
        if finish:
            uow.finish()
        else:
            uow.flush()
        found = written(session, model), {(row.place, row.day) for row in session.scalars(select(DailyDirty))}
        session.rollback()
        return found


@pytest.mark.parametrize("name", sorted(PLAIN))
@ONE_DATABASE
@given(data=st.data())
def test_the_end_of_a_batch_writes_what_the_orm_writes(engine: Engine, name: str, data: st.DataObject) -> None:
    made = data.draw(some_rows(Base.metadata.tables[name]))
    model = MODELS[name]
    plain = outcome(engine, model, made, how="made", finish=False)
    for how, finish in (("made", True), ("fresh", True), ("fresh", False)):
        assert outcome(engine, model, made, how=how, finish=finish) == plain


def test_a_fresh_object_has_what_the_constructor_gives_it() -> None:
    told = {"in_ref": "C1", "chat": "g1", "person": "李娜", "state": "open"}
    one, other = fresh(Duty, **told), Duty(**told)
    other_says = {name: getattr(other, name) for name in Base.metadata.tables["duties"].columns.keys()}  # noqa: SIM118
    assert {name: getattr(one, name) for name in other_says} == other_says
    with pytest.raises(TypeError, match="Duty has no persom"):
        fresh(Duty, persom="李娜")


def test_nothing_points_to_the_plain_tables_and_none_has_a_default_that_is_worked_out() -> None:
    assert set(MODELS) >= PLAIN
    for name in PLAIN:
        table = Base.metadata.tables[name]
        assert all(c.default is None or c.default.is_scalar or c.default.is_sentinel for c in table.columns), name
        assert all(c.server_default is None and c.onupdate is None for c in table.columns), name
        assert all(c.key == c.name for c in table.columns), name
    pointed = {key.column.table.name for table in Base.metadata.tables.values() for key in table.foreign_keys}
    assert not pointed & PLAIN


def test_what_is_sealed_is_sealed_at_the_end_of_a_batch_too(database: Database) -> None:
    with Session(database.engine(), autoflush=False) as session:
        uow = UnitOfWork(session)
        session.add(Returnee(**rows.returnee("R1")))
        session.add(Account(user_id="lina", name="李娜", source="self", seen_at=rows.NOW))
        uow.finish()
        for table, column in ((Returnee, "name"), (Returnee, "phone"), (Returnee, "details"), (Account, "name")):
            raw = session.scalar(select(type_coerce(getattr(table, column), LargeBinary)))
            assert bytes(raw or b"").startswith(database.ring.head), column
        assert session.scalars(select(Returnee.phone)).all() == ["13800012345"]


def test_what_changes_and_what_is_new_are_written_together(session: Session) -> None:
    session.add(Chat(chat="g1", channel="main", chat_type="group", unit="", bound_by="", seen_at=rows.NOW))
    UnitOfWork(session).finish()
    session.commit()
    known = session.scalars(select(Chat)).one()
    uow = UnitOfWork(session)
    known.unit = "平谷区"
    session.add(Chat(chat="g2", channel="main", chat_type="group", unit="密云区", bound_by="", seen_at=rows.NOW))
    uow.insert(RecordRow, **rows.record("C1"))
    uow.finish()
    session.commit()
    assert dict(session.execute(select(Chat.chat, Chat.unit)).tuples().all()) == {"g1": "平谷区", "g2": "密云区"}
    assert session.scalar(select(func.count(RecordRow.id))) == 1


def test_a_key_that_is_taken_fails_the_batch_and_nothing_of_it_stays(session: Session) -> None:
    session.add(Account(user_id="lina", name="李娜", source="self", seen_at=rows.NOW))
    UnitOfWork(session).finish()
    uow = UnitOfWork(session)
    uow.insert(Inbox, **rows.inbox("m1"))
    nested = session.begin_nested()
    session.add(Account(user_id="lina", name="李小娜", source="self", seen_at=rows.NOW))
    with pytest.raises(IntegrityError):
        uow.finish()
    nested.rollback()
    session.expunge_all()
    assert session.scalars(select(Account.name)).all() == ["李娜"]
    assert session.scalar(select(func.count(Inbox.id))) == 0


def test_rows_of_one_table_may_give_different_columns(session: Session) -> None:
    """A column that some rows leave out keeps what the others give, and has its default there."""
    whole, short = rows.record("C1", state="undone", history=[{"old": 1}]), rows.record("C2")
    del short["state"], short["history"]
    uow = UnitOfWork(session)
    for row in (short, whole, {**short, "ref": "C3"}):
        uow.insert(RecordRow, **row)
    uow.flush()
    found = session.execute(select(RecordRow.ref, RecordRow.state, RecordRow.history).order_by(RecordRow.id)).all()
    assert [tuple(row) for row in found] == [
        ("C2", "active", None),
        ("C1", "undone", [{"old": 1}]),
        ("C3", "active", None),
    ]


def test_only_missing_rows_are_inserted_and_none_of_no_rows(session: Session) -> None:
    insert_rows(session, Inbox, [])
    insert_missing(session, Inbox, [])
    insert_rows(session, Inbox, [rows.inbox("m1", outcome="check_in")])
    insert_missing(session, Inbox, [rows.inbox("m1"), rows.inbox("m2")])
    assert dict(session.execute(select(Inbox.key, Inbox.outcome)).tuples().all()) == {"m1": "check_in", "m2": ""}


def test_what_is_imported_without_a_chat_makes_its_unit_dirty(session: Session) -> None:
    for number, (unit, chat) in enumerate((("平谷区", ""), ("", "g1"), ("", ""))):
        session.add(Returnee(**rows.returnee(f"R{number}", unit=unit, chat=chat)))
    UnitOfWork(session).flush()
    assert {row.place for row in session.scalars(select(DailyDirty))} == {"平谷区", "@g1"}


def test_every_sealed_table_is_known_where_keys_are_changed() -> None:
    """`storage.keys` goes by the whole schema: a table that is not in it would keep its old key."""
    assert keys.METADATA is schema.METADATA
    sealed = {model.__tablename__ for model in MODELS.values() if keys.sealed_columns(model.__table__)}
    assert sealed <= schema.METADATA.tables.keys()


def test_periods_are_objects_of_the_batch_until_its_end(session: Session) -> None:
    """What a handler has added and changed before the end is written as it stands then."""
    uow = UnitOfWork(session)
    period = Duty(chat="g1", unit="平谷区", person="李娜", day=rows.DAY, state="open")
    session.add(period)
    period.state, period.hours = "closed", 3.5
    uow.finish()
    assert period not in session
    assert session.execute(select(Duty.state, Duty.hours, Duty.unnamed)).one() == ("closed", 3.5, 0)


@pytest.mark.parametrize("count", [1, 2, 3, 63, 64, 65, 200])
def test_any_number_of_rows_is_written_once_and_in_order(session: Session, count: int) -> None:
    insert_rows(session, Inbox, [rows.inbox(f"m{number}") for number in range(count)])
    assert session.scalars(select(Inbox.key).order_by(Inbox.id)).all() == [f"m{number}" for number in range(count)]
