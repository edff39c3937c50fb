"""Who changed what, and when: references and deeds, no names and no contacts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.engine import Connection

from clinic.request_id import current_request
from clinic.storage import Storage, reading
from clinic.tables import audit_trail

Who = str  # "visitor", "worker", "staff", or "staff: " and who of them


@dataclass(frozen=True)
class Entry:
    """One line of the audit trail."""

    at: datetime
    who: str
    did: str
    subject: str
    details: str


def record(
    transaction: Connection, now: datetime, who: Who, did: str, subject: str, details: str = ""
) -> None:
    """Writes a line, saved together with what it is about and with the request in hand."""
    transaction.execute(
        insert(audit_trail).values(
            at=now,
            who=who,
            did=did,
            subject=subject,
            details=details,
            request_id=current_request(),
        )
    )


def trail(storage: Storage, subject: str | None = None) -> list[Entry]:
    """The audit trail, of one reference or the whole, oldest first."""
    columns = (getattr(audit_trail.c, name) for name in Entry.__dataclass_fields__)
    query = select(*columns).order_by(audit_trail.c.id)
    if subject is not None:
        query = query.where(audit_trail.c.subject == subject)
    with reading(storage) as connection:
        return [Entry(*row) for row in connection.execute(query)]


def counted(storage: Storage) -> dict[str, int]:
    """How often each deed stands in the trail, as far as it is kept."""
    query = select(audit_trail.c.did, func.count()).group_by(audit_trail.c.did)
    with reading(storage) as connection:
        return {row[0]: row[1] for row in connection.execute(query)}
