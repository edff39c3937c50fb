"""Runs a Rasa program without other libraries' deprecation warnings.

``python -m scripts.quietly rasa_sdk`` is ``python -m rasa_sdk``. Sanic, which Rasa serves with,
turns those warnings on for the whole process; they are for the developers of the libraries, and
drown what the person who started the assistant should read.
"""

from __future__ import annotations

import runpy
import sys
import warnings

import sanic  # noqa: F401  turns them on

if __name__ == "__main__":
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
