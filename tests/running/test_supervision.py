"""`make run`: one command starts everything, one Ctrl-C stops it, and one death ends all."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts.run import taken
from scripts.servers import PROJECT


@pytest.fixture
def run(tmp_path):
    """`make run` on a free port, ready; its output goes to a file."""
    if taken("127.0.0.1", 5005) or taken("127.0.0.1", 5055):
        pytest.fail("ports 5005 and 5055 are taken: stop the assistant that is running")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    output = tmp_path / "output"
    with output.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "scripts.run"],
            cwd=PROJECT,
            env={
                **os.environ,
                "PORT": str(port),
                "DATABASE_URL": f"sqlite:///{tmp_path}/c.db",
                "MAIL_FILES": f"{tmp_path}/mail",
            },
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    process.words = output.read_text
    process.port = port
    try:
        wait_for(process, "ready: open", 120)
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(30)


def wait_for(process, words, seconds):
    until = time.monotonic() + seconds
    while words not in process.words():
        assert process.poll() is None or words in process.words(), process.words()
        assert time.monotonic() < until, f"no {words!r} in:\n{process.words()}"
        time.sleep(0.2)


def children(pid):
    return [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]


def named(pid, word):
    """The descendants of a process whose command line has the word."""
    found = []
    for child in children(pid):
        if word.encode() in Path(f"/proc/{child}/cmdline").read_bytes():
            found.append(child)
        found += named(child, word)
    return found


def ports_are_free(process):
    return not any(taken("127.0.0.1", port) for port in (process.port, 5005, 5055))


def test_it_says_where_it_is_ready_and_one_ctrl_c_stops_everything(run):
    assert "starting: waiting for" in run.words()
    assert f"ready: open http://127.0.0.1:{run.port} in a browser" in run.words()
    run.send_signal(signal.SIGINT)
    run.wait(30)
    assert ports_are_free(run)


def test_when_one_process_dies_all_stop_and_it_is_named(run):
    os.kill(named(run.pid, "scripts.serve_rasa")[-1], signal.SIGKILL)
    run.wait(30)
    assert re.search(r"rasa\.1.*(stopped|terminated|exited|rc=)", run.words()), run.words()
    assert ports_are_free(run)
