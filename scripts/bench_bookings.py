"""Measures booking on SQLite and PostgreSQL: bookings a second, and a month of free times."""

from __future__ import annotations

import random
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from clinic.appointments import BookingRequest, book, upcoming
from clinic.errors import TimeTaken
from clinic.free_times import free_times
from clinic.person import Contact
from clinic.profile import Clinic, load_clinic
from clinic.storage import Storage, open_storage
from scripts.postgres import HOW_TO_GET_IT, Postgres, programs

CLIENTS = 50
BOOKINGS_EACH = 10
PRACTITIONERS = 5
MONTH = timedelta(days=31)


def five_practitioners() -> Clinic:
    """The clinic of clinic.yml with five who all keep its whole hours."""
    clinic = load_clinic()
    person = next(iter(clinic.practitioners.values()))
    everybody = {
        f"practitioner-{number}": person.model_copy(update={"hours": clinic.hours})
        for number in range(PRACTITIONERS)
    }
    return clinic.model_copy(update={"practitioners": everybody})


def booking(storage: Storage, clinic: Clinic) -> str:
    """50 clients book at once, wanting the same times, each as fast as it can."""
    now = datetime.now(UTC)
    times = free_times(storage, clinic, "consultation", now, limit=10_000)
    together = threading.Barrier(CLIENTS + 1)

    def client(number: int) -> tuple[list[float], int]:
        chance, refused = random.Random(number), 0  # noqa: S311 (no secret)
        taken: list[float] = []
        together.wait()
        while len(taken) < BOOKINGS_EACH:
            request = BookingRequest(
                "consultation",
                chance.choice(times[:1000]).starts_at,
                "adult",
                "A Visitor",
                Contact("email", "visitor@example.org"),
                f"{number} {chance.random()}",
                f"web:{number}",
            )
            began = time.perf_counter()
            try:
                book(storage, clinic, request, now)
            except TimeTaken:
                refused += 1
            else:
                taken.append((time.perf_counter() - began) * 1000)
        return taken, refused

    with ThreadPoolExecutor(CLIENTS) as clients:
        results = [clients.submit(client, number) for number in range(CLIENTS)]
        together.wait()
        began = time.perf_counter()
        finished = [result.result() for result in results]
        seconds = time.perf_counter() - began
    taken = sorted(ms for ones, _ in finished for ms in ones)
    refused = sum(number for _, number in finished)
    return (
        f"{len(taken) / seconds:.0f} bookings/s, p99 {taken[int(0.99 * len(taken)) - 1]:.0f} ms "
        f"({len(taken)} booked, {refused} refused), {double_bookings(storage)} double bookings"
    )


def double_bookings(storage: Storage) -> int:
    """How many appointments begin before the one before with the same practitioner is over."""
    booked = sorted(
        upcoming(storage, datetime.now(UTC)), key=lambda a: (a.practitioner, a.starts_at)
    )
    return sum(
        one.practitioner == other.practitioner and other.starts_at < one.ends_at
        for one, other in pairwise(booked)
    )


def month_of_free_times(storage: Storage, clinic: Clinic) -> str:
    """Every free time of a month, with the diary as full as the bookings before made it."""
    now = datetime.now(UTC)
    services = clinic.services["consultation"].model_copy(update={"horizon_days": MONTH.days})
    clinic = clinic.model_copy(update={"services": clinic.services | {"consultation": services}})
    measured = []
    for _ in range(21):
        began = time.perf_counter()
        found = free_times(storage, clinic, "consultation", now, limit=100_000)
        measured.append((time.perf_counter() - began) * 1000)
    first, *others = measured
    return (
        f"{len(found)} free times of a month, {PRACTITIONERS} practitioners: "
        f"median {statistics.median(others):.1f} ms (the first, planning the days: {first:.0f} ms)"
    )


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """The addresses of an empty database of each kind."""
    with tempfile.TemporaryDirectory() as folder:
        sqlite = {"SQLite": f"sqlite:///{Path(folder) / 'clinic.db'}"}
        if programs() is None:
            print(f"PostgreSQL is not measured. {HOW_TO_GET_IT}")
            yield sqlite
            return
        with Postgres() as postgres:
            yield {**sqlite, "PostgreSQL": postgres.new_database()}


def main() -> None:
    """Prints the figures."""
    clinic = five_practitioners()
    with databases() as addresses:
        for name, address in addresses.items():
            storage = open_storage(address)
            print(f"{name}, {CLIENTS} clients: {booking(storage, clinic)}")
            print(f"{name}: {month_of_free_times(storage, clinic)}")
            storage.dispose()


if __name__ == "__main__":
    main()
