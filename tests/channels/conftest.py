"""A message log of its own for each test, and a browser for the pages."""

from __future__ import annotations

import pytest

from channels.message_log import MessageLog
from tests.widget.conftest import browser

__all__ = ["browser"]


@pytest.fixture
def messages(tmp_path):
    log = MessageLog(f"sqlite:///{tmp_path / 'messages.db'}")
    yield log
    log.close()
