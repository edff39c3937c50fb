"""Runs a Rasa program without other libraries' deprecation warnings.

``python -m scripts.quietly rasa_sdk`` is ``python -m rasa_sdk``. Sanic, which Rasa serves with,
turns those warnings on for the whole process; they are for the developers of the libraries, and
drown what the person who started the assistant should read.
"""

from __future__ import annotations

import os
import runpy
import sys
import warnings

import sanic  # noqa: F401  turns them on

from clinic.errors import ClinicError
from clinic.log_lines import log_format
from clinic.private_logs import log_level


def become(program: str, *arguments: str) -> None:
    """Runs a program in the place of this one; ends where the settings of its logs are wrong."""
    try:
        log_level(os.environ.get("LOG_LEVEL", "INFO"))
        log_format()
    except ClinicError as error:
        sys.exit(f"{program}: {error}")
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    sys.argv = [program, *arguments]
    runpy.run_module(program, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    become(*sys.argv[1:])
