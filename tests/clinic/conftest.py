"""A clinic, a storage and a request for the tests of their room."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from clinic.appointments import BookingRequest
from clinic.errors import DiaryUnreachable
from clinic.person import Contact
from clinic.profile import load_clinic
from clinic.spans import read_spans
from clinic.storage import open_storage

# A Monday without a public holiday near it.
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TUESDAY_TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.fixture
def now():
    return NOW


@pytest.fixture(scope="session")
def insisting():
    """Does what a visitor does who reads that the diary cannot be reached just now: tries again.

    On a slow machine, the last of fifty writers may wait for longer than SQLite's patience.
    """

    def insist(book, *arguments):
        for _ in range(9):
            try:
                return book(*arguments)
            except DiaryUnreachable:
                continue
        return book(*arguments)

    return insist


@pytest.fixture(scope="session")
def clinic():
    return load_clinic()


@pytest.fixture(scope="session")
def two_doctors(clinic):
    """The clinic with both its practitioners at work at the same hours."""
    hours = clinic.practitioners["amara-osei"].hours
    return clinic.model_copy(
        update={
            "practitioners": {
                name: person.model_copy(update={"hours": hours})
                for name, person in clinic.practitioners.items()
            }
        }
    )


@pytest.fixture(scope="session")
def clinic_with(clinic):
    """The clinic elsewhere, at other hours, which one practitioner keeps."""

    def make(zone, hours, **others):
        week = {weekday: read_spans(spans) for weekday, spans in hours.items()}
        person = clinic.practitioners["amara-osei"].model_copy(update={"hours": week})
        return clinic.model_copy(
            update={
                "time_zone": zone,
                "hours": week,
                "practitioners": {"amara-osei": person},
                **others,
            }
        )

    return make


def pytest_generate_tests(metafunc):
    """A module that says BOTH_DATABASES has its tests run on SQLite and on PostgreSQL."""
    if "database" in metafunc.fixturenames and getattr(metafunc.module, "BOTH_DATABASES", False):
        postgresql = pytest.param("postgresql", marks=pytest.mark.postgresql)
        metafunc.parametrize("database", ["sqlite", postgresql], indirect=True)


class Clock:
    """Says the time that a test has set."""

    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now


@pytest.fixture
def clock(now):
    return Clock(now)


@pytest.fixture
def database(request):
    return getattr(request, "param", "sqlite")


@pytest.fixture
def url(database, tmp_path, request):
    """The address of a new, empty database."""
    if database == "postgresql":
        return request.getfixturevalue("postgres").new_database()
    return f"sqlite:///{tmp_path / 'clinic.db'}"


@pytest.fixture
def storage(url):
    opened = open_storage(url)
    yield opened
    opened.dispose()


@pytest.fixture
def request_():
    return BookingRequest(
        service="consultation",
        starts_at=TUESDAY_TEN,
        patient="adult",
        name="Asha Patel",
        contact=Contact("email", "asha@example.org"),
        idempotency_key="web:1 first",
        sender="web:1",
    )


@pytest.fixture
def settings(url, tmp_path):
    """Where the three databases are that a backup holds."""
    return {
        "DATABASE_URL": url,
        "TRACKER_URL": f"sqlite:///{tmp_path / 'conversations.db'}",
        "MESSAGES_URL": f"sqlite:///{tmp_path / 'messages.db'}",
    }
