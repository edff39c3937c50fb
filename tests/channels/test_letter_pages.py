"""The pages behind the letters' links, asked of the real gateway over HTTP."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

import httpx
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect
from sqlalchemy import update
from starlette.applications import Starlette
from starlette.testclient import TestClient

from channels.appointment_pages import AppointmentPages
from channels.letter_pages import LetterPages
from channels.limits import Limits
from channels.waiting_pages import WaitingPages
from clinic.appointments import BookingRequest, book
from clinic.asked_time import Wished
from clinic.changes import cancel
from clinic.errors import BookingError
from clinic.free_times import free_times
from clinic.links import Links
from clinic.outbox import messages
from clinic.own_appointment import appointment_of
from clinic.person import Contact
from clinic.profile import load_clinic
from clinic.storage import open_storage, writing
from clinic.tables import appointments
from clinic.waiting_list import WaitingRequest, join, waiting
from clinic.waiting_offers import open_offers, pass_on
from scripts.environment import environment
from scripts.servers import Servers
from tests.widget.test_axe import RULES


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    """The gateway alone: the pages need no Rasa."""
    servers = Servers(tmp_path_factory.mktemp("gateway"))
    servers.start("gateway")
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                if httpx.get(f"{servers.url}/healthz", trust_env=False).is_success:
                    break
            except httpx.HTTPError:
                time.sleep(0.2)
        yield servers
    finally:
        servers.close()


@pytest.fixture(scope="module")
def storage(gateway):
    opened = open_storage(gateway.database)
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def clinic():
    return load_clinic()


@pytest.fixture(scope="module")
def links(gateway):
    return Links(environment()["ASSISTANT_SECRET"], gateway.url)


@pytest.fixture
def now():
    return datetime.now(UTC)


@pytest.fixture
def client():
    with httpx.Client(trust_env=False, timeout=30) as running:
        yield running


def request_of(starts_at, key):
    return BookingRequest(
        service="consultation",
        starts_at=starts_at,
        patient="adult",
        name="<b>Asha</b> Patel",
        contact=Contact("email", "asha@example.org"),
        idempotency_key=key,
        sender="web:1",
    )


@pytest.fixture
def booked(storage, clinic, now, request):
    """An appointment in a week, with a name that would like to be a script."""
    in_a_week = now + timedelta(days=7)
    [free] = free_times(storage, clinic, "consultation", now, from_time=in_a_week, limit=1)
    return book(storage, clinic, request_of(free.starts_at, request.node.name), now)


@pytest.fixture
def link(links, booked):
    return links.link("appointment", booked.reference, booked.ends_at)


@pytest.fixture
def offer(storage, clinic, booked, links, now, request):
    """A time that was freed and offered to Bo; and the link to it."""
    bo = Contact("email", f"{abs(hash(request.node.name))}@example.org")
    wish = WaitingRequest("consultation", "adult", Wished(now), "Bo Li", bo, "web:2", now)
    entry = join(storage, clinic, wish, now)
    cancel(storage, clinic, booked, now)
    found = open_offers(storage)[entry.id]
    yield found, links.link("offer", str(found.id), found.starts_at)
    with writing(storage) as transaction:
        transaction.exec_driver_sql("DELETE FROM wait_list")
    pass_on(storage, clinic, now)


def choices(page):
    return re.findall(r'name="starts_at" value="([^"]+)"', page.text)


def test_the_page_shows_the_appointment_and_only_the_first_name(client, link, booked):
    page = client.get(link)
    assert page.status_code == 200
    assert booked.reference in page.text
    assert "&lt;b&gt;Asha" in page.text and "<b>Asha" not in page.text
    assert "Patel" not in page.text and "asha@" not in page.text


def test_no_search_engine_keeps_it_and_no_other_site_is_told_of_it(client, link):
    headers = client.get(link).headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "noindex" in headers["X-Robots-Tag"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "set-cookie" not in headers


def test_looking_changes_nothing_however_often_and_whatever_is_opened(
    client, link, booked, storage
):
    """As a mail program's scanner does: it opens every link on every page, and asks for HEAD."""
    for path in ("", "/times", "/cancel"):
        page = client.get(link + path, follow_redirects=True)
        assert page.status_code == 200
        for further in re.findall(r'href="(/appointment/[^"]+)"', page.text):
            client.get(httpx.URL(link).join(further))
        client.head(link + path)
    assert appointment_of(storage, booked.reference) == booked


def test_it_is_moved_and_the_letter_with_the_calendar_file_follows(
    client, link, booked, storage, clinic
):
    chosen = choices(client.get(f"{link}/times"))[5]
    page = client.post(f"{link}/times", data={"starts_at": chosen}, follow_redirects=True)
    assert "has been moved" in page.text
    moved = appointment_of(storage, booked.reference)
    assert (moved.starts_at.isoformat(), moved.sequence) == (chosen, 1)
    letters = {message.message_key: message for message in messages(storage, "waiting")}
    assert "SEQUENCE:1" in letters[f"{booked.reference} moved 1"].content["calendar"]


def test_more_times_are_shown_from_another_day_on(client, link, now):
    day = (now + timedelta(days=20)).date()
    first = choices(client.get(f"{link}/times", params={"from": str(day)}))[0]
    assert first >= str(day)
    assert choices(client.get(f"{link}/times?from=nonsense"))


def test_a_time_that_has_gone_is_said_and_others_are_offered(
    client, link, booked, storage, clinic, now
):
    taken = choices(client.get(f"{link}/times"))[0]
    for practitioner in clinic.practitioners:
        with suppress(BookingError):
            other = request_of(datetime.fromisoformat(taken), f"{booked.reference} {practitioner}")
            book(storage, clinic, replace(other, practitioner=practitioner), now)
    page = client.post(f"{link}/times", data={"starts_at": taken})
    assert page.status_code == 409
    assert "That time has just gone." in page.text
    assert choices(page) and taken not in choices(page)
    assert appointment_of(storage, booked.reference) == booked


@pytest.mark.parametrize("given", [{}, {"starts_at": "soon"}, {"starts_at": "2026-01-01T00:00"}])
def test_no_time_chosen_is_said(client, link, booked, storage, given):
    page = client.post(f"{link}/times", data=given)
    assert page.status_code == 400
    assert "Please choose one of the times" in page.text
    assert appointment_of(storage, booked.reference) == booked


def test_it_is_cancelled_by_a_button_and_once(client, link, booked, storage):
    assert "Cancel your appointment?" in client.get(f"{link}/cancel").text
    page = client.post(f"{link}/cancel", follow_redirects=True)
    assert "is cancelled" in page.text
    assert client.post(f"{link}/cancel", follow_redirects=True).status_code == 200
    assert appointment_of(storage, booked.reference).status == "cancelled"
    assert client.post(f"{link}/times", data={"starts_at": choices_day()}).status_code == 409


def choices_day():
    return (datetime.now(UTC) + timedelta(days=8)).replace(microsecond=0).isoformat()


def test_after_the_cut_off_it_is_shown_and_not_changed(client, link, booked, storage, now):
    soon = {"starts_at": now + timedelta(hours=23), "ends_at": now + timedelta(hours=24)}
    with writing(storage) as transaction:
        mine = appointments.c.reference == booked.reference
        transaction.execute(update(appointments).where(mine).values(soon))
    page = client.get(link)
    assert "cannot be changed here" in page.text and "Move it" not in page.text
    assert client.post(f"{link}/cancel").status_code == 409
    assert client.post(f"{link}/times", data={"starts_at": choices_day()}).status_code == 409
    assert "cannot be changed here" in client.get(f"{link}/times").text
    assert appointment_of(storage, booked.reference).status == "booked"


def test_a_link_that_has_run_out_says_what_to_do(client, links, booked, now):
    old = links.link("appointment", booked.reference, now - timedelta(minutes=1))
    page = client.get(old)
    assert page.status_code == 410
    assert "This link has run out" in page.text and "020 7946 0112" in page.text
    assert booked.reference not in page.text
    assert page.headers["X-Robots-Tag"]


def test_a_forged_or_mangled_link_says_what_to_do_and_nothing_else(client, links, link, gateway):
    other_secret = Links("another secret altogether", gateway.url)
    forged = other_secret.link("appointment", "MS-7K4QP", datetime(2099, 1, 1, tzinfo=UTC))
    of_another_page = link.replace("/appointment/", "/offer/")
    for address in (forged, link[:-3], of_another_page, f"{gateway.url}/offer/{'x' * 5000}"):
        page = client.get(address)
        assert page.status_code == 404
        assert "This link is not complete" in page.text
        what = "/cancel" if "/appointment/" in address else ""
        assert client.post(address + what, data={"answer": "accept"}).status_code == 404


def test_an_appointment_that_was_erased_is_not_found_in_kind_words(client, links, now):
    page = client.get(links.link("appointment", "MS-GGGGG", now + timedelta(days=1)))
    assert page.status_code == 409
    assert "MS-GGGGG" not in page.text and "ring us" in page.text


def test_too_many_changes_by_one_link_are_refused_and_other_pages_still_open():
    few = load_clinic().chat.model_copy(update={"messages_a_minute": 2})
    clinic = load_clinic().model_copy(update={"chat": few})
    pages = LetterPages(clinic, Links("x" * 20), Limits(few), "sqlite:///nowhere/none.db")
    with TestClient(Starlette(routes=WaitingPages(pages).routes())) as visitor:
        assert [visitor.post("/offer/guess").status_code for _ in range(4)] == [404, 404, 429, 429]
        assert visitor.get("/offer/another").status_code == 404


def test_without_the_database_it_says_so(tmp_path):
    nowhere = f"sqlite:///{tmp_path}/file/clinic.db"
    (tmp_path / "file").write_text("no folder")
    links = Links("x" * 20)
    pages = LetterPages(load_clinic(), links, Limits(load_clinic().chat), nowhere)
    address = links.link("appointment", "MS-7K4QP", datetime(2099, 1, 1, tzinfo=UTC))
    with TestClient(Starlette(routes=AppointmentPages(pages).routes())) as visitor:
        page = visitor.get(address)
    assert page.status_code == 503
    assert "I cannot reach the clinic's diary just now" in unescape(page.text)


def test_a_form_that_is_far_too_large_is_refused(client, link):
    assert client.post(f"{link}/times", content=b"x" * 100_000).status_code == 404


def test_an_offered_time_is_accepted_and_the_appointments_page_opens(client, offer, storage):
    found, address = offer
    page = client.get(address)
    assert "Hello Bo," in page.text and "Kept for you until" in page.text
    page = client.post(address, data={"answer": "accept"}, follow_redirects=True)
    assert "The time is yours: it is booked" in page.text
    reference = re.search(r"MS-\w{5}", page.text)[0]
    assert appointment_of(storage, reference).starts_at == found.starts_at
    again = client.post(address, data={"answer": "accept"}, follow_redirects=True)
    assert reference in again.text
    assert reference in client.get(address, follow_redirects=True).text


def test_who_has_another_appointment_still_is_reminded_to_give_it_up(
    client, offer, storage, clinic, now
):
    (entry,) = waiting(storage)
    later = now + timedelta(days=14)
    [free] = free_times(storage, clinic, "consultation", now, from_time=later, limit=1)
    request = replace(request_of(free.starts_at, "later"), contact=entry.contact)
    other = book(storage, clinic, request, now)
    page = client.post(offer[1], data={"answer": "accept"}, follow_redirects=True)
    assert "another appointment on" in page.text and other.reference in page.text
    plain = client.get(f"{offer[1]}?done=booked", follow_redirects=True).text
    assert other.reference not in plain, "the letter's link alone does not tell"
    cancels = re.findall(r'href="(/appointment/[^"]+/cancel)"', page.text)[0]
    client.post(httpx.URL(offer[1]).join(cancels))
    assert appointment_of(storage, other.reference).status == "cancelled"


def test_looking_at_an_offer_accepts_nothing(client, offer, storage):
    found, address = offer
    for _ in range(3):
        client.get(address)
        client.get(f"{address}?answer=accept")
    assert found.id in [one.id for one in open_offers(storage).values()]


def test_a_declined_time_goes_on_and_the_place_is_kept(client, offer, storage):
    _, address = offer
    page = client.post(address, data={"answer": "decline"}, follow_redirects=True)
    assert "not kept for you any more" in page.text and "You keep your place" in page.text
    assert open_offers(storage) == {}
    assert client.post(address, data={"answer": "accept"}).status_code == 409


def test_the_list_is_left_by_its_link(client, offer, links, storage, now):
    (entry,) = waiting(storage)
    address = links.link("waiting-list", entry.reference, now + timedelta(days=9))
    assert "You wait for: any time" in client.get(address).text
    assert "You have left the waiting list" in client.post(address).text
    assert waiting(storage) == []
    assert "You have left" in client.get(address).text


async def test_it_is_moved_by_keyboard_alone_in_a_browser_without_scripts(
    browser,
    link,
    booked,
    storage,
):
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(link)
    await page.get_by_role("link", name="Move it").press("Enter")
    radio = page.get_by_role("radio").nth(3)
    await radio.press("Space")
    chosen = await radio.get_attribute("value")
    await page.get_by_role("button", name="Move it to this time").press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("has been moved")
    assert appointment_of(storage, booked.reference).starts_at.isoformat() == chosen
    await context.close()


@pytest.mark.parametrize("path", ["", "/times", "/cancel", "gone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing(browser, link, path, scheme):
    # The page's policy lets no script in, axe-core's neither; it is set aside for axe alone.
    context = await browser.new_context(
        bypass_csp=True, color_scheme=scheme, viewport={"width": 320, "height": 700}
    )
    page = await context.new_page()
    await page.goto(link + path)
    found = await Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 320
    await context.close()


async def test_axe_finds_nothing_on_an_offer(browser, offer):
    context = await browser.new_context(bypass_csp=True)
    page = await context.new_page()
    await page.goto(offer[1])
    found = await Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    await context.close()
