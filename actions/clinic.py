"""The clinic that the actions speak for: its file and its storage, opened once a process."""

from __future__ import annotations

import functools
import os
from datetime import UTC, datetime

from sqlalchemy.engine import Engine

from clinic.profile import Clinic, load_clinic
from clinic.storage import open_storage


@functools.cache
def the_clinic() -> Clinic:
    """The clinic of clinic.yml."""
    return load_clinic(os.environ.get("CLINIC_FILE", "clinic.yml"))


@functools.cache
def the_storage() -> Engine:
    """Where its appointments are kept."""
    return open_storage()


def now() -> datetime:
    """The current instant, aware, in UTC."""
    return datetime.now(UTC)
