"""The worker: what happens without a visitor. `python -m clinic.worker` runs until it is told to
stop, and finishes the message in hand first."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

from clinic.calendar_keeper import keepers
from clinic.calendars import forget_calendars_gone
from clinic.conversations import Conversations
from clinic.digest import put_digest
from clinic.errors import ClinicError, ConversationsUnreachable, DiaryUnreachable
from clinic.holds import forget_expired
from clinic.links import links_from
from clinic.mail import Mailer, email_of
from clinic.outbox import Message
from clinic.private_logs import log_from
from clinic.profile import Clinic, load_clinic
from clinic.retention import carry_out
from clinic.sending import send_due
from clinic.storage import Storage, open_storage
from clinic.waiting_offers import pass_on

log = structlog.get_logger()

SECONDS_BETWEEN = 5.0
# Retention looks through all conversations: it need not do so each time.
RETENTION_EVERY = timedelta(seconds=30)


class Worker:
    """Sends the outbox and keeps the house: expired holds, the digest, retention, calendars.

    Raises ClinicError where the environment lacks a calendar's password, or its PUBLIC_URL is no
    address.
    """

    def __init__(
        self,
        storage: Storage,
        clinic: Clinic,
        mailer: Mailer,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._storage = storage
        self._clinic = clinic
        self._mailer = mailer
        self._links = links_from()
        self._now = now
        self._stop = threading.Event()
        self._retained_at: datetime | None = None
        self._keepers = keepers(storage, clinic, self._stop)

    def stop(self, *signal_: object) -> None:
        """Lets it end after the message in hand."""
        self._stop.set()

    def run(self) -> None:
        """Works until it is stopped; a database that does not answer is tried again."""
        for keeper in self._keepers:
            # Not waited for at the end: what it has in hand is tried again, and does no harm twice.
            threading.Thread(target=keeper.run, args=(SECONDS_BETWEEN,), daemon=True).start()
        while not self._stop.is_set():
            try:
                self.once()
            except DiaryUnreachable:
                log.warning("worker.database_unreachable")
            self._stop.wait(SECONDS_BETWEEN)

    def once(self) -> int:
        """Does what is due now; returns how many messages it sent."""
        now = self._now()
        pass_on(self._storage, self._clinic, now)
        forget_expired(self._storage, now)
        put_digest(self._storage, self._clinic, now)
        if self._retained_at is None or abs(now - self._retained_at) >= RETENTION_EVERY:
            self._retain(now)
        forget_calendars_gone(self._storage, self._clinic)
        return send_due(self._storage, self._now, self._stop, self._deliver)

    def _retain(self, now: datetime) -> None:
        try:
            carry_out(self._storage, self._clinic, now)
        except ConversationsUnreachable as error:  # letters need not wait for them
            log.warning("worker.conversations_unreachable", problem=str(error))
        self._retained_at = now

    def _deliver(self, message: Message) -> None:
        if message.kind == "forget":
            Conversations().forget(message.content["sender"])
            return
        key = message.message_key
        letter = email_of(message.content, key, self._clinic, self._now(), self._links)
        self._mailer.send(letter)


def main() -> None:
    """The worker as a process of its own."""
    try:
        log_from(os.environ.get("LOG_LEVEL", "INFO"), "worker")
        clinic = load_clinic(os.environ.get("CLINIC_FILE", "clinic.yml"))
        mailer = Mailer()
        worker = Worker(open_storage(), clinic, mailer)
    except ClinicError as error:
        sys.exit(str(error))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, worker.stop)
    print(f"worker: letters go to {mailer.in_words}", flush=True)
    if links_from() is None:
        print("worker: letters have no links, since PUBLIC_URL is not set", flush=True)
    worker.run()


if __name__ == "__main__":
    main()
