"""Links in letters: signed, with an end, each to one page about one thing.

Signed when the letter is sent and kept nowhere: who reads the database has no link of anybody's.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal, get_args

from itsdangerous import BadData, URLSafeSerializer

from clinic.errors import ClinicError, LinkNotOurs, LinkOver

Page = Literal["appointment", "offer", "waiting-list"]
PAGES: tuple[Page, ...] = get_args(Page)
LONGEST = 300


class Links:
    """Makes and reads the links of the gateway at ``address``."""

    def __init__(self, secret: str, address: str = "") -> None:
        self._address = address.rstrip("/")
        self._serializers = {page: URLSafeSerializer(secret, f"link-{page}") for page in PAGES}

    def link(self, page: Page, about: str, until: datetime) -> str:
        """The address of a page about ``about`` (a reference, or an offer's number)."""
        content = [about, int(until.timestamp())]
        return f"{self._address}/{page}/{self._serializers[page].dumps(content)}"

    def read(self, page: Page, token: str, now: datetime) -> str:
        """What a link's page is about. Raises LinkNotOurs, or LinkOver after its end."""
        if len(token) > LONGEST:
            raise LinkNotOurs
        try:
            about, until = self._serializers[page].loads(token)
        except BadData as error:
            raise LinkNotOurs from error
        if now > datetime.fromtimestamp(until, UTC):
            raise LinkOver
        return str(about)


def links_from(environment: Mapping[str, str] = os.environ) -> Links | None:
    """The links of the gateway at PUBLIC_URL; None where that or ASSISTANT_SECRET is not set.

    Raises ClinicError for an address that is none.
    """
    address, secret = environment.get("PUBLIC_URL"), environment.get("ASSISTANT_SECRET")
    if address and not re.fullmatch(r"https?://[^\s/?#@]+/?", address):
        raise ClinicError(
            f'PUBLIC_URL "{address}": write where visitors reach the assistant, for example '
            "https://chat.clinic.example"
        )
    return Links(secret, address) if address and secret else None
