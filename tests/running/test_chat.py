"""`make chat`: the assistant in the terminal."""

from __future__ import annotations

import os
import subprocess
import sys

from scripts.servers import PROJECT


def test_a_question_and_a_pressed_button_are_answered_in_the_terminal(servers):
    done = subprocess.run(
        [sys.executable, "-m", "scripts.chat"],
        check=True,
        cwd=PROJECT,
        env={**os.environ, "PORT": str(servers.ports["gateway"])},
        input="what are milia?\ncan i book?\n3\n",
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "keratin" in done.stdout
    assert "3. For my baby" in done.stdout
    assert "Which time suits you?" in done.stdout
