"""What several rooms' tests share: the running assistant."""

from __future__ import annotations

import pytest

from scripts.servers import Servers


@pytest.fixture(scope="session")
def servers(tmp_path_factory):
    """Gateway, Rasa and action server, really running, with databases of their own."""
    with Servers(tmp_path_factory.mktemp("servers")) as running:
        yield running
