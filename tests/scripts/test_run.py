"""Before it starts, `make run` says what would keep it from starting."""

from __future__ import annotations

import socket

import pytest

from scripts import run


@pytest.fixture
def busy_port():
    with socket.socket() as program:
        program.bind(("127.0.0.1", 0))
        program.listen()
        yield program.getsockname()[1]


def test_a_taken_port_is_named_with_the_way_out(busy_port):
    found = "\n".join(run.problems({"PORT": str(busy_port)}))
    assert f"Port {busy_port} is taken" in found
    assert f"make run PORT={busy_port + 1}" in found


def test_a_free_port_is_no_problem(busy_port):
    found = "\n".join(run.problems({"PORT": str(busy_port - 1 if busy_port > 1025 else 1999)}))
    assert str(busy_port) not in found


def test_a_port_that_is_no_number_is_named():
    assert 'PORT "eight"' in "\n".join(run.problems({"PORT": "eight"}))


def test_a_broken_clinic_file_is_said_before_anything_starts(tmp_path, monkeypatch):
    broken = tmp_path / "clinic.yml"
    broken.write_text("name: [")
    assert "clinic.yml" in "\n".join(run.problems({"CLINIC_FILE": str(broken)}))
