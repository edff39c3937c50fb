"""Replicas are replaced one by one: the version before works on, on a database that is newer."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, create_engine, delete, func, insert, inspect, select
from sqlalchemy.types import JSON, Boolean, Date, DateTime, Float, Integer

from clinic.migrating import MIGRATIONS, upgrade
from clinic.storage import open_storage

pytestmark = pytest.mark.postgresql

config = Config()
config.set_main_option("script_location", str(MIGRATIONS))
REVISIONS = [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()][::-1]
BEFORE_OTHERS = [*zip(REVISIONS, REVISIONS[1:], strict=False)]
# Columns that were dropped, which the version before neither read nor wrote.
NEVER_USED = {
    "0003": {"status", "offered_at", "offered_starts_at", "offered_practitioner", "offer_ends_at"}
}


def tables_of(database, gone=frozenset()):
    """A version's own idea of its tables: what it found when it began."""
    known = MetaData()
    known.reflect(database)
    for table in known.tables.values():
        if table.name == "wait_list":
            for name in gone & set(table.columns.keys()):
                table._columns.remove(table.c[name])
    return [table for table in known.sorted_tables if table.name != "alembic_version"]


def value(column, number):
    """Something that fits into a column."""
    for kind, fitting in (
        (JSON, {}),
        (Boolean, False),
        (DateTime, datetime.now(UTC).replace(tzinfo=None)),
        (Date, date(2026, 12, 1) + timedelta(number)),
        (Integer, number),
        (Float, 1.0),
    ):
        if isinstance(column.type, kind):
            return fitting
    return f"{number}"[: column.type.length]


def row(table, number):
    """What whoever knows no more than this table has to give for a new row."""
    return {
        column.name: value(column, number)
        for column in table.columns
        if column.name == "appointment_id"  # what it belongs to, where it has to belong
        or (not column.nullable and column.server_default is None)
    }


@pytest.fixture
def database(postgres):
    return create_engine(postgres.new_database(), future=True)


def test_there_is_a_version_before():
    assert BEFORE_OTHERS


@pytest.mark.parametrize(("before", "after"), BEFORE_OTHERS)
def test_the_version_before_reads_and_writes_every_table(database, before, after):
    upgrade(database, before)
    theirs = tables_of(database, NEVER_USED.get(after, frozenset()))
    assert theirs
    with database.begin() as old:
        for table in theirs:
            old.execute(insert(table).values(**row(table, 1)))
    upgrade(database, after)
    with database.begin() as old:
        for table in theirs:
            old.execute(insert(table).values(**row(table, 2)))
        for table in reversed(theirs):
            assert len(old.execute(select(table)).all()) == 2, table.name
            old.execute(delete(table))
            assert old.execute(select(func.count()).select_from(table)).scalar() == 0


def test_a_version_at_work_and_replicas_that_start_at_once_do_not_hinder_each_other(database):
    before = REVISIONS[-2]
    upgrade(database, before)
    table = next(one for one in tables_of(database) if one.name == "audit_trail")
    written, failures, over = [0], [], threading.Event()

    def at_work():
        while not over.is_set():
            try:
                with database.begin() as old:
                    old.execute(insert(table).values(**row(table, written[0] + 1)))
                written[0] += 1
            except Exception as error:
                failures.append(error)

    def start():
        try:
            open_storage(database.url.render_as_string(hide_password=False)).dispose()
        except Exception as error:
            failures.append(error)

    worker = threading.Thread(target=at_work)
    starting = [threading.Thread(target=start) for _ in range(3)]
    for thread in (worker, *starting):
        thread.start()
    for thread in starting:
        thread.join(30)
    over.set()
    worker.join(30)
    assert failures == []
    assert "waiting_offers" in inspect(database).get_table_names()
    with database.connect() as connection:
        assert connection.execute(select(func.count()).select_from(table)).scalar() == written[0]
