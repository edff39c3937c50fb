"""``python -m channels`` runs the gateway."""

from __future__ import annotations

import sys

import uvicorn

from channels.gateway import create_app
from channels.message_log import MessageLogError
from channels.settings import read_settings
from channels.web import LARGEST_FRAME
from clinic.errors import ClinicError


def main() -> None:
    """Serves until it is stopped; a wrong setting ends it with the setting's name and the fix."""
    try:
        settings = read_settings()
        app = create_app(settings)
    except (KeyError, ValueError, ClinicError, MessageLogError) as error:
        sys.exit(f"gateway: {error}")
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        ws="wsproto",
        ws_max_size=4 * LARGEST_FRAME,
        log_level="warning",
        timeout_graceful_shutdown=5,
    )


if __name__ == "__main__":
    main()
