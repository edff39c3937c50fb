"""The staff's commands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clinic.__main__ import main
from clinic.appointments import book
from clinic.asked_time import Wished
from clinic.changes import cancel
from clinic.enquiries import EnquiryRequest, ask
from clinic.free_times import free_times
from clinic.outbox import claim, failed
from clinic.person import Contact
from clinic.storage import open_storage
from clinic.waiting_list import WaitingRequest, join


@pytest.fixture
def storage(url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", url)
    return open_storage(url)


@pytest.fixture
def booked(storage, clinic, request_):
    now = datetime.now(UTC)
    [first] = free_times(storage, clinic, "consultation", now, limit=1)
    return book(storage, clinic, replace(request_, starts_at=first.starts_at, patient="baby"), now)


def test_appointments_are_listed_in_a_table(booked, clinic, capsys):
    main(["appointments"])
    heading, line = capsys.readouterr().out.splitlines()
    assert heading.split() == ["when", "with", "service", "for", "name", "contact", "reference"]
    local = booked.starts_at.astimezone(clinic.zone)
    person = clinic.practitioner(booked.practitioner)
    for words in (
        f"{local.hour}:{local.minute:02}", person.name, "Consultation", "baby", "Asha Patel",
        "asha@example.org", booked.reference,
    ):  # fmt: skip
        assert words in line
    assert line.index("Asha") == heading.index("name")


def test_those_that_are_over_are_listed_with_all(storage, clinic, request_, capsys):
    book(storage, clinic, request_, datetime(2026, 11, 23, 9, tzinfo=UTC))
    with_all = ["appointments", "--all"]
    main(with_all)
    assert "Asha Patel" in capsys.readouterr().out


def test_none_booked_is_said(storage, capsys):
    main(["appointments"])
    assert capsys.readouterr().out == "No appointments are booked.\n"


def test_somebody_who_has_left_is_listed_by_their_id(booked, tmp_path, monkeypatch, capsys):
    file = tmp_path / "clinic.yml"
    text = Path("clinic.yml").read_text(encoding="utf-8")
    for name in ("amara-osei", "tomasz-nowak"):
        text = text.replace(f"  {name}:", f"  new-{name}:")
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("CLINIC_FILE", str(file))
    main(["appointments"])
    assert booked.practitioner in capsys.readouterr().out


def test_a_good_file_is_said_to_be_fine_with_what_it_says(capsys):
    main(["check"])
    said = capsys.readouterr().out
    assert said.startswith("clinic.yml is fine: Larkfield Skin Clinic")
    assert "Dr Amara Osei" in said
    assert "closed on Sunday" in said


def test_a_bad_file_ends_it_with_the_faults(tmp_path, monkeypatch):
    file = tmp_path / "clinic.yml"
    file.write_text("name: A\n")
    monkeypatch.setenv("CLINIC_FILE", str(file))
    with pytest.raises(SystemExit) as ended:
        main(["check"])
    assert f"{file}: phone: this setting is missing" in ended.value.code


def test_a_bad_database_ends_it_with_words(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "nonsense")
    with pytest.raises(SystemExit) as ended:
        main(["appointments"])
    assert "DATABASE_URL is not the address of a database" in ended.value.code


def test_every_command_has_a_line_of_help(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    said = capsys.readouterr().out
    assert "list the appointments booked" in said
    assert "check clinic.yml" in said


@pytest.fixture
def enquiry(storage, clinic, request_, now):
    asked = EnquiryRequest(
        "callback", "Sam", request_.contact, "noon", "Parking?", "visitor: hi", True, "web:1", "k"
    )
    return ask(storage, clinic, asked, now)


def test_the_inbox_shows_an_enquiry_until_it_is_closed(enquiry, capsys):
    main(["inbox"])
    said = capsys.readouterr().out
    assert f"URGENT {enquiry.reference}: call back" in said
    assert "asha@example.org; best time: noon" in said and "visitor: hi" in said
    main(["close", enquiry.reference])
    main(["inbox"])
    assert "No enquiry waits." in capsys.readouterr().out
    with pytest.raises(SystemExit, match="There is no open enquiry"):
        main(["close", enquiry.reference])


def test_messages_that_could_not_be_sent_are_shown_and_sent_again(enquiry, storage, now, capsys):
    failed(storage, claim(storage, now), now, "refused", for_good=True)
    main(["inbox"])
    assert f"{enquiry.reference}: refused" in capsys.readouterr().out
    main(["send-again"])
    assert capsys.readouterr().out == "1 messages will be sent again.\n"


def test_the_staff_cancel_for_somebody_and_it_is_on_record(storage, clinic, request_, now, capsys):
    booked = book(storage, clinic, request_, now)
    main(["cancel", booked.reference.lower()])
    main(["audit", booked.reference])
    said = capsys.readouterr().out
    assert "visitor  booked" in said and "staff    cancelled" in said
    with pytest.raises(SystemExit, match="No appointment"):
        main(["cancel", booked.reference])


def test_what_is_kept_of_somebody_is_exported_and_erased(
    storage, clinic, request_, now, capsys, tmp_path, monkeypatch
):
    monkeypatch.setenv("TRACKER_URL", f"sqlite:///{tmp_path}/none.db")
    book(storage, clinic, request_, now)
    main(["export", "asha@example.org"])
    assert '"name": "Asha Patel"' in capsys.readouterr().out
    main(["erase", "asha@example.org"])
    assert "1 appointments" in capsys.readouterr().out


@pytest.fixture
def offered(storage, clinic, request_):
    """Bo waits, and is offered a time of next week."""
    now = datetime.now(UTC)
    in_a_week = now + timedelta(days=7)
    [free] = free_times(storage, clinic, "consultation", now, from_time=in_a_week, limit=1)
    booked = book(storage, clinic, replace(request_, starts_at=free.starts_at), now)
    bo = Contact("email", "bo@example.org")
    wish = WaitingRequest("consultation", "adult", Wished(now), "Bo", bo, "web:2", now)
    entry = join(storage, clinic, wish, now)
    cancel(storage, clinic, booked, now)
    return entry


def test_the_waiting_list_is_shown_with_what_is_offered(offered, capsys):
    main(["waiting"])
    entry, offer = capsys.readouterr().out.splitlines()
    assert entry == f"{offered.reference}: Consultation (adult), any time; Bo, bo@example.org"
    assert offer.startswith("  offered ")
    main(["inbox"])
    assert "1 wait for a time" in capsys.readouterr().out


def test_the_staff_accept_for_somebody_who_has_called(offered, capsys):
    main(["accept", offered.reference.lower()])
    assert capsys.readouterr().out.startswith("Booked: MS-")
    main(["audit", offered.reference])
    assert "staff    accepted" in capsys.readouterr().out
    main(["waiting"])
    assert capsys.readouterr().out == "Nobody waits.\n"
    with pytest.raises(SystemExit, match="is not on the waiting list"):
        main(["leave", offered.reference])


def test_the_staff_decline_and_leave_for_somebody(offered, capsys):
    main(["decline", offered.reference])
    assert "has declined" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="Nothing is offered"):
        main(["accept", offered.reference])
    main(["leave", offered.reference])
    assert "has left the waiting list" in capsys.readouterr().out
