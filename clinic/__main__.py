"""The clinic's staff at the command line."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from clinic.appointments import Appointment, upcoming
from clinic.errors import ClinicError
from clinic.hours import week_in_words
from clinic.profile import Clinic, load_clinic
from clinic.storage import open_storage
from clinic.words import time_in_words

COLUMNS = ("when", "with", "service", "for", "name", "contact", "reference")
EVER = datetime.min.replace(tzinfo=UTC)


def check(clinic: Clinic, path: str) -> Iterable[str]:
    """What clinic.yml comes to, for a look whether that is what was meant."""
    people = ", ".join(person.name for person in clinic.practitioners.values())
    yield f"{path} is fine: {clinic.name}, {clinic.address}."
    yield f"Open {week_in_words(clinic)} ({clinic.time_zone})."
    yield f"Practitioners: {people}."


def list_appointments(clinic: Clinic, past_too: bool) -> Iterable[str]:
    """A line an appointment, earliest first, in the clinic's time."""
    booked = upcoming(open_storage(), EVER if past_too else datetime.now(UTC))
    if not booked:
        return ["No appointments are booked."]
    return _table([COLUMNS, *(_row(clinic, appointment) for appointment in booked)])


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command; what is wrong with clinic.yml or the database ends it, in words."""
    parser = argparse.ArgumentParser(prog="python -m clinic", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    listing = commands.add_parser("appointments", help="list the appointments booked")
    listing.add_argument("--all", action="store_true", help="with those that are over")
    commands.add_parser("check", help="check clinic.yml")
    given = parser.parse_args(arguments)
    path = os.environ.get("CLINIC_FILE", "clinic.yml")
    try:
        clinic = load_clinic(path)
        if given.command == "check":
            lines = check(clinic, path)
        else:
            lines = list_appointments(clinic, given.all)
    except ClinicError as error:
        sys.exit(str(error))
    print("\n".join(lines))


def _row(clinic: Clinic, appointment: Appointment) -> tuple[str, ...]:
    # Somebody may have left the clinic, and a service may have been dropped, since it was booked.
    person = clinic.practitioners.get(appointment.practitioner)
    service = clinic.services.get(appointment.service)
    return (
        time_in_words(appointment.starts_at, clinic),
        person.name if person else appointment.practitioner,
        service.title if service else appointment.service,
        appointment.patient,
        appointment.name,
        appointment.contact.value,
        appointment.reference,
    )


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in rows]
    return ["  ".join(line).rstrip() for line in lines]


if __name__ == "__main__":
    main()
