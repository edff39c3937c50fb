"""The kill switch: one line of clinic.yml turns the assistant into a polite notice."""

from __future__ import annotations

from pathlib import Path

import structlog

from channels.words import switched_off
from clinic.errors import ClinicError
from clinic.profile import load_clinic

log = structlog.get_logger()


class KillSwitch:
    """Whether the assistant is switched off in a clinic's file, read again when it changes.

    No restart is needed. While the file cannot be read, say because it is being written,
    what was last read holds, and the log says what is wrong with the file.
    """

    def __init__(self, clinic_file: Path) -> None:
        self._file = clinic_file
        self._seen: tuple[int, int] | None = None
        self._notice: str | None = None

    def notice(self) -> str | None:
        """What every visitor is told instead of an answer; None while the assistant is on."""
        try:
            status = self._file.stat()
            seen = (status.st_mtime_ns, status.st_size)
            if seen != self._seen:
                clinic = load_clinic(self._file)
                self._notice = switched_off(clinic) if clinic.assistant == "off" else None
                self._seen = seen
        except (OSError, ClinicError) as error:
            log.error("kill_switch.file_not_read", cause=str(error))
        return self._notice
