"""Sends letters: by SMTP where SMTP_URL says how, else into files, for whoever tries it out."""

from __future__ import annotations

import hashlib
import os
import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from clinic.errors import ClinicError
from clinic.letters import with_link
from clinic.links import Links
from clinic.profile import Clinic

FILES = "var/mail"
SECONDS = 20
HOW = (
    "write smtp://user:password@host:587 (with STARTTLS where the server offers it), or "
    "smtps://user:password@host:465"
)


class Undeliverable(Exception):
    """The server refuses the letter for good: trying again would not help."""


class Mailer:
    """Where letters are given up. ``url`` is SMTP_URL; without one they become files.

    Raises ClinicError for an address that is none.
    """

    def __init__(self, url: str | None = None, files: Path | None = None) -> None:
        url = os.environ.get("SMTP_URL") if url is None else url
        self._files = files or Path(os.environ.get("MAIL_FILES", FILES))
        self._server = urlsplit(url) if url else None
        if self._server and not (
            self._server.scheme in {"smtp", "smtps"} and self._server.hostname
        ):
            raise ClinicError(f'SMTP_URL "{_without_password(url or "")}": {HOW}')

    @property
    def in_words(self) -> str:
        """Where letters go, for the log."""
        if self._server is None:
            return f"files in {self._files}, since SMTP_URL is not set"
        return f"{self._server.hostname}"

    def send(self, letter: EmailMessage) -> None:
        """Gives the letter up. Raises Undeliverable, or OSError and smtplib's errors if it may
        go later."""
        if self._server is None:
            self._files.mkdir(parents=True, exist_ok=True)
            name = f"{letter['Message-ID'].strip('<>').partition('@')[0]}.eml"
            (self._files / name).write_bytes(letter.as_bytes())
            return
        try:
            with self._connected() as server:
                server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            if code >= 500:
                raise Undeliverable(f"the address was refused ({code})") from error
            raise
        except smtplib.SMTPResponseException as error:
            # Its words may repeat the address; the number says enough.
            if error.smtp_code >= 500 and not isinstance(error, smtplib.SMTPAuthenticationError):
                raise Undeliverable(f"the letter was refused ({error.smtp_code})") from error
            raise

    def _connected(self) -> smtplib.SMTP:
        assert self._server is not None and self._server.hostname
        host, port = self._server.hostname, self._server.port
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if self._server.scheme == "smtps":
            server = smtplib.SMTP_SSL(host, port or 465, timeout=SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, port or 587, timeout=SECONDS)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
        if self._server.username:
            server.login(unquote(self._server.username), unquote(self._server.password or ""))
        return server


def email_of(
    content: dict[str, Any], key: str, clinic: Clinic, now: datetime, links: Links | None = None
) -> EmailMessage:
    """The letter that the outbox keeps, with its link where there are ``links``. One with the same
    ``key`` has the same Message-ID, so that a receiver who gets it twice shows it once."""
    letter = EmailMessage()
    domain = clinic.email.partition("@")[2]
    letter["Message-ID"] = f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"
    letter["Date"] = format_datetime(now)
    letter["From"] = f"{clinic.name} <{clinic.email}>"
    letter["To"] = content["to"]
    letter["Subject"] = content["subject"]
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(with_link(content, links))
    if calendar := content.get("calendar"):
        letter.add_attachment(
            calendar.encode(),
            maintype="text",
            subtype="calendar",
            filename="appointment.ics",
            params={"method": content["method"], "charset": "utf-8"},
        )
    return letter


def _without_password(url: str) -> str:
    before, at, host = url.rpartition("@")
    return f"{before.partition('//')[0]}//…@{host}" if at else url
