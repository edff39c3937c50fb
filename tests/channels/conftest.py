"""A message log of its own for each test."""

from __future__ import annotations

import pytest

from channels.message_log import MessageLog


@pytest.fixture
def messages(tmp_path):
    log = MessageLog(f"sqlite:///{tmp_path / 'messages.db'}")
    yield log
    log.close()
