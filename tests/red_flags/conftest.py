"""What the tests of the red flags share."""

from __future__ import annotations

import pytest

from scripts.safety import trained_model


@pytest.fixture(scope="session")
def model():
    """Whether the newest model alarms at a text: it takes seconds to load."""
    return trained_model()
