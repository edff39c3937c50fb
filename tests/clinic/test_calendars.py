"""The practitioners' calendars, on a real CalDAV server: appointments go there, busy times come."""

from __future__ import annotations

import socket
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar as ICalendar

from clinic.appointments import book
from clinic.calendar_keeper import CalendarKeeper
from clinic.calendar_server import CalendarServer
from clinic.calendars import forget_calendars_gone
from clinic.changes import cancel, reschedule
from clinic.conversations import Conversations
from clinic.errors import ClinicError, TimeTaken
from clinic.free_times import Wanted, free_times
from clinic.holds import hold
from clinic.mail import Mailer
from clinic.outbox import PATIENCE, messages, put, try_again
from clinic.person import Contact
from clinic.personal_data import erase
from clinic.profile import Calendar
from clinic.retention import carry_out
from clinic.storage import reading, writing
from clinic.tables import busy_times
from clinic.worker import Worker
from tests.clinic.radicale_server import PASSWORD, USER, Radicale

BOTH_DATABASES = True
TUESDAY_TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
FRIDAY_TEN = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
VARIABLE = "AMARA_CALENDAR_PASSWORD"


@pytest.fixture(scope="module")
def radicale(tmp_path_factory):
    with Radicale(tmp_path_factory.mktemp("radicale")) as running:
        yield running


@pytest.fixture
def calendar(radicale):
    return radicale.new_calendar()


@pytest.fixture(autouse=True)
def surroundings(monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, PASSWORD)
    monkeypatch.setenv("TRACKER_URL", f"sqlite:///{tmp_path}/conversations.db")


def with_calendar(clinic, url, **others):
    """The clinic in which Dr Osei has a calendar."""
    settings = Calendar(url=str(url), user=USER, password_variable=VARIABLE, **others)
    osei = clinic.practitioners["amara-osei"].model_copy(update={"calendar": settings})
    return clinic.model_copy(update={"practitioners": {**clinic.practitioners, "amara-osei": osei}})


@pytest.fixture
def clinic(clinic, calendar):
    return with_calendar(clinic, calendar.url)


def keeper_of(storage, clinic, clock, seconds=10.0):
    settings = clinic.practitioners["amara-osei"].calendar
    server = CalendarServer(settings, seconds=seconds)
    return CalendarKeeper(storage, clinic, "amara-osei", server, threading.Event(), clock)


@pytest.fixture
def keeper(storage, clinic, clock):
    return keeper_of(storage, clinic, clock)


def entries(calendar):
    """What its owner sees: summary, beginning and SEQUENCE of each entry."""
    found = [ICalendar.from_ical(event.data).walk("VEVENT")[0] for event in calendar.events()]
    return sorted(
        (str(e["SUMMARY"]), e.start.astimezone(UTC), int(e.get("SEQUENCE", 0))) for e in found
    )


def add(calendar, lines, uid="private"):
    calendar.save_event(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//her own program//\r\nBEGIN:VEVENT\r\n"
        f"UID:{uid}\r\nDTSTAMP:20261101T000000Z\r\nSUMMARY:Dentist\r\n"
        + "\r\n".join(lines)
        + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def kept(storage):
    with reading(storage) as connection:
        rows = connection.execute(busy_times.select().order_by(busy_times.c.starts_at)).all()
    return [(row.practitioner, row.starts_at, row.ends_at) for row in rows]


def test_a_booked_appointment_stands_in_the_practitioners_calendar(
    storage, clinic, calendar, keeper, request_, now
):
    booked = book(storage, clinic, request_, now)
    assert keeper.once() == 1
    assert entries(calendar) == [(booked.reference, TUESDAY_TEN, 0)]
    assert "Asha" not in calendar.events()[0].data
    assert "asha@" not in calendar.events()[0].data


def test_the_name_stands_there_where_the_clinic_says_so(
    storage, clinic, calendar, clock, request_, now
):
    shown = with_calendar(clinic, calendar.url, shows="name")
    booked = book(storage, shown, request_, now)
    keeper_of(storage, shown, clock).once()
    assert entries(calendar)[0][0] == f"{booked.reference} Asha Patel"


def test_one_booked_by_telephone_number_stands_there_too(
    storage, clinic, calendar, keeper, request_, now
):
    book(storage, clinic, replace(request_, contact=Contact("phone", "+447700900123")), now)
    keeper.once()
    assert len(entries(calendar)) == 1


def test_a_moved_appointment_moves_there_with_a_higher_sequence(
    storage, clinic, calendar, keeper, request_, now
):
    booked = book(storage, clinic, request_, now)
    keeper.once()
    later = TUESDAY_TEN + timedelta(days=7)
    reschedule(storage, clinic, booked, later, now)
    keeper.once()
    assert entries(calendar) == [(booked.reference, later, 1)]


def test_one_moved_to_somebody_else_leaves_the_calendar(
    storage, clinic, calendar, keeper, request_, now
):
    booked = book(storage, clinic, request_, now)
    keeper.once()
    assert reschedule(storage, clinic, booked, FRIDAY_TEN, now).practitioner == "tomasz-nowak"
    keeper.once()
    assert entries(calendar) == []


def test_one_moved_here_from_somebody_else_comes(storage, clinic, calendar, keeper, request_, now):
    booked = book(storage, clinic, replace(request_, starts_at=FRIDAY_TEN), now)
    keeper.once()
    assert entries(calendar) == []
    reschedule(storage, clinic, booked, TUESDAY_TEN + timedelta(days=7), now)
    keeper.once()
    assert len(entries(calendar)) == 1


def test_a_cancelled_appointment_leaves_the_calendar(
    storage, clinic, calendar, keeper, request_, now
):
    booked = book(storage, clinic, request_, now)
    keeper.once()
    cancel(storage, clinic, booked, now)
    keeper.once()
    assert entries(calendar) == []


def test_messages_that_come_late_do_not_bring_back_what_was_cancelled(
    storage, clinic, calendar, keeper, request_, now
):
    booked = book(storage, clinic, request_, now)
    cancel(storage, clinic, booked, now)
    assert keeper.once() == 2
    assert entries(calendar) == []


def test_erased_appointments_leave_the_calendar(storage, clinic, calendar, keeper, request_, now):
    book(storage, clinic, request_, now)
    keeper.once()
    none = Conversations("sqlite:///nowhere/none.db")
    erase(storage, "web:1", now, "visitor", none)
    keeper.once()
    assert entries(calendar) == []


def test_appointments_leave_the_calendar_when_retention_ends(
    storage, clinic, calendar, keeper, request_, now, clock
):
    booked = book(storage, clinic, request_, now)
    keeper.once()
    clock.now = booked.ends_at + timedelta(days=clinic.retention.appointments_days, hours=1)
    carry_out(storage, clinic, clock.now, Conversations("sqlite:///nowhere/none.db"))
    keeper.once()
    assert entries(calendar) == []


def test_appointments_made_before_there_was_a_calendar_come_into_it(
    storage, clinic, calendar, keeper, request_, now
):
    without = clinic.practitioners["amara-osei"].model_copy(update={"calendar": None})
    people = {**clinic.practitioners, "amara-osei": without}
    book(storage, clinic.model_copy(update={"practitioners": people}), request_, now)
    keeper.once()
    assert len(entries(calendar)) == 1


def test_a_busy_time_is_not_offered(storage, clinic, calendar, keeper, request_, now):
    add(calendar, ["DTSTART:20261124T094500Z", "DTEND:20261124T101500Z"])
    keeper.once()
    free = free_times(storage, clinic, "consultation", now, from_time=TUESDAY_TEN, limit=1)
    assert free[0].starts_at == datetime(2026, 11, 24, 10, 15, tzinfo=UTC)
    with pytest.raises(TimeTaken):
        hold(storage, clinic, Wanted("consultation", holder="web:9"), TUESDAY_TEN, now)
    with pytest.raises(TimeTaken):
        book(storage, clinic, request_, now)


def test_a_repeated_entry_is_busy_each_time_but_when_it_is_left_out(
    storage, clinic, calendar, keeper
):
    add(
        calendar,
        [
            "DTSTART;TZID=Europe/London:20261006T120000",
            "DTEND;TZID=Europe/London:20261006T130000",
            "RRULE:FREQ=WEEKLY;UNTIL=20261215T120000Z",
            "EXDATE;TZID=Europe/London:20261201T120000",
        ],
    )
    keeper.once()
    assert [begins.day for _, begins, _ in kept(storage)] == [24, 8, 15]
    assert {begins.hour for _, begins, _ in kept(storage)} == {12}


def test_a_whole_day_is_busy_from_midnight_to_midnight_of_the_clinic(
    storage, clinic, calendar, clock, now
):
    add(calendar, ["DTSTART;VALUE=DATE:20270401", "DTEND;VALUE=DATE:20270402"])
    booking = clinic.booking.model_copy(update={"horizon_days": 366})
    keeper_of(storage, clinic.model_copy(update={"booking": booking}), clock).once()
    summer_day = datetime(2027, 3, 31, 23, 0, tzinfo=UTC)
    assert kept(storage) == [("amara-osei", summer_day, summer_day + timedelta(days=1))]


@pytest.mark.parametrize("mark", ["TRANSP:TRANSPARENT", "STATUS:CANCELLED"])
def test_an_entry_that_is_free_or_cancelled_blocks_nothing(storage, clinic, calendar, keeper, mark):
    add(calendar, ["DTSTART:20261124T100000Z", "DTEND:20261124T110000Z", mark])
    keeper.once()
    assert kept(storage) == []


def test_ones_own_appointment_does_not_block_twice(
    storage, clinic, calendar, keeper, clock, request_, now
):
    booked = book(storage, clinic, request_, now)
    keeper.once()
    clock.now += timedelta(hours=1)
    keeper.once()
    assert kept(storage) == []
    cancel(storage, clinic, booked, now)  # its entry may still be there
    free = free_times(storage, clinic, "consultation", now, from_time=TUESDAY_TEN, limit=1)
    assert free[0].starts_at == TUESDAY_TEN


def test_a_busy_time_that_is_over_in_the_calendar_is_free_again(
    storage, clinic, calendar, keeper, clock
):
    add(calendar, ["DTSTART:20261124T100000Z", "DTEND:20261124T110000Z"])
    keeper.once()
    assert len(kept(storage)) == 1
    calendar.events()[0].delete()
    clock.now += timedelta(minutes=2)
    keeper.once()
    assert kept(storage) == []


def test_an_entry_that_cannot_be_read_does_not_hide_the_others(storage, clinic, now):
    from clinic.busy import around, busy_in

    good = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        "DTSTART:20261124T100000\r\nDURATION:PT1H\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    found = busy_in(["nonsense", good], around(now, 60), clinic.zone)
    assert found == [(TUESDAY_TEN, TUESDAY_TEN + timedelta(hours=1))]


def test_a_server_that_is_down_delays_no_booking_and_gets_it_later(
    storage, clinic, radicale, calendar, keeper, clock, request_, now
):
    add(calendar, ["DTSTART:20261124T120000Z", "DTEND:20261124T130000Z"])
    keeper.once()
    radicale.stop()
    try:
        booked = book(storage, clinic, request_, now)
        clock.now += timedelta(minutes=2)
        assert keeper.once() == 0
        assert len(kept(storage)) == 1, "what was known stays known"
        waiting = [one for one in messages(storage, "waiting") if one.kind == "calendar"]
        assert waiting[0].problem == ("the calendar's server could not be asked (ConnectionError)")
    finally:
        radicale.start()
    clock.now += PATIENCE[0]
    assert keeper.once() == 1
    assert (booked.reference, TUESDAY_TEN, 0) in entries(calendar)


@pytest.fixture
def silent():
    """A server that takes calls and never answers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(20)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/amara/"


def test_a_server_that_does_not_answer_delays_no_letter(
    storage, clinic, clock, request_, now, silent, tmp_path
):
    slow = with_calendar(clinic, silent)
    book(storage, slow, request_, now)
    keeper = keeper_of(storage, slow, clock, seconds=0.2)
    assert keeper.once() == 0
    (one,) = [one for one in messages(storage, "waiting") if one.kind == "calendar"]
    assert one.problem == "the calendar's server could not be asked (ReadTimeout)"
    letters = Worker(storage, slow, Mailer("", tmp_path / "mail"), clock)
    assert letters.once() == 1, "the letter goes without the calendar"


def test_a_wrong_password_is_dead_in_the_end_and_is_told_to_nobody(
    storage, clinic, clock, request_, now, monkeypatch, capsys, calendar
):
    monkeypatch.setenv(VARIABLE, "not-the-password")
    book(storage, clinic, request_, now)
    keeper = keeper_of(storage, clinic, clock)
    for patience in (timedelta(0), *PATIENCE):
        clock.now += patience
        keeper.once()
    (dead,) = messages(storage, "dead")
    assert dead.problem == "the calendar's server refused user and password"
    assert "not-the-password" not in "".join(capsys.readouterr())
    monkeypatch.setenv(VARIABLE, PASSWORD)
    try_again(storage, clock.now)
    assert keeper_of(storage, clinic, clock).once() == 1
    assert len(entries(calendar)) == 1


def test_a_calendar_that_is_not_there_is_said(storage, clinic, clock, request_, now, calendar):
    nowhere = with_calendar(clinic, str(calendar.url).replace("calendar-", "no-calendar-"))
    book(storage, nowhere, request_, now)
    assert keeper_of(storage, nowhere, clock).once() == 0
    (one,) = [one for one in messages(storage, "waiting") if one.kind == "calendar"]
    assert one.problem.startswith("the calendar's server answered 4")


def test_a_password_that_the_environment_lacks_is_named(storage, clinic, monkeypatch):
    monkeypatch.delenv(VARIABLE)
    words = rf'practitioners.amara-osei.calendar.password_variable "{VARIABLE}": there is no'
    with pytest.raises(ClinicError, match=words):
        Worker(storage, clinic, Mailer(""))


def test_what_was_for_a_calendar_that_is_gone_is_forgotten(
    storage, clinic, calendar, keeper, request_, now
):
    add(calendar, ["DTSTART:20261124T120000Z", "DTEND:20261124T130000Z"])
    keeper.once()
    book(storage, clinic, request_, now)
    with writing(storage) as transaction:
        put(transaction, "a letter", "email", {}, now)
    forget_calendars_gone(storage, clinic)
    assert kept(storage) and "calendar" in {one.kind for one in messages(storage, "waiting")}
    forget_calendars_gone(
        storage,
        with_calendar(clinic, calendar.url).model_copy(
            update={"practitioners": {"tomasz-nowak": clinic.practitioners["tomasz-nowak"]}}
        ),
    )
    assert kept(storage) == []
    assert {one.kind for one in messages(storage, "waiting")} == {"email"}


def test_the_worker_keeps_the_calendars_beside_the_letters(
    storage, clinic, calendar, request_, tmp_path
):
    import time

    now = datetime.now(UTC)
    [first] = free_times(
        storage, clinic, Wanted("consultation", practitioner="amara-osei"), now, limit=1
    )
    booked = book(storage, clinic, replace(request_, starts_at=first.starts_at), now)
    worker = Worker(storage, clinic, Mailer("", tmp_path / "mail"))
    running = threading.Thread(target=worker.run)
    running.start()
    until = time.monotonic() + 30
    while not entries(calendar) and time.monotonic() < until:
        time.sleep(0.1)
    worker.stop()
    running.join(30)
    assert not running.is_alive()
    assert booked.reference in entries(calendar)[0][0]
