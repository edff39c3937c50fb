"""The clinic's staff at the command line."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from getpass import getpass
from pathlib import Path

from clinic.answering import answer
from clinic.appointments import Appointment, upcoming
from clinic.audit import trail
from clinic.backup import back_up, restore
from clinic.changes import cancel
from clinic.enquiries import KIND_IN_WORDS, close, open_enquiries
from clinic.errors import ClinicError
from clinic.hours import week_in_words
from clinic.outbox import DEAD, messages, try_again
from clinic.password import hashed
from clinic.personal_data import erase, export
from clinic.profile import Clinic, load_clinic
from clinic.storage import open_storage
from clinic.waiting_commands import ANSWERS, answer_for, waiting_list
from clinic.waiting_list import waiting as on_the_list
from clinic.words import person_in_words, service_in_words, time_in_words

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


def inbox(clinic: Clinic, now: datetime) -> Iterable[str]:
    """What waits for the clinic's people: enquiries, and messages that could not be sent."""
    storage = open_storage()
    waiting = open_enquiries(storage)
    yield f"{len(waiting)} enquiries wait." if waiting else "No enquiry waits."
    for one in waiting:
        yield (
            f"\n{'URGENT ' if one.urgent else ''}{one.reference}: {KIND_IN_WORDS[one.kind]}, "
            f"since {time_in_words(one.created_at, clinic, now)}"
        )
        yield f"  {one.name}, {one.contact.value}; best time: {one.best_time}"
        yield f"  {one.question}"
        yield from (f"    {line}" for line in one.said_before.splitlines())
    if waiting:
        yield '\nTo answer one: python -m clinic answer REFERENCE "what to say"'
        yield "When one is done: python -m clinic close REFERENCE"
    if people := len(on_the_list(storage)):
        yield f"\n{people} wait for a time (python -m clinic waiting)."
    dead = messages(storage, DEAD)
    if dead:
        yield f"\n{len(dead)} messages could not be sent (python -m clinic send-again):"
        yield from (f"  {one.message_key}: {one.problem}" for one in dead)


def close_enquiry(reference: str) -> Iterable[str]:
    """Marks an enquiry as seen to."""
    if close(open_storage(), reference, datetime.now(UTC)):
        return [f"{reference.upper()} is closed."]
    raise ClinicError(f"There is no open enquiry {reference}: make inbox lists them.")


def answer_enquiry(clinic: Clinic, reference: str, words: str) -> Iterable[str]:
    """Answers an enquiry where its visitor can read it."""
    way = answer(open_storage(), clinic, reference, words, datetime.now(UTC))
    return [f"Your answer goes by {way}. When it is done: python -m clinic close {reference}"]


def password() -> Iterable[str]:
    """Asks for a password for the staff's page, and prints the setting that lets it in."""
    given = getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if sys.stdin.isatty() and getpass("Once more: ") != given:
        raise ClinicError("The two are not the same: nothing was made.")
    return [f"STAFF_PASSWORD_HASH='{hashed(given)}'"]


def send_again() -> Iterable[str]:
    """Gives messages that could not be sent another life."""
    return [f"{try_again(open_storage(), datetime.now(UTC))} messages will be sent again."]


def cancel_for(clinic: Clinic, reference: str) -> Iterable[str]:
    """Cancels an appointment for a visitor who has called, whatever the hour."""
    storage = open_storage()
    found = [one for one in upcoming(storage, EVER) if one.reference == reference.upper()]
    if not found:
        raise ClinicError(f"No appointment {reference} is booked: make appointments lists them.")
    cancel(storage, clinic, found[0], datetime.now(UTC), who="staff")
    return [f"{found[0].reference} is cancelled."]


def export_json(who: str) -> Iterable[str]:
    """Everything kept about somebody, as JSON."""
    return [json.dumps(export(open_storage(), who), indent=2, ensure_ascii=False)]


def erase_all(who: str) -> Iterable[str]:
    """Deletes everything kept about somebody."""
    gone = erase(open_storage(), who, datetime.now(UTC), "staff")
    return [f"Deleted: {', '.join(f'{number} {kind}' for kind, number in gone.items())}."]


def audit_lines(reference: str | None) -> Iterable[str]:
    """Who changed what, and when."""
    for one in trail(open_storage(), reference):
        yield f"{one.at:%Y-%m-%d %H:%M:%S} UTC  {one.who:8} {one.did:10} {one.subject}"


def take_backup(folder: Path, keep_days: int) -> Iterable[str]:
    """Backs everything up, and deletes backups that are too old."""
    return [f"Backed up to {back_up(folder, datetime.now(UTC), keep_days, os.environ)}"]


def restore_backup(folder: Path, overwrite: bool, identity: Path | None) -> Iterable[str]:
    """Puts a backup back."""
    return [f"Restored: {', '.join(restore(folder, overwrite, os.environ, identity))}."]


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command; what is wrong with clinic.yml or the database ends it, in words."""
    given = _parser().parse_args(arguments)
    path = os.environ.get("CLINIC_FILE", "clinic.yml")
    try:
        clinic = load_clinic(path)
        commands: dict[str, Callable[[], Iterable[str]]] = {
            **dict.fromkeys(ANSWERS, partial(answer_for, clinic, given)),
            "answer": lambda: answer_enquiry(clinic, given.reference, given.words),
            "appointments": lambda: list_appointments(clinic, given.all),
            "audit": lambda: audit_lines(given.reference),
            "backup": lambda: take_backup(given.folder, given.keep_days),
            "cancel": lambda: cancel_for(clinic, given.reference),
            "check": lambda: check(clinic, path),
            "close": lambda: close_enquiry(given.reference),
            "erase": lambda: erase_all(given.who),
            "export": lambda: export_json(given.who),
            "inbox": lambda: inbox(clinic, datetime.now(UTC)),
            "password": password,
            "restore": lambda: restore_backup(given.folder, given.overwrite, given.identity),
            "send-again": send_again,
            "waiting": lambda: waiting_list(clinic, datetime.now(UTC)),
        }
        print("\n".join(commands[given.command]()))
    except ClinicError as error:
        sys.exit(str(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m clinic", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    answering = commands.add_parser("answer", help="answer an enquiry by Telegram or e-mail")
    answering.add_argument("reference")
    answering.add_argument("words", help="what to say, in quotes")
    listing = commands.add_parser("appointments", help="list the appointments booked")
    listing.add_argument("--all", action="store_true", help="with those that are over")
    audit = commands.add_parser("audit", help="who changed what, and when")
    audit.add_argument("reference", nargs="?", help="of this appointment or enquiry only")
    backup = commands.add_parser("backup", help="back everything up, while it is running")
    backup.add_argument("folder", type=Path, help="where the backups are")
    backup.add_argument("--keep-days", type=int, default=14, help="older ones are deleted (14)")
    cancelling = commands.add_parser("cancel", help="cancel an appointment for somebody")
    cancelling.add_argument("reference")
    commands.add_parser("check", help="check clinic.yml")
    closing = commands.add_parser("close", help="mark an enquiry as seen to")
    closing.add_argument("reference")
    whose = "the e-mail address, the number as +44…, or the conversation as web:…"
    for name, what in (("erase", "delete everything"), ("export", "print, as JSON, everything")):
        command = commands.add_parser(name, help=f"{what} kept about somebody")
        command.add_argument("who", help=whose)
    commands.add_parser("inbox", help="list what waits for the clinic's people")
    commands.add_parser("password", help="make a password for the staff's page")
    restoring = commands.add_parser("restore", help="put a backup back, while nothing is running")
    restoring.add_argument("folder", type=Path, help="of one backup, as backups/20261126T010000Z")
    restoring.add_argument("--overwrite", action="store_true", help="replace what is there")
    restoring.add_argument("--identity", type=Path, help="the file of the key, if it is encrypted")
    for name, what in ANSWERS.items():
        answering = commands.add_parser(name, help=f"{what}, for somebody who has called")
        answering.add_argument("reference", help="as WL-…")
    commands.add_parser("waiting", help="list the waiting list")
    commands.add_parser("send-again", help="send messages again that could not be sent")
    return parser


def _row(clinic: Clinic, appointment: Appointment) -> tuple[str, ...]:
    # Somebody may have left the clinic, and a service may have been dropped, since it was booked.
    return (
        time_in_words(appointment.starts_at, clinic),
        person_in_words(clinic, appointment.practitioner),
        service_in_words(clinic, appointment.service),
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
