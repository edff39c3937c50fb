"""A message log of its own for each test, on SQLite and PostgreSQL; a browser for the pages."""

from __future__ import annotations

import pytest

from channels.message_log import MessageLog
from tests.widget.conftest import browser

__all__ = ["browser"]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def messages_url(request, tmp_path):
    """The address of an empty database, of either kind."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgres").new_database()
    return f"sqlite:///{tmp_path / 'messages.db'}"


@pytest.fixture
def messages(messages_url):
    log = MessageLog(messages_url)
    yield log
    log.close()
