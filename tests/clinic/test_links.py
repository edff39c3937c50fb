"""Links in letters: signed, with an end, each to one page about one thing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clinic.appointments import book
from clinic.changes import cancel
from clinic.errors import ClinicError, LinkNotOurs, LinkOver
from clinic.letters import with_link
from clinic.links import Links, links_from
from clinic.outbox import messages

SECRET = "a secret of the tests"
ADDRESS = "https://chat.clinic.example"


@pytest.fixture
def links():
    return Links(SECRET, f"{ADDRESS}/")


def token(link):
    return link.rpartition("/")[2]


def test_a_link_leads_to_its_page_until_its_end(links, now):
    link = links.link("appointment", "MS-7K4QP", now + timedelta(days=1))
    assert link.startswith(f"{ADDRESS}/appointment/")
    assert links.read("appointment", token(link), now + timedelta(hours=23)) == "MS-7K4QP"
    with pytest.raises(LinkOver):
        links.read("appointment", token(link), now + timedelta(days=1, seconds=1))


def test_a_link_opens_no_other_page(links, now):
    link = links.link("offer", "7", now + timedelta(days=1))
    with pytest.raises(LinkNotOurs):
        links.read("appointment", token(link), now)


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1], lambda t: "x" + t, lambda t: "", lambda t: "é"]
)
def test_a_changed_link_is_not_ours(links, now, change):
    link = links.link("offer", "7", now + timedelta(days=1))
    with pytest.raises(LinkNotOurs):
        links.read("offer", change(token(link)), now)


def test_what_another_secret_has_signed_is_not_ours(links, now):
    with pytest.raises(LinkNotOurs):
        forged = Links("another secret").link("offer", "7", now + timedelta(days=1))
        links.read("offer", token(forged), now)


def test_confirmations_and_reminders_have_a_link_and_a_cancellation_has_none(
    storage, clinic, request_, now, links
):
    booked = book(storage, clinic, request_, now)
    texts = {m.message_key: with_link(m.content, links) for m in messages(storage, "waiting")}
    for key in (f"{booked.reference} booked 0", f"{booked.reference} reminder 24 0"):
        link = texts[key].split()[-1]
        assert links.read("appointment", token(link), now) == booked.reference
    cancel(storage, clinic, booked, now)
    texts = {m.message_key: with_link(m.content, links) for m in messages(storage, "waiting")}
    assert ADDRESS not in texts[f"{booked.reference} cancelled 1"]


def test_the_database_holds_no_link(storage, clinic, request_, now):
    book(storage, clinic, request_, now)
    assert all("http" not in m.content["text"].replace(clinic.website, "")
               for m in messages(storage, "waiting"))  # fmt: skip


def test_without_an_address_letters_go_without_links(storage, clinic, request_, now):
    book(storage, clinic, request_, now)
    assert links_from({"ASSISTANT_SECRET": SECRET}) is None
    (letter, *_) = messages(storage, "waiting")
    assert with_link(letter.content, None) == letter.content["text"]


@pytest.mark.parametrize("address", ["chat.clinic.example", "ftp://x", "https://x.example/chat"])
def test_an_address_that_is_none_is_named(address):
    with pytest.raises(ClinicError, match=f'PUBLIC_URL "{address}": write where'):
        links_from({"ASSISTANT_SECRET": SECRET, "PUBLIC_URL": address})
