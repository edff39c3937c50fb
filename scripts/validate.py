"""Rasa's own validation of the training data, in which a warning is a failure."""

from __future__ import annotations

import subprocess
import sys

from scripts.environment import environment

COMMAND = [sys.executable, "-m", "rasa", "data", "validate", "--fail-on-warnings"]


def warnings() -> str:
    """What Rasa warns of, line by line; empty when there is nothing."""
    done = subprocess.run(
        COMMAND, check=False, env=environment(), capture_output=True, text=True, errors="replace"
    )
    said = (done.stdout + done.stderr).splitlines()
    found = [line for line in said if "UserWarning" in line or "ERROR" in line]
    if done.returncode and not found:
        found = said[-20:]
    return "\n".join(found)


if __name__ == "__main__":
    if found := warnings():
        sys.exit(found)
    print("Rasa finds nothing to warn of.")
