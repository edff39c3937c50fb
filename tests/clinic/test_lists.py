"""What the clinic's people look at: what waits first, searched, and safe in a spreadsheet."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert

from clinic.appointments import book
from clinic.audit import trail
from clinic.changes import cancel
from clinic.enquiries import EnquiryRequest, ask, close
from clinic.lists import LISTS, listing
from clinic.outbox import claim, failed, messages, put, try_again
from clinic.spreadsheet import as_csv
from clinic.storage import writing
from clinic.tables import wait_list

BOTH_DATABASES = True


@pytest.fixture
def shown(storage, clinic, now):
    """A list's rows, each as a mapping of its columns."""

    def rows(name, search="", **options):
        found = listing(name, storage, clinic, now, **options).with_words(search)
        return [dict(zip(found.columns, row.cells, strict=True)) for row in found.rows]

    return rows


@pytest.fixture
def enquire(storage, clinic, request_, now):
    def made(name, urgent=False, question="a question", later=0):
        request = EnquiryRequest(
            "callback", name, request_.contact, "noon", question, "", urgent, "web:1", name
        )
        return ask(storage, clinic, request, now + timedelta(minutes=later))

    return made


def test_a_booking_is_shown_in_words(storage, clinic, request_, now, shown):
    booked = book(storage, clinic, request_, now)
    (row,) = shown("bookings")
    assert row["when"] == "Tuesday 24 November at 10:00"
    assert row["service"] == "Consultation"
    assert row["with"] == "Dr Amara Osei"
    assert (row["name"], row["reference"]) == ("Asha Patel", booked.reference)


def test_a_booking_that_is_cancelled_is_shown_on_demand_only(storage, clinic, request_, now, shown):
    booked = book(storage, clinic, request_, now)
    cancel(storage, clinic, booked, now, "staff: Mira")
    assert shown("bookings") == []
    assert [row["status"] for row in shown("bookings", past_too=True)] == ["cancelled"]
    assert trail(storage, booked.reference)[-1].who == "staff: Mira"


def test_a_service_and_a_practitioner_who_are_gone_are_shown_by_their_names_in_the_database(
    storage, clinic, request_, now
):
    book(storage, clinic, request_, now)
    other = clinic.model_copy(update={"services": {}, "practitioners": {}})
    (row,) = listing("bookings", storage, other, now).rows
    assert row.cells[1:3] == ("amara-osei", "consultation")


def test_urgent_enquiries_come_first_and_closed_ones_last(storage, now, shown, enquire):
    enquire("First")
    done = enquire("Done", urgent=True, later=1)
    enquire("Urgent", urgent=True, later=2)
    close(storage, done.reference, now, "staff: Mira")
    assert [row["name"] for row in shown("enquiries")] == ["Urgent", "First"]
    assert [row["name"] for row in shown("enquiries", past_too=True)] == ["Urgent", "First", "Done"]
    assert trail(storage, done.reference)[-1].who == "staff: Mira"


def test_only_what_waits_can_be_acted_upon(storage, clinic, now, enquire):
    done = enquire("Done", urgent=True)
    close(storage, done.reference, now)
    (row,) = listing("enquiries", storage, clinic, now, past_too=True).rows
    assert (row.act, row.urgent) == ("", False)


def test_the_wait_list_says_what_is_wished_for(storage, request_, now, shown):
    wish = {
        "reference": "WL-AB12C",
        "service": "extraction",
        "patient": "adult",
        "from_time": now + timedelta(days=1),
        "until_time": now + timedelta(days=2),
        "name": "Asha Patel",
        "contact_kind": "email",
        "contact": "asha@example.org",
        "sender": "web:1",
        "created_at": now,
    }
    with writing(storage) as transaction:
        transaction.execute(insert(wait_list).values(wish))
        past = wish | {"reference": "WL-PAST1", "until_time": now - timedelta(days=1)}
        transaction.execute(insert(wait_list).values(past))
    (row,) = shown("wait-list")
    assert row["service"] == "Removal of milia (de-roofing)"
    assert (row["from"], row["offered"]) == ("Tuesday 24 November at 9:00", "")
    assert len(shown("wait-list", past_too=True)) == 2


def test_letters_that_could_not_be_sent_come_first_and_one_is_sent_again(storage, now, shown):
    with writing(storage) as transaction:
        for name in ("one", "two"):
            put(transaction, name, "email", {"to": f"{name}@example.org", "subject": "s"}, now)
    for _ in range(2):
        failed(storage, claim(storage, now), now, "refused (554)", for_good=True)
    with writing(storage) as transaction:
        put(transaction, "later", "email", {}, now - timedelta(days=1))
    assert [row["state"] for row in shown("outbox")] == ["dead", "dead", "waiting"]
    assert shown("outbox")[0]["problem"] == "refused (554)"
    number = messages(storage, "dead")[0].id
    assert try_again(storage, now, number) == 1
    assert try_again(storage, now, number) == 0
    assert len(messages(storage, "dead")) == 1


def test_the_changes_come_newest_first(storage, clinic, request_, now, shown):
    booked = book(storage, clinic, request_, now)
    cancel(storage, clinic, booked, now)
    assert [row["what"] for row in shown("changes")] == ["cancelled", "booked"]
    assert len(shown("changes", past_too=True)) == 2


def test_a_search_finds_rows_that_have_all_its_words_anywhere(shown, enquire):
    enquire("Asha Patel", question="about my EYES")
    enquire("Asha Smith")
    assert [row["name"] for row in shown("enquiries", "asha eyes")] == ["Asha Patel"]
    assert len(shown("enquiries", "  ")) == 2
    assert shown("enquiries", "nobody") == []


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_list_has_its_columns(storage, clinic, now, name):
    found = listing(name, storage, clinic, now)
    assert found.rows == ()
    assert as_csv(found).decode("utf-8-sig").startswith(found.columns[0])


@pytest.mark.parametrize(
    "question", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "  =1+1", "\r=1", "\n=1"]
)
def test_what_a_spreadsheet_would_take_for_a_formula_is_text(
    storage, clinic, now, enquire, question
):
    enquire("Zoë", question=question)
    file = as_csv(listing("enquiries", storage, clinic, now)).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(file, newline=""))
    assert row["question"] == f"'{question}"
    assert row["name"] == "Zoë"


def test_a_telephone_number_keeps_its_plus(storage, clinic, request_, now):
    contact = replace(request_.contact, kind="phone", value="+447700900531")
    book(storage, clinic, replace(request_, contact=contact), now)
    assert b"'+447700900531" in as_csv(listing("bookings", storage, clinic, now))
