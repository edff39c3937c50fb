"""The clinic's demo page, and the widget's files and facts."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from channels.words import greeting, open_or_closed, telephone_link
from clinic.hours import now_in_words
from clinic.profile import Clinic

WIDGET = Path(__file__).parent.parent / "widget"

# Nothing from elsewhere, nothing inline: the page proves that the widget lives under this.
POLICY = (
    "default-src 'self'; connect-src 'self' ws: wss:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'self'"
)

# The widget's files are for the pages of other sites too: their browsers want to be told.
PUBLIC = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}

PRIVACY = (
    "What you write is kept by the clinic, to answer you and to book. "
    "Please leave out names and photos until I ask for a name."
)


class CheckedFiles(StaticFiles):
    """Files that a browser may keep, but checks for a newer version each time."""

    def file_response(self, *arguments: Any, **options: Any) -> Response:
        response = super().file_response(*arguments, **options)
        response.headers["Cache-Control"] = "no-cache"
        response.headers.update(PUBLIC)
        return response


class Site:
    """The pages of the gateway, for one clinic."""

    def __init__(self, clinic: Clinic) -> None:
        self._clinic = clinic
        self._templates = Jinja2Templates(WIDGET)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self.page),
            Route("/widget/config.json", self.facts),
            Mount("/widget", CheckedFiles(directory=WIDGET)),
            Mount("/pictures", CheckedFiles(directory=WIDGET / "pictures")),
        ]

    async def page(self, request: Request) -> Response:
        """The clinic's page, with the widget in its corner."""
        words = {"clinic": self._clinic, "hours": self._hours()}
        page = self._templates.TemplateResponse(request, "demo.html", words)
        page.headers["Content-Security-Policy"] = POLICY
        return page

    async def facts(self, request: Request) -> Response:
        """What the widget shows of the clinic."""
        clinic = self._clinic
        return JSONResponse(
            {
                "name": clinic.name,
                "phone": clinic.phone,
                "phone_href": telephone_link(clinic.phone),
                "emergency": {
                    "number": clinic.emergency.emergency,
                    "words": f"In an emergency call {clinic.emergency.emergency}",
                },
                "greeting": greeting(clinic),
                "privacy": PRIVACY,
                "hours": open_or_closed(clinic, datetime.now(UTC)),
                "time_zone": clinic.time_zone,
                "longest_message": clinic.chat.longest_message,
            },
            headers={"Cache-Control": "no-store", **PUBLIC},
        )

    def _hours(self) -> str:
        return now_in_words(self._clinic, datetime.now(UTC))
