"""Web sessions: the server chooses who a visitor is, and signs it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from itsdangerous import BadData, URLSafeTimedSerializer

LIFETIME = 24 * 60 * 60
LONGEST_TOKEN = 300


class Sessions:
    """Issues and reads session tokens: a random id, signed, valid for 24 hours.

    A visitor who shows a token goes on with that conversation; nobody can name another's,
    because nobody else can sign. One who shows a token in the second half of its life gets a new
    one for the same conversation.
    """

    def __init__(self, secret: str) -> None:
        self._serializer = URLSafeTimedSerializer(secret, salt="web-session")

    def open(self, token: object = None) -> tuple[str, str]:
        """A (sender id, token): the one that ``token`` proves, or else a new one."""
        known = self._known(token)
        if known is None:
            session = str(uuid.uuid4())
            return self._sender(session), self._token(session)
        session, signed = known
        old = (datetime.now(UTC) - signed).total_seconds() > LIFETIME / 2
        return self._sender(session), self._token(session) if old else str(token)

    def proves(self, token: object) -> bool:
        """Whether it is a token of ours that has not expired."""
        return self._known(token) is not None

    def _known(self, token: object) -> tuple[str, datetime] | None:
        if isinstance(token, str) and len(token) <= LONGEST_TOKEN:
            try:
                session, signed = self._serializer.loads(token, return_timestamp=True)
                # One from the future is ours, too: the clock has been put back since.
                if (datetime.now(UTC) - signed).total_seconds() <= LIFETIME:
                    return str(session), signed
            except BadData:
                pass  # forged, mangled or expired: the visitor simply starts afresh
        return None

    def _token(self, session: str) -> str:
        return str(self._serializer.dumps(session))

    @staticmethod
    def _sender(session: str) -> str:
        return f"web:{session}"
