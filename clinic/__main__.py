"""The clinic's staff at the command line: ``python -m clinic appointments`` and ``check``."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime

from clinic.appointments import upcoming
from clinic.errors import ClinicError
from clinic.hours import week_in_words
from clinic.profile import Clinic, load_clinic
from clinic.storage import open_storage
from clinic.words import time_in_words

COLUMNS = ("when", "with", "service", "for", "name", "contact", "reference")


def print_appointments(clinic: Clinic, past_too: bool) -> None:
    """A line an appointment, earliest first, in the clinic's time."""
    since = datetime.min.replace(tzinfo=UTC) if past_too else datetime.now(UTC)
    booked = upcoming(open_storage(), since)
    if not booked:
        print("No appointments are booked.")
        return
    names = {key: person.name for key, person in clinic.practitioners.items()}
    rows = [
        (
            time_in_words(one.starts_at, clinic),
            names.get(one.practitioner, one.practitioner),
            one.service,
            one.patient,
            one.name,
            one.contact.value,
            one.reference,
        )
        for one in booked
    ]
    widths = [max(len(row[column]) for row in [COLUMNS, *rows]) for column in range(len(COLUMNS))]
    for row in [COLUMNS, *rows]:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


def main() -> None:
    """Runs one command; a wrong clinic.yml ends it with what is wrong."""
    parser = argparse.ArgumentParser(prog="python -m clinic", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    listing = commands.add_parser("appointments", help="list the appointments booked")
    listing.add_argument("--all", action="store_true", help="those that took place too")
    commands.add_parser("check", help="check clinic.yml")
    arguments = parser.parse_args()
    path = os.environ.get("CLINIC_FILE", "clinic.yml")
    try:
        clinic = load_clinic(path)
    except ClinicError as error:
        sys.exit(str(error))
    if arguments.command == "check":
        print(f"{path} is fine: {clinic.name}, {week_in_words(clinic)}.")
    else:
        print_appointments(clinic, arguments.all)


if __name__ == "__main__":
    main()
