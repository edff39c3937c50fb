"""The environment in which the processes run: quiet libraries, no telemetry, one secret."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path

SECRET = Path("var/assistant-secret")


def environment() -> dict[str, str]:
    """This process's environment with what the others need added; what is set already stays."""
    return {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        # A second thread of OpenBLAS waits by spinning: a whole core for no quicker a turn.
        "OPENBLAS_NUM_THREADS": "1",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore::DeprecationWarning",
        "PYTHONUNBUFFERED": "1",
        "ASSISTANT_SECRET": _secret(),
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
    }


def _secret() -> str:
    """The secret between gateway and Rasa, made once for this machine."""
    if not SECRET.is_file():
        SECRET.parent.mkdir(exist_ok=True)
        SECRET.touch(mode=0o600)
        SECRET.write_text(secrets.token_urlsafe(32))
    return SECRET.read_text().strip()
