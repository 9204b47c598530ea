import base64
import os
import sqlite3
import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, insert, select, text
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from storage import keys
from storage.crypto import KEY_BYTES, Keyring, SealError, decode_key, new_key
from storage.tables import Base, Inbox, Returnee
from storage.types import Moment, SealedBytes, SealedJSON, SealedText
from tests.storage import rows
from tests.support.databases import Database, in_transaction

OLD, NEW, OTHER = bytes(range(32)), bytes(range(1, 33)), bytes(range(2, 34))
SECRETS = ["赵小满", "13800012345", "110101199003070011", "花园小区3号楼", "response-code-xyz", "体温37.9"]


def fill(session: Session, ring: Keyring) -> None:
    """One row in every table, with personal data in every sealed column."""
    for mapper in Base.registry.mappers:
        session.execute(insert(mapper.class_), [specimen(mapper.local_table, ring)])


def specimen(table: Table, ring: Keyring) -> dict[str, Any]:
    values = {column.name: _value(column.type) for column in table.columns}
    hashes = keys.HASHES.get(table.name, {}).items()
    return {**values, **{column: ring.hash(values[source]) for column, source in hashes}}


def _value(kind: TypeEngine[Any]) -> Any:
    if isinstance(kind, SealedJSON):
        return {"said": SECRETS}
    if isinstance(kind, SealedBytes):
        return " ".join(SECRETS).encode()
    if isinstance(kind, SealedText):
        return SECRETS[0]
    if isinstance(kind, Moment):
        return rows.NOW
    plain = {bytes: b"", bool: False, int: 1, float: 1.0, date: rows.DAY, dict: {}}
    plain[str] = "plain"[: getattr(kind, "length", None)]
    return plain[kind.python_type]


def forms(secret: str) -> list[bytes]:
    return [secret.encode(), secret.encode("utf-16-le"), base64.b64encode(secret.encode())[:-4]]


def test_nothing_personal_is_in_the_files(sqlite: Database) -> None:
    engine = sqlite.engine()
    in_transaction(engine, lambda session: fill(session, sqlite.ring))
    folder = Path(engine.url.database or "").parent
    files = [file for file in folder.iterdir() if file.name.startswith("kakou.db")]
    assert {file.name for file in files} >= {"kakou.db", "kakou.db-wal"}
    raw = b"".join(file.read_bytes() for file in files)
    assert b"plain" in raw, "what was written is there"
    assert [s for s in SECRETS for form in forms(s) if form in raw] == []


def test_what_was_sealed_is_read_back(database: Database) -> None:
    in_transaction(database.engine(), lambda session: fill(session, database.ring))
    with Session(database.engine(readonly=True)) as session:
        found = session.scalars(select(Returnee)).one()
        assert (found.name, found.details) == (SECRETS[0], {"said": SECRETS})
        assert session.scalars(select(Inbox.body)).one() == " ".join(SECRETS).encode()


def test_every_sealed_column_has_a_context_of_its_own() -> None:
    contexts = [context for table in Base.metadata.sorted_tables for context in keys.sealed_columns(table).values()]
    assert len(contexts) == len(set(contexts)) >= 12


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE returnees SET name = phone",
        "UPDATE returnees SET name = (SELECT person FROM health_reports)",
        "UPDATE returnees SET name = substr(name, 1, length(name) - 1)",
        "UPDATE returnees SET name = substr(name, 1, 9)",
        "UPDATE returnees SET name = substr(name, 1, 0)",
    ],
)
def test_a_swapped_or_cut_value_is_refused(database: Database, damage: str) -> None:
    engine = database.engine()
    in_transaction(engine, lambda session: fill(session, database.ring))
    in_transaction(engine, lambda session: session.execute(text(damage)))
    with Session(engine) as session, pytest.raises(SealError):
        session.scalars(select(Returnee)).all()


def test_a_changed_bit_is_refused(sqlite: Database) -> None:
    in_transaction(sqlite.engine(), lambda session: fill(session, sqlite.ring))
    with sqlite3.connect(sqlite.engine().url.database or "") as raw:
        (value,) = raw.execute("SELECT name FROM returnees").fetchone()
        raw.execute("UPDATE returnees SET name = ?", (value[:-1] + bytes([value[-1] ^ 1]),))
    raw.close()
    with Session(sqlite.engine()) as session, pytest.raises(SealError):
        session.scalars(select(Returnee)).all()


def test_a_missing_key_is_told(database: Database) -> None:
    in_transaction(database.engine(), lambda session: fill(session, database.ring))
    with Session(database.engine(Keyring([OTHER]))) as session, pytest.raises(SealError, match="not configured"):
        session.scalars(select(Returnee)).all()


def test_an_older_key_opens_and_the_newest_seals() -> None:
    both = Keyring([NEW, OLD])
    sealed = Keyring([OLD]).seal(b"x", b"c")
    assert both.open(sealed, b"c") == b"x"
    assert not sealed.startswith(both.head)
    assert both.seal(b"x", b"c").startswith(both.head)
    with pytest.raises(SealError):
        Keyring([OLD]).open(both.seal(b"x", b"c"), b"c")


def test_the_same_value_is_sealed_differently_each_time(keyring: Keyring) -> None:
    assert keyring.seal(b"x", b"c") != keyring.seal(b"x", b"c")


def test_no_nonce_is_given_out_twice(keyring: Keyring) -> None:
    """Not by threads that draw from the same block either, nor at the end of one."""
    found: list[bytes] = []

    def seal() -> None:
        found.extend(keyring.seal(b"x", b"c")[5:17] for _ in range(1200))

    threads = [threading.Thread(target=seal) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 3600


def test_a_process_of_its_own_has_nonces_of_its_own(keyring: Keyring) -> None:
    keyring.seal(b"x", b"c")  # a block has been drawn
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        try:
            os.write(writing, keyring.seal(b"x", b"c")[5:17])
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    told = os.read(reading, 12)
    os.close(reading)
    os.close(writing)
    mine = {keyring.seal(b"x", b"c")[5:17] for _ in range(512)}
    assert len(told) == 12
    assert told not in mine


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("赵小满", " 赵 小满\n", True),
        ("110101199003071x", "110101199003071X", True),
        ("赵小满", "赵小曼", False),
        ("13800012345", "13800012346", False),
    ],
)
def test_a_hash_finds_what_is_the_same(keyring: Keyring, one: str, other: str, same: bool) -> None:  # noqa: FBT001
    assert (keyring.hash(one) == keyring.hash(other)) is same
    assert keyring.hash(one) != Keyring([NEW]).hash(one), "without the key nobody can try names"


@pytest.mark.parametrize("text", ["", "abc", "not base64!", base64.b64encode(bytes(31)).decode()])
def test_a_key_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        decode_key(text)
    with pytest.raises(ValueError):
        Keyring([])


def test_a_new_key_is_a_key() -> None:
    assert len(decode_key(new_key())) == KEY_BYTES
    assert new_key() != new_key()


# -- changing the key ------------------------------------------------------------------------------------------------


def rotated(database: Database, ring: Keyring) -> dict[str, int]:
    with Session(database.engine(ring)) as session:
        return keys.rotate(session, ring)


def readable(database: Database, ring: Keyring) -> bool:
    with Session(database.engine(ring)) as session:
        try:
            for mapper in Base.registry.mappers:
                session.scalars(select(mapper.class_)).all()
        except SealError:
            return False
    return True


def test_a_rotation_seals_everything_anew(database: Database) -> None:
    in_transaction(database.engine(), lambda session: fill(session, database.ring))
    counts = rotated(database, Keyring([NEW, OLD]))
    assert set(counts) >= {"audit", "chains", "health_reports", "inbox", "outbox", "questions", "records", "returnees"}
    assert set(counts.values()) == {1}
    assert readable(database, Keyring([NEW])), "the old key can go"
    assert not readable(database, Keyring([OLD]))
    assert rotated(database, Keyring([NEW, OLD])) == dict.fromkeys(counts, 0), "a second time there is nothing to do"


def test_a_rotation_renews_the_hashes(database: Database) -> None:
    in_transaction(database.engine(), lambda session: fill(session, database.ring))
    ring = Keyring([NEW, OLD])
    rotated(database, ring)
    with Session(database.engine(ring)) as session:
        for table, columns in keys.HASHES.items():
            found = session.execute(select(Base.metadata.tables[table])).mappings().one()
            assert [found[column] for column in columns] == [ring.hash(found[source]) for source in columns.values()]


def test_a_rotation_keeps_what_is_empty(database: Database) -> None:
    work = [rows.returnee("R1", name=None, phone=None)]
    in_transaction(database.engine(), lambda session: session.execute(insert(Returnee), work))
    rotated(database, Keyring([NEW, OLD]))
    with Session(database.engine(Keyring([NEW]))) as session:
        found = session.scalars(select(Returnee)).one()
        assert (found.name, found.name_hash, found.phone, found.phone_hash) == (None, None, None, None)


def test_a_rotation_that_stopped_goes_on(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "CHUNK", 2)
    work = [rows.returnee(f"R{n}", name_hash=database.ring.hash("赵小满")) for n in range(5)]
    in_transaction(database.engine(), lambda session: session.execute(insert(Returnee), work))
    ring = Keyring([NEW, OLD])

    def stop(_table: str, _rows: int) -> None:
        raise KeyboardInterrupt

    with Session(database.engine(ring)) as session, pytest.raises(KeyboardInterrupt):
        keys.rotate(session, ring, stop)
    assert readable(database, ring)
    assert rotated(database, ring)["returnees"] == 3
    with Session(database.engine(ring)) as session:
        hashes = set(session.scalars(select(Returnee.name_hash)))
    assert hashes == {ring.hash("赵小满")}


def test_a_rotation_without_the_old_key_changes_nothing(database: Database) -> None:
    in_transaction(database.engine(), lambda session: fill(session, database.ring))
    with pytest.raises(SealError):
        rotated(database, Keyring([NEW]))
    assert readable(database, Keyring([OLD]))
