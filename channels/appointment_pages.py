"""The page of one's own appointment: see it, move it, cancel it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import groupby

from starlette.responses import Response
from starlette.routing import BaseRoute

from channels.letter_pages import Asked, LetterPages, at
from clinic.appointments import BOOKED, Appointment
from clinic.changes import can_be_changed, cancel, reschedule
from clinic.errors import BookingError, NotToBeChanged
from clinic.free_times import FreeTime, Wanted, free_times
from clinic.own_appointment import appointment_of, others_like
from clinic.words import clock, day_in_words, in_zone, person_in_words

TIMES_SHOWN = 24
DONE = {
    "moved": "Your appointment has been moved. A letter with the new time is on its way.",
    "booked": "The time is yours: it is booked. A letter with the calendar file is on its way.",
}


class AppointmentPages:
    """``/appointment/<link>``, with ``/times`` to move it and ``/cancel`` to cancel it."""

    def __init__(self, pages: LetterPages) -> None:
        self._pages = pages
        self._clinic = pages.clinic

    def routes(self) -> list[BaseRoute]:
        route = self._pages.route
        return [
            route("appointment", "", self.appointment),
            route("appointment", "/times", self.times, self.move),
            route("appointment", "/cancel", self.really, self.cancel),
        ]

    def appointment(self, asked: Asked) -> Response:
        """When it is and with whom, and what can be done about it."""
        _, _, done = asked.about.partition(" ")
        return self._show(asked, self._own(asked), done)

    def times(self, asked: Asked) -> Response:
        """The times to which it can be moved, from a day on."""
        found = self._own(asked)
        if not can_be_changed(self._clinic, found, datetime.now(UTC)):
            return self._show(asked, found)
        return self._offer(asked, found, _from(asked.given, self._clinic.zone))

    def move(self, asked: Asked) -> Response:
        """Moves it to the time that was chosen."""
        found = self._own(asked)
        starts_at = at(asked.given.get("starts_at"))
        if starts_at is None:
            return self._offer(asked, found, None, "Please choose one of the times first.", 400)
        try:
            moved = reschedule(
                self._pages.storage, self._clinic, found, starts_at, datetime.now(UTC)
            )
        except BookingError as error:
            return self._offer(asked, found, None, error.problem, 409)
        except NotToBeChanged:
            return self._show(asked, self._own(asked), status=409)
        return self._pages.go("appointment", moved.reference, moved.ends_at, "moved")

    def really(self, asked: Asked) -> Response:
        """Asks whether it shall be cancelled."""
        found = self._own(asked)
        if not can_be_changed(self._clinic, found, datetime.now(UTC)):
            return self._show(asked, found)
        return self._pages.show("cancel.html", here=asked.here, appointment=found)

    def cancel(self, asked: Asked) -> Response:
        """Cancels it; twice is as good as once."""
        found = self._own(asked)
        try:
            found = cancel(self._pages.storage, self._clinic, found, datetime.now(UTC))
        except NotToBeChanged:
            return self._show(asked, self._own(asked), status=409)
        return self._pages.go("appointment", found.reference, found.ends_at)

    def _own(self, asked: Asked) -> Appointment:
        reference, _, _ = asked.about.partition(" ")
        return appointment_of(self._pages.storage, reference)

    def _show(
        self, asked: Asked, appointment: Appointment, done: str = "", status: int = 200
    ) -> Response:
        now = datetime.now(UTC)
        # The link was sent to the contact that booked them all, so it proves them all.
        others = others_like(self._pages.storage, appointment, now) if done == "booked" else []
        return self._pages.show(
            "appointment.html",
            status,
            here=asked.here,
            appointment=appointment,
            first_name=appointment.name.split()[0],
            practitioner=person_in_words(self._clinic, appointment.practitioner, self._clinic.name),
            cancelled=appointment.status != BOOKED,
            over=appointment.ends_at <= now,
            changeable=can_be_changed(self._clinic, appointment, now),
            others=[
                (one, self._pages.path("appointment", one.reference, one.ends_at)) for one in others
            ],
            done=DONE.get(done) if appointment.status == BOOKED else None,
        )

    def _offer(
        self,
        asked: Asked,
        appointment: Appointment,
        from_time: datetime | None,
        problem: str = "",
        status: int = 200,
    ) -> Response:
        times: list[FreeTime] = []
        if appointment.service in self._clinic.services:
            wanted = Wanted(appointment.service, appointment.patient)
            now = datetime.now(UTC)
            times = free_times(
                self._pages.storage,
                self._clinic,
                wanted,
                now,
                from_time=from_time,
                limit=TIMES_SHOWN,
            )
        local = [(time.starts_at, in_zone(time.starts_at, self._clinic)) for time in times]
        days = [
            (day_in_words(day), [(instant.isoformat(), clock(shown)) for instant, shown in group])
            for day, group in groupby(local, key=lambda pair: pair[1].date())
        ]
        last = local[-1][1].date() + timedelta(days=1) if len(local) == TIMES_SHOWN else None
        return self._pages.show(
            "times.html",
            status,
            here=asked.here,
            appointment=appointment,
            days=days,
            later=last,
            narrowed=from_time is not None,
            problem=problem,
        )


def _from(given: dict[str, str], zone: object) -> datetime | None:
    """Midnight of the day that the address names, on the clinic's clocks."""
    try:
        day = datetime.fromisoformat(given.get("from", "")).date()
        return datetime.combine(day, time(0), zone).astimezone(UTC)  # type: ignore[arg-type]
    except (ValueError, OverflowError):
        return None
