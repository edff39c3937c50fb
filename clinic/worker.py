"""The worker: what happens without a visitor. `python -m clinic.worker` runs until it is told to
stop, and finishes the message in hand first."""

from __future__ import annotations

import os
import signal
import smtplib
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

from clinic.conversations import Conversations
from clinic.digest import put_digest
from clinic.errors import ClinicError, DiaryUnreachable
from clinic.holds import forget_expired
from clinic.mail import Mailer, Undeliverable, email_of
from clinic.outbox import Message, claim, failed, sent
from clinic.private_logs import log_from
from clinic.profile import Clinic, load_clinic
from clinic.retention import carry_out
from clinic.storage import Storage, open_storage

log = structlog.get_logger()

SECONDS_BETWEEN = 5.0
# Retention looks through all conversations: it need not do so each time.
RETENTION_EVERY = timedelta(seconds=30)


class Worker:
    """Sends the outbox and keeps the house: expired holds, the digest, retention."""

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
        self._now = now
        self._stop = threading.Event()
        self._retention_due = now()

    def stop(self, *signal_: object) -> None:
        """Lets it end after the message in hand."""
        self._stop.set()

    def run(self) -> None:
        """Works until it is stopped; a database that does not answer is tried again."""
        while not self._stop.is_set():
            try:
                self.once()
            except DiaryUnreachable:
                log.warning("worker.database_unreachable")
            self._stop.wait(SECONDS_BETWEEN)

    def once(self) -> int:
        """Does what is due now; returns how many messages it sent."""
        now = self._now()
        forget_expired(self._storage, now)
        put_digest(self._storage, self._clinic, now)
        if now >= self._retention_due:
            carry_out(self._storage, self._clinic, now)
            self._retention_due = now + RETENTION_EVERY
        number = 0
        while not self._stop.is_set():
            message = claim(self._storage, self._now())
            if message is None:
                break
            number += self._send(message)
        return number

    def _send(self, message: Message) -> bool:
        # Log lines name the message and no person.
        line = log.bind(message=message.id, kind=message.kind)
        try:
            self._deliver(message)
        except Undeliverable as error:
            failed(self._storage, message, self._now(), str(error), for_good=True)
            line.warning("outbox.dead", problem=str(error))
            return False
        except (OSError, smtplib.SMTPException) as error:
            problem = type(error).__name__
            failed(self._storage, message, self._now(), problem)
            line.warning("outbox.failed", problem=problem, attempts=message.attempts + 1)
            return False
        sent(self._storage, message, self._now())
        line.info("outbox.sent")
        return True

    def _deliver(self, message: Message) -> None:
        if message.kind == "forget":
            Conversations().forget(message.content["sender"])
            return
        key = message.message_key
        self._mailer.send(email_of(message.content, key, self._clinic, self._now()))


def main() -> None:
    """The worker as a process of its own."""
    try:
        log_from(os.environ.get("LOG_LEVEL", "INFO"))
        clinic = load_clinic(os.environ.get("CLINIC_FILE", "clinic.yml"))
        mailer = Mailer()
        worker = Worker(open_storage(), clinic, mailer)
    except ClinicError as error:
        sys.exit(str(error))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, worker.stop)
    print(f"worker: letters go to {mailer.in_words}", flush=True)
    worker.run()


if __name__ == "__main__":
    main()
