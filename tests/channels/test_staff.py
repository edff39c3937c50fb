"""The staff's page: shut without the password, and nothing is done that a page did not ask for."""

from __future__ import annotations

import csv
import io

import httpx
import pytest
from sqlalchemy import create_engine, text

from channels.staff_login import FROM_ONE_ADDRESS
from tests.channels.staff_gateway import EMAIL, PASSWORD, StaffGateway, fill, send, token

LISTS = ("enquiries", "bookings", "wait-list", "outbox", "changes")


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    with StaffGateway(tmp_path_factory.mktemp("staff")) as running:
        running.kept = fill(running)
        yield running


@pytest.fixture(scope="module")
def staff(gateway):
    """Mira, who has signed in."""
    with gateway.sign_in() as client:
        yield client


@pytest.fixture
def other_gateway(tmp_path):
    with StaffGateway(tmp_path) as running:
        yield running


def row(gateway, table, reference):
    with create_engine(gateway.database, future=True).connect() as connection:
        found = text(f"SELECT * FROM {table} WHERE reference = :reference")
        return connection.execute(found, {"reference": reference}).mappings().one()


def deeds(gateway, who="staff: Mira"):
    with create_engine(gateway.database, future=True).connect() as connection:
        found = text("SELECT did, subject FROM audit_trail WHERE who = :who")
        return [tuple(one) for one in connection.execute(found, {"who": who})]


@pytest.mark.parametrize("name", LISTS)
def test_without_signing_in_nothing_is_shown(gateway, name):
    with gateway.client() as stranger:
        page = stranger.get(f"/staff/{name}")
        assert (page.status_code, page.headers["location"]) == (303, "/staff/login")
        assert page.text == ""
        assert stranger.post(f"/staff/{name}").status_code == 303
        assert stranger.post("/staff/file", data={"name": name}).text == ""


def test_without_signing_in_nothing_is_done(gateway):
    reference = gateway.kept["Calm Carl"]
    with gateway.client() as stranger:
        form = {"name": "enquiries", "key": reference, "csrf": "x"}
        assert stranger.post("/staff/act", data=form).headers["location"] == "/staff/login"
    assert row(gateway, "enquiries", reference)["status"] == "open"


def test_a_forged_cookie_is_no_session(gateway):
    cookie = {"milia-staff": "eyJuYW1lIjoiTWlyYSIsImNzcmYiOiJ4In0.aSYx.forged"}
    with gateway.client(cookies=cookie) as stranger:
        assert stranger.get("/staff/enquiries").status_code == 303


def test_the_cookie_is_for_this_site_and_for_no_script(gateway):
    with gateway.client() as client:
        form = {"name": "Zoë", "password": PASSWORD}
        cookie = client.post("/staff/login", data=form).headers["set-cookie"].lower()
    assert {"httponly", "samesite=strict", "path=/staff"} <= set(cookie.split("; "))
    assert "secure" not in cookie.split("; ")


def test_over_https_the_cookie_is_for_https_only(gateway):
    with gateway.client(headers={"X-Forwarded-Proto": "https"}) as client:
        form = {"name": "Max", "password": PASSWORD}
        cookie = client.post("/staff/login", data=form).headers["set-cookie"]
    assert "Secure" in cookie.split("; ")


def test_no_page_is_kept_framed_or_allowed_a_script(staff):
    for path in ("/staff/enquiries", "/staff/login"):
        headers = staff.get(path).headers
        assert headers["cache-control"] == "no-store"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_the_urgent_enquiry_comes_first(staff):
    page = staff.get("/staff/enquiries").text
    assert page.index("Urgent Una") < page.index("Calm Carl")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("bookings", "Asha Patel"),
        ("wait-list", "Nothing waits here"),
        ("outbox", "the letter was refused (554)"),
        ("changes", "signed in"),
    ],
)
def test_every_list_is_shown(staff, name, words):
    assert words in staff.get(f"/staff/{name}").text


def test_what_visitors_wrote_is_text_and_never_markup(staff):
    page = staff.get("/staff/enquiries").text
    assert "<b>bold</b>" not in page
    assert "&lt;b&gt;bold&lt;/b&gt;" in page


def test_a_search_finds_in_any_column_and_stays_out_of_the_address(staff):
    found = send(staff, "/staff/bookings", search=f"patel {EMAIL.upper()}")
    assert "Asha Patel" in found.text
    assert found.url.query == b""
    assert "Nothing was found" in send(staff, "/staff/bookings", search="quagga").text


def test_the_file_for_a_spreadsheet_has_what_was_searched_and_no_formula(gateway, staff):
    file = send(staff, "/staff/file", name="enquiries", search="una")
    assert file.headers["content-disposition"] == 'attachment; filename="enquiries.csv"'
    (row,) = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"), newline=""))
    assert row["name"] == "Urgent Una"
    assert row["question"].startswith("'=1+1")
    assert ("exported", "enquiries") in deeds(gateway)


def test_an_enquiry_is_closed_once_and_it_is_noted_who_did_it(gateway, staff):
    reference = gateway.kept["Patient Pat"]
    page = send(staff, "/staff/act", name="enquiries", key=reference)
    assert "The enquiry is closed." in page.text
    assert "Patient Pat" not in page.text
    assert reference not in str(page.url)
    assert row(gateway, "enquiries", reference)["status"] == "closed"
    assert ("closed", reference) in deeds(gateway)
    again = send(staff, "/staff/act", name="enquiries", key=reference)
    assert "Nothing was changed" in again.text


def test_an_appointment_is_cancelled_by_the_clinics_rules(gateway, staff):
    reference = gateway.kept["booking"]
    page = send(staff, "/staff/act", name="bookings", key=reference)
    assert "The appointment is cancelled" in page.text
    assert row(gateway, "appointments", reference)["status"] == "cancelled"
    assert ("cancelled", reference) in deeds(gateway)
    with create_engine(gateway.database).connect() as connection:
        told = connection.execute(text("SELECT message_key FROM outbox")).scalars().all()
        assert connection.execute(text("SELECT count(*) FROM booked_cells")).scalar() == 0
    assert any("cancelled" in key for key in told)
    again = send(staff, "/staff/act", name="bookings", key=reference)
    assert "Nothing was changed" in again.text


def test_a_dead_letter_is_sent_again(gateway, staff):
    number = gateway.kept["letter"]
    assert "sent again" in send(staff, "/staff/act", name="outbox", key=number).text
    assert "Nothing was changed" in send(staff, "/staff/act", name="outbox", key="x").text
    assert ("sent again", f"message {number}") in deeds(gateway)


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}]
)
def test_a_form_that_another_site_sends_is_refused(gateway, staff, headers):
    csrf = token(staff.get("/staff/enquiries"))
    form = {"csrf": csrf, "name": "enquiries", "key": gateway.kept["Urgent Una"]}
    assert staff.post("/staff/act", data=form, headers=headers).status_code == 403
    login = {"name": "Mira", "password": PASSWORD}
    assert staff.post("/staff/login", data=login, headers=headers).status_code == 403
    assert row(gateway, "enquiries", gateway.kept["Urgent Una"])["status"] == "open"


@pytest.mark.parametrize("csrf", ["", "guessed", "é"])
def test_a_form_without_the_sessions_mark_is_refused(gateway, staff, csrf):
    form = {"csrf": csrf, "name": "enquiries", "key": gateway.kept["Urgent Una"]}
    page = staff.post("/staff/act", data=form)
    assert page.status_code == 403
    assert "Nothing was changed" in page.text
    assert row(gateway, "enquiries", gateway.kept["Urgent Una"])["status"] == "open"


def test_there_are_no_other_lists_and_deeds(staff):
    assert staff.get("/staff/appointments").status_code == 404
    assert send(staff, "/staff/file", name="audit_trail").status_code == 404
    assert send(staff, "/staff/act", name="changes", key="1").status_code == 404


def test_a_form_larger_than_any_of_ours_is_not_read(staff):
    assert send(staff, "/staff/bookings", search="x" * 20_000).status_code == 403


def test_the_gateways_log_names_nobody(gateway, staff):
    send(staff, "/staff/enquiries", search="Urgent Una")
    said = gateway.log
    assert [mark for mark in ("Una", "Asha", EMAIL, "Mira", PASSWORD) if mark in said] == []


def test_signing_out_ends_the_session(gateway):
    with gateway.sign_in() as client:
        assert "Sign in" in send(client, "/staff/logout").text
        assert client.get("/staff/enquiries").url.path == "/staff/login"


def test_a_wrong_password_is_refused_and_after_some_even_the_right_one(other_gateway):
    with other_gateway.client() as stranger:
        form = {"name": "Mira", "password": "a guess of mine"}
        for _ in range(FROM_ONE_ADDRESS.amount):
            assert stranger.post("/staff/login", data=form).status_code == 403
        late = stranger.post("/staff/login", data={**form, "password": PASSWORD})
        assert late.status_code == 429
        assert "set-cookie" not in late.headers


def test_colleagues_who_share_an_address_do_not_shut_each_other_out(other_gateway):
    for _ in range(FROM_ONE_ADDRESS.amount + 2):
        with other_gateway.sign_in() as client:
            assert client.get("/staff/enquiries").url.path == "/staff/enquiries"


def test_a_name_is_needed_because_it_is_noted(other_gateway):
    with other_gateway.client() as stranger:
        form = {"name": "  ", "password": PASSWORD}
        assert stranger.post("/staff/login", data=form).status_code == 403


def test_without_a_password_set_there_is_no_page(tmp_path):
    with StaffGateway(tmp_path, password_hash="") as off, off.client() as stranger:
        assert stranger.get("/staff/login").status_code == 404
        assert stranger.get("/staff/enquiries").status_code == 404


def test_a_new_password_ends_all_sessions(tmp_path):
    with StaffGateway(tmp_path) as before, before.sign_in() as mira:
        cookies = mira.cookies
    with StaffGateway(tmp_path) as after, httpx.Client(cookies=cookies, trust_env=False) as mira:
        assert mira.get(f"{after.url}/staff/enquiries").status_code == 303


def test_a_hash_that_is_none_stops_the_start_and_names_the_fix(tmp_path):
    with (
        pytest.raises(RuntimeError, match="STAFF_PASSWORD_HASH.*python -m clinic password"),
        StaffGateway(tmp_path, password_hash="secret word"),
    ):
        pass
