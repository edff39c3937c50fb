"""``python -m channels`` runs the gateway."""

from __future__ import annotations

import sys

import uvicorn

from channels.gateway import create_app
from channels.message_log import MessageLogError
from channels.settings import read_settings
from channels.web import LARGEST_FRAME
from clinic.errors import ClinicError
from clinic.private_logs import log_from


def main() -> None:
    """Serves until it is stopped; a wrong setting ends it with the setting's name and the fix."""
    try:
        settings = read_settings()
        log_from(settings.log_level, "gateway", settings.log_format)
        app = create_app(settings)
    except (KeyError, ValueError, ClinicError, MessageLogError) as error:
        sys.exit(f"gateway: {error}")
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        ws="wsproto",
        ws_max_size=4 * LARGEST_FRAME,
        log_config=None,
        access_log=False,  # who reads which page, from where, is nobody's business
        timeout_graceful_shutdown=5,
    )


if __name__ == "__main__":
    main()
