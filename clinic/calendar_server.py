"""A calendar on a CalDAV server (RFC 4791, by way of the caldav library)."""

from __future__ import annotations

import os
from urllib.parse import urljoin

import caldav
from caldav.lib.error import AuthorizationError, DAVError

from clinic.errors import ClinicError
from clinic.profile import Calendar
from clinic.spans import Interval

SECONDS = 10


class CalendarFailed(Exception):
    """The server cannot be reached or does not do what it was asked; it may do so later."""


class CalendarServer:
    """The calendar that ``settings`` name, with the password out of the environment.

    Raises ClinicError where the environment has none. Every call raises CalendarFailed, in words
    without user, password or address.
    """

    def __init__(self, settings: Calendar, key: str = "calendar", seconds: float = SECONDS) -> None:
        password = os.environ.get(settings.password_variable)
        if not password:
            raise ClinicError(
                f'{key}.password_variable "{settings.password_variable}": there is no such '
                "environment variable: set it to the calendar's password"
            )
        self._url = settings.url
        self._client = caldav.DAVClient(
            settings.url, username=settings.user, password=password, timeout=seconds
        )

    def save(self, reference: str, calendar: str) -> None:
        """Puts an appointment's entry there, in place of the one that there is."""
        headers = {"Content-Type": "text/calendar; charset=utf-8"}
        self._ask("PUT", reference, calendar, headers)

    def remove(self, reference: str) -> None:
        """Takes an appointment's entry away. One that is not there is away."""
        self._ask("DELETE", reference, missing_is_fine=True)

    def entries(self, reach: Interval) -> list[str]:
        """The entries that touch ``reach``, as iCalendar texts; what repeats as it is written."""
        calendar = caldav.Calendar(client=self._client, url=self._url)
        try:
            found = calendar.search(event=True, start=reach[0], end=reach[1])
            return [entry.data for entry in found]
        except (DAVError, OSError) as error:
            raise _in_words(error) from error

    def _ask(
        self,
        method: str,
        reference: str,
        body: str = "",
        headers: dict[str, str] | None = None,
        missing_is_fine: bool = False,
    ) -> None:
        url = urljoin(self._url, f"{reference}.ics")
        try:
            status = self._client.request(url, method, body, headers).status
        except (DAVError, OSError) as error:
            raise _in_words(error) from error
        if not (200 <= status < 300 or (missing_is_fine and status in {404, 410})):
            raise CalendarFailed(f"the calendar's server answered {status}")


def _in_words(error: Exception) -> CalendarFailed:
    if isinstance(error, AuthorizationError):
        return CalendarFailed("the calendar's server refused user and password")
    # The library's own texts have addresses in them.
    return CalendarFailed(f"the calendar's server could not be asked ({type(error).__name__})")
