"""Keeps one practitioner's calendar, at its own pace: a slow one delays nobody else."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

from clinic.calendar_server import CalendarFailed, CalendarServer
from clinic.calendars import bring_up_to_date, push_what_is_missing, refresh_busy_times
from clinic.errors import DiaryUnreachable
from clinic.outbox import Message
from clinic.profile import Clinic
from clinic.sending import send_due
from clinic.storage import Storage

log = structlog.get_logger()

REFRESHED_EVERY = timedelta(minutes=1)


class CalendarKeeper:
    """Pushes a practitioner's appointments to their calendar and reads their busy times there."""

    def __init__(
        self,
        storage: Storage,
        clinic: Clinic,
        practitioner: str,
        server: CalendarServer,
        stop: threading.Event,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._storage = storage
        self._clinic = clinic
        self._practitioner = practitioner
        self._server = server
        self._stop = stop
        self._now = now
        self._begun = False
        self._refresh_at = now()

    def run(self, seconds_between: float) -> None:
        """Works until it is stopped; a database that does not answer is tried again."""
        while not self._stop.is_set():
            try:
                self.once()
            except DiaryUnreachable:
                log.warning("calendar.database_unreachable")
            except Exception:  # one calendar's surprises must not end the keeping of it
                log.exception("calendar.failed", practitioner=self._practitioner)
            self._stop.wait(seconds_between)

    def once(self) -> int:
        """Does what is due now; returns how many messages it sent."""
        if not self._begun:
            push_what_is_missing(self._storage, self._practitioner, self._now())
            self._begun = True
        if self._now() >= self._refresh_at:
            self._refresh()
        return send_due(self._storage, self._now, self._stop, self._deliver, self._practitioner)

    def _refresh(self) -> None:
        self._refresh_at = self._now() + REFRESHED_EVERY
        try:
            refresh_busy_times(
                self._storage, self._clinic, self._server, self._practitioner, self._now()
            )
        except CalendarFailed as error:
            log.warning("calendar.not_read", practitioner=self._practitioner, problem=str(error))

    def _deliver(self, message: Message) -> None:
        bring_up_to_date(
            self._storage,
            self._clinic,
            self._server,
            self._practitioner,
            message.content["reference"],
            self._now(),
        )


def keepers(storage: Storage, clinic: Clinic, stop: threading.Event) -> list[CalendarKeeper]:
    """One for each calendar of clinic.yml. Raises ClinicError for a password that there is not."""
    return [
        CalendarKeeper(
            storage,
            clinic,
            name,
            CalendarServer(settings, f"practitioners.{name}.calendar"),
            stop,
        )
        for name, settings in clinic.calendars.items()
    ]
