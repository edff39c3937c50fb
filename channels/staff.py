"""The staff's page: bookings, enquiries, wait list, outbox and changes, behind a login.

Written here and not taken from an admin library: sqladmin puts what is searched for, a visitor's
name or address, into the URL, and has no protection against forged forms; starlette-admin needs
SQLAlchemy 2, where Rasa needs 1.4. Both would change rows past the clinic's rules and its audit
trail. This page needs no script, and everything that changes goes through ``clinic/``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from channels.forms import body_of
from channels.staff_login import COOKIE, PATH, Login, Session, from_own_page
from clinic.appointments import BOOKED
from clinic.audit import record
from clinic.changes import cancel
from clinic.enquiries import close
from clinic.errors import NotProven, NotToBeChanged, VisitorError
from clinic.lists import LISTS, Listing, listing
from clinic.outbox import try_again
from clinic.own_appointment import appointment_of
from clinic.profile import Clinic
from clinic.spreadsheet import as_csv
from clinic.storage import Storage, writing

PAGES = Path(__file__).parent / "staff_pages"
SHOWN = 200  # rows on a page; a search or the file for a spreadsheet has the others
LARGEST_FORM = 10_000

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
TITLES = {
    "enquiries": "Enquiries",
    "bookings": "Bookings",
    "wait-list": "Wait list",
    "outbox": "Outbox",
    "changes": "Changes",
}
# What was done, for the page after it. The address names no person and no reference.
DONE = {
    "close": "The enquiry is closed.",
    "cancel": "The appointment is cancelled, and its time is free again.",
    "send-again": "It will be sent again within seconds.",
    "none": "Nothing was changed: somebody was faster.",
}

Handler = Callable[[Request, Session, dict[str, str]], Awaitable[Response]]


class Staff:
    """The page, for one clinic and its database."""

    def __init__(self, clinic: Clinic, storage: Storage, login: Login) -> None:
        self._clinic = clinic
        self._storage = storage
        self._login = login
        self._templates = Jinja2Templates(PAGES)

    def routes(self) -> list[BaseRoute]:
        return [
            Route(PATH, self.start),
            Route(f"{PATH}/login", self.login_page, methods=["GET"]),
            Route(f"{PATH}/login", self.log_in, methods=["POST"]),
            Route(f"{PATH}/logout", self._signed_in(self.log_out), methods=["POST"]),
            Route(f"{PATH}/act", self._signed_in(self.act), methods=["POST"]),
            Route(f"{PATH}/file", self._signed_in(self.file), methods=["POST"]),
            Mount(f"{PATH}/style", StaticFiles(directory=PAGES / "style")),
            Route(f"{PATH}/{{name}}", self._signed_in(self.look), methods=["GET", "POST"]),
        ]

    async def start(self, request: Request) -> Response:
        return RedirectResponse(f"{PATH}/enquiries", 303, HEADERS)

    async def login_page(self, request: Request) -> Response:
        return self._page(request, "login.html", {"problem": ""})

    async def log_in(self, request: Request) -> Response:
        """Checks name and password. Too many attempts are refused, right or not."""
        if not from_own_page(request):
            return self._problem(request, "Please sign in on this page.", 403)
        form = await read_form(request)
        address = request.client.host if request.client else ""
        if not await asyncio.to_thread(self._login.may_try, address):
            return self._problem(request, "Too many attempts. Please try again in an hour.", 429)
        name = " ".join(form.get("name", "").split())
        session = await asyncio.to_thread(
            self._login.session_for, name, form.get("password", "")[:1000]
        )
        if session is None:
            return self._problem(request, "That was not right. Please give name and password.", 403)
        await asyncio.to_thread(self._login.forget_attempts, address)
        await asyncio.to_thread(self._note, session, "signed in", "staff page")
        response = RedirectResponse(f"{PATH}/enquiries", 303, HEADERS)
        self._login.give(response, request, session)
        return response

    async def log_out(self, request: Request, session: Session, form: dict[str, str]) -> Response:
        response = RedirectResponse(f"{PATH}/login", 303, HEADERS)
        response.delete_cookie(COOKIE, PATH, httponly=True, samesite="strict")
        return response

    async def look(self, request: Request, session: Session, form: dict[str, str]) -> Response:
        """One list. A search is posted, so that no name gets into an address or a history."""
        name = request.path_params["name"]
        if name not in LISTS:
            return self._page(request, "missing.html", {"session": session}, 404)
        found = await self._found(name, form)
        words = {
            "session": session,
            "name": name,
            "listing": found,
            "shown": found.rows[:SHOWN],
            "search": form.get("search", ""),
            "past_too": bool(form.get("past_too")),
            "done": DONE.get(request.query_params.get("done", ""), ""),
        }
        return self._page(request, "list.html", words)

    async def file(self, request: Request, session: Session, form: dict[str, str]) -> Response:
        """The list, as searched, as a file for a spreadsheet; noted in the audit trail."""
        name = form.get("name", "")
        if name not in LISTS:
            return self._page(request, "missing.html", {"session": session}, 404)
        found = await self._found(name, form)
        await asyncio.to_thread(self._note, session, "exported", name)
        headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
        return Response(as_csv(found), headers={**HEADERS, **headers}, media_type="text/csv")

    async def act(self, request: Request, session: Session, form: dict[str, str]) -> Response:
        """Closes an enquiry, cancels an appointment, or sends a message again."""
        name, key = form.get("name", ""), form.get("key", "")
        deed = {"enquiries": "close", "bookings": "cancel", "outbox": "send-again"}.get(name)
        if deed is None:
            return self._page(request, "missing.html", {"session": session}, 404)
        done = await asyncio.to_thread(self._do, deed, key, session)
        return RedirectResponse(f"{PATH}/{name}?done={deed if done else 'none'}", 303, HEADERS)

    def _do(self, deed: str, key: str, session: Session) -> bool:
        now = datetime.now(UTC)
        if deed == "close":
            return close(self._storage, key, now, session.who)
        if deed == "send-again":
            number = int(key) if key.isdecimal() else -1
            again = try_again(self._storage, now, number)
            if again:
                self._note(session, "sent again", f"message {number}")
            return bool(again)
        try:
            found = appointment_of(self._storage, key)
            cancel(self._storage, self._clinic, found, now, session.who)
        except (NotProven, NotToBeChanged):
            return False
        return found.status == BOOKED

    async def _found(self, name: str, form: dict[str, str]) -> Listing:
        past_too = bool(form.get("past_too"))
        now = datetime.now(UTC)
        found = await asyncio.to_thread(
            listing, name, self._storage, self._clinic, now, past_too=past_too
        )
        return found.with_words(form.get("search", ""))

    def _note(self, session: Session, did: str, subject: str) -> None:
        with writing(self._storage) as transaction:
            record(transaction, datetime.now(UTC), session.who, did, subject)

    def _signed_in(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        """For those who have signed in only; what they send must come from a page of theirs."""

        async def guarded(request: Request) -> Response:
            session = self._login.session_of(request)
            if session is None:
                return RedirectResponse(f"{PATH}/login", 303, HEADERS)
            form = {} if request.method in {"GET", "HEAD"} else await read_form(request)
            if request.method == "POST" and not (from_own_page(request) and session.sent(form)):
                return self._page(request, "refused.html", {"session": session}, 403)
            try:
                return await handler(request, session, form)
            except VisitorError as error:
                words = {"session": session, "problem": error.words}
                return self._page(request, "problem.html", words, 503)

        return guarded

    def _problem(self, request: Request, words: str, status: int) -> Response:
        return self._page(request, "login.html", {"problem": words}, status)

    def _page(
        self, request: Request, template: str, words: dict[str, object], status: int = 200
    ) -> Response:
        words = {"clinic": self._clinic, "titles": TITLES, **words}
        return self._templates.TemplateResponse(request, template, words, status, HEADERS)


async def read_form(request: Request) -> dict[str, str]:
    """What a form sends; nothing where it is larger than any form of ours."""
    body = await body_of(request, LARGEST_FORM) or b""
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
