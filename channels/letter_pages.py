"""What the pages behind the letters' links share: who may see them, and how they are answered.

A page is only looked at with GET, and changes something only with POST: mail programs and their
scanners open links by themselves. A page needs no script and no cookie; the link is the proof.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from channels.forms import body_of
from channels.limits import Limits
from channels.words import telephone_link, too_many_pages
from clinic.errors import (
    DiaryUnreachable,
    LinkNotOurs,
    LinkOver,
    StorageError,
    VisitorError,
)
from clinic.links import Links, Page
from clinic.profile import Clinic
from clinic.storage import Storage, open_storage
from clinic.words import time_in_words

log = structlog.get_logger()

TEMPLATES = Path(__file__).parent / "pages"
STYLES = Path(__file__).parent / "styles"
LARGEST_FORM = 2000

HEADERS = {
    # The address of the page is its key: no other site shall be told it, nor a search engine.
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
}
STATUS: dict[type[Exception], int] = {
    LinkNotOurs: 404,
    LinkOver: 410,
    DiaryUnreachable: 503,
    StorageError: 503,
}


@dataclass(frozen=True)
class Asked:
    """A request with a good link: what the page is about (a reference, an offer's number), its
    address, and what the form or the address says besides."""

    about: str
    here: str
    given: dict[str, str]


Answer = Callable[[Asked], Response]


class LetterPages:
    """Answers requests for the pages of one clinic; other classes say what stands on them."""

    def __init__(self, clinic: Clinic, links: Links, limits: Limits, database_url: str) -> None:
        self.clinic = clinic
        self._links = links
        self._limits = limits
        self._templates = Jinja2Templates(TEMPLATES)
        self._open = functools.cache(functools.partial(open_storage, database_url or None))

    @property
    def storage(self) -> Storage:
        """The clinic's database, opened when it is first needed: a chat does not wait for it."""
        return self._open()

    def route(self, page: Page, path: str, looks: Answer, changes: Answer | None = None) -> Route:
        """A route of a kind of page: ``looks`` answers a GET, ``changes`` a POST."""
        answers = {"GET": looks, "HEAD": looks} | ({"POST": changes} if changes else {})

        async def endpoint(request: Request) -> Response:
            return await self._answer(request, page, answers[request.method])

        return Route(f"/{page}/{{token}}{path}", endpoint, methods=list(answers))

    def show(self, template: str, status: int = 200, **words: Any) -> Response:
        """A page; every template knows the clinic and how to say a time."""
        known = {
            "clinic": self.clinic,
            "phone_link": telephone_link(self.clinic.phone),
            "in_words": lambda at: time_in_words(at, self.clinic),
        }
        text = self._templates.get_template(template).render({**known, **words})
        return Response(text, status, HEADERS, "text/html")

    def notice(self, title: str, text: str, status: int = 200) -> Response:
        """A page that says one thing, and how to reach the clinic."""
        return self.show("notice.html", status, title=title, text=text)

    def path(self, page: Page, about: str, until: datetime) -> str:
        """The path of a page, by a link of its own."""
        link = self._links.link(page, about, until)
        return link[link.index(f"/{page}/") :]

    def go(self, page: Page, about: str, until: datetime, done: str = "") -> Response:
        """On to a page, by a link of its own that says what has been done.

        So only who did it is told of it, and not everybody with the letter's link.
        """
        path = self.path(page, f"{about} {done}".strip(), until)
        return RedirectResponse(path, 303, HEADERS)

    async def _answer(self, request: Request, page: Page, answer: Answer) -> Response:
        token = request.path_params["token"]
        address = request.client.host if request.client else ""
        changes = request.method == "POST"
        if not await self._limits.page(address, token if changes else None):
            return self.notice("One moment, please", too_many_pages(), 429)
        try:
            about = self._links.read(page, token, datetime.now(UTC))
            given = await _form(request) if changes else dict(request.query_params)
            return await run_in_threadpool(answer, Asked(about, f"/{page}/{token}", given))
        except StorageError:
            log.exception("letter_pages.no_database")
            return self._sorry(DiaryUnreachable())
        except VisitorError as error:
            return self._sorry(error)

    def _sorry(self, error: VisitorError) -> Response:
        status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 409)
        return self.notice("This did not work", error.words, status)


def at(text: str | None) -> datetime | None:
    """An aware instant of a form or an address; None where it is none."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None


async def _form(request: Request) -> dict[str, str]:
    body = await body_of(request, LARGEST_FORM)
    if body is None:
        raise LinkNotOurs
    try:
        return dict(parse_qsl(body.decode()))
    except ValueError:
        return {}
