"""A clinic and a storage for the tests of its room."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from clinic.profile import load_clinic
from clinic.storage import open_storage

# A Monday without a public holiday near it.
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def now():
    return NOW


@pytest.fixture(scope="session")
def clinic():
    return load_clinic()


@pytest.fixture
def storage(tmp_path):
    return open_storage(f"sqlite:///{tmp_path / 'clinic.db'}")
