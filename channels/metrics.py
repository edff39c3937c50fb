"""What the gateway counts, for Prometheus: turns by what came of them, and what waits to be sent.

Each gateway counts its own turns; what stands in the database (changes of appointments, the
outbox) is read when it is asked for, and is the same at each. Nothing here says who.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from clinic.audit import counted
from clinic.errors import ClinicError
from clinic.letters import on_telegram
from clinic.outbox import overdue
from clinic.storage import Storage

log = structlog.get_logger()

SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 6)
Open = Callable[[], Storage]


class Metrics:
    """Counts turns, and tells all figures to who knows the ``token``."""

    def __init__(self, token: str, storage: Open) -> None:
        self._expected = f"Bearer {token}".encode()
        self._registry = CollectorRegistry()
        self._turns = Counter(
            "milia_turns",
            "Turns, by what came of them.",
            ("channel", "outcome"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "milia_turn_seconds",
            "Seconds from taking up a message to its answer.",
            ("channel",),
            registry=self._registry,
            buckets=SECONDS,
        )
        self._registry.register(_Kept(storage))

    def turn(self, sender: str, came_of_it: str, seconds: float) -> None:
        """Counts a turn of a conversation, of which only the channel is noted."""
        channel = "telegram" if on_telegram(sender) else "web"
        self._turns.labels(channel, came_of_it).inc()
        self._seconds.labels(channel).observe(seconds)

    async def page(self, request: Request) -> Response:
        """The figures in Prometheus's form; 403 for who does not know the token."""
        given = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(given, self._expected):
            return Response(status_code=403)
        figures = await run_in_threadpool(generate_latest, self._registry)
        return Response(figures, media_type=CONTENT_TYPE_LATEST)


class _Kept:
    """The figures that stand in the clinic's database."""

    def __init__(self, storage: Open) -> None:
        self._storage = storage

    def describe(self) -> list[Metric]:
        """Nothing: a registry that asks would open the database at the start."""
        return []

    def collect(self) -> Iterable[Metric]:
        """The figures, and whether the database could be read."""
        up = GaugeMetricFamily("milia_database_up", "Whether the clinic's database answers.")
        try:
            storage, now = self._storage(), datetime.now(UTC)
            changes, waiting = counted(storage), overdue(storage, now)
        except (ClinicError, SQLAlchemyError) as error:
            log.warning("metrics.database_unreachable", cause=type(error).__name__)
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        changed = CounterMetricFamily(
            "milia_changes",
            "Changes of appointments and the waiting list kept on record.",
            labels=("what",),
        )
        for what, count in changes.items():
            changed.add_metric([what], count)
        yield changed
        size = GaugeMetricFamily(
            "milia_outbox_messages",
            "Messages of the outbox that are due or dead.",
            labels=("kind", "state"),
        )
        age = GaugeMetricFamily(
            "milia_outbox_oldest_seconds",
            "How many seconds ago the oldest of them was to be sent.",
            labels=("kind", "state"),
        )
        for (kind, state), (count, seconds) in waiting.items():
            size.add_metric([kind, state], count)
            age.add_metric([kind, state], seconds)
        yield size
        yield age
