"""Who may see the staff's page: a password, a signed cookie, and few attempts."""

from __future__ import annotations

import contextlib
import hmac
import secrets
from dataclasses import dataclass

import structlog
from itsdangerous import BadData, URLSafeTimedSerializer
from limits import RateLimitItem, RateLimitItemPerHour
from starlette.requests import Request
from starlette.responses import Response

from channels.limits import counter
from clinic.password import matches

log = structlog.get_logger()

COOKIE = "milia-staff"
PATH = "/staff"
LIFETIME = 8 * 60 * 60  # a working day
LONGEST_NAME = 40
FROM_ONE_ADDRESS = RateLimitItemPerHour(10)
OF_ALL = RateLimitItemPerHour(100)  # guesses that come from everywhere


@dataclass(frozen=True)
class Session:
    """Somebody of the staff who has signed in. ``csrf`` is what their forms must carry."""

    name: str
    csrf: str

    @property
    def who(self) -> str:
        """How the audit trail calls them."""
        return f"staff: {self.name}"

    def sent(self, form: dict[str, str]) -> bool:
        """Whether a form came from a page of this session's."""
        return hmac.compare_digest(form.get("csrf", "").encode(), self.csrf.encode())


class Login:
    """Gives sessions for the password, and reads them. A new password ends all of them."""

    def __init__(self, password_hash: str, secret: str, redis_url: str = "") -> None:
        self._hash = password_hash
        self._cookies = URLSafeTimedSerializer(secret + password_hash, salt="staff-session")
        self._attempts = counter(redis_url)

    def may_try(self, address: str) -> bool:
        """Counts an attempt; whether there have not been too many in the last hour."""
        return self._hit(FROM_ONE_ADDRESS, address) and self._hit(OF_ALL, "all")

    def session_for(self, name: str, password: str) -> Session | None:
        """A session for whoever knows the password."""
        if name and matches(password, self._hash):
            return Session(name[:LONGEST_NAME], secrets.token_urlsafe(24))
        log.warning("staff.login_failed")
        return None

    def forget_attempts(self, address: str) -> None:
        """After a right password: an office with many people shares one address."""
        with contextlib.suppress(Exception):  # else they are forgotten after an hour
            self._attempts.clear(FROM_ONE_ADDRESS, "staff-login", address)

    def session_of(self, request: Request) -> Session | None:
        """The session that the request's cookie proves, if any."""
        try:
            kept = self._cookies.loads(request.cookies.get(COOKIE, ""), max_age=LIFETIME)
            return Session(kept["name"], kept["csrf"])
        except (BadData, KeyError, TypeError):
            return None

    def give(self, response: Response, request: Request, session: Session) -> None:
        """Puts the session into a cookie that no script and no other site gets to use."""
        response.set_cookie(
            COOKIE,
            str(self._cookies.dumps({"name": session.name, "csrf": session.csrf})),
            max_age=LIFETIME,
            path=PATH,
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="strict",
        )

    def _hit(self, limit: RateLimitItem, of: str) -> bool:
        try:
            return self._attempts.hit(limit, "staff-login", of)
        except Exception:  # without a count, nobody: guessing must not become free
            log.exception("staff.attempts_not_counted")
            return False


def from_own_page(request: Request) -> bool:
    """Whether the browser says that a form was sent from a page of this gateway's."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or origin.partition("://")[2] == request.headers.get("host")
