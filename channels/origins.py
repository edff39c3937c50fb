"""Which pages may open the chat: those of the gateway itself, and those that clinic.yml names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


class Origins:
    """A browser says where a page comes from, and cannot be made to lie about it. What is no
    browser says nothing, and is let in: it could say anything."""

    def __init__(self, allowed: Iterable[str]) -> None:
        self._allowed = {origin.rstrip("/").lower() for origin in allowed}

    def allow(self, origin: str | None, environ: Mapping[str, Any]) -> bool:
        """Whether a page of this origin may connect."""
        if not origin:
            return True
        host = environ.get("HTTP_X_FORWARDED_HOST") or environ.get("HTTP_HOST") or ""
        proto = environ.get("HTTP_X_FORWARDED_PROTO") or environ.get("wsgi.url_scheme") or ""
        scheme = {"ws": "http", "wss": "https"}.get(_first(proto), _first(proto))
        own = f"{scheme}://{_first(host)}"
        return origin.lower() in self._allowed | {own}


def _first(header: str) -> str:
    return header.split(",", maxsplit=1)[0].strip().lower()
