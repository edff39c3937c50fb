"""Web sessions: the server chooses who a visitor is, and signs it."""

from __future__ import annotations

import uuid

from itsdangerous import BadData, URLSafeTimedSerializer

LIFETIME = 24 * 60 * 60


class Sessions:
    """Issues and reads session tokens: a random id, signed, valid for 24 hours.

    A visitor who shows a token goes on with that conversation; nobody can name another's,
    because nobody else can sign.
    """

    def __init__(self, secret: str) -> None:
        self._serializer = URLSafeTimedSerializer(secret, salt="web-session")

    def open(self, token: object = None) -> tuple[str, str]:
        """A (sender id, token): the one that ``token`` proves, or else a new one."""
        if isinstance(token, str):
            try:
                return self._sender(self._serializer.loads(token, max_age=LIFETIME)), token
            except BadData:
                pass  # forged, mangled or expired: the visitor simply starts afresh
        session = str(uuid.uuid4())
        return self._sender(session), str(self._serializer.dumps(session))

    @staticmethod
    def _sender(session: str) -> str:
        return f"web:{session}"
