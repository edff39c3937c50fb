"""The staff's password."""

from __future__ import annotations

import io
import sys

import pytest

from clinic import __main__ as command
from clinic.errors import ClinicError
from clinic.password import check_hash, hashed, matches

PASSWORD = "four words of ours"


def test_only_the_password_itself_matches_its_hash():
    kept = hashed(PASSWORD)
    assert matches(PASSWORD, kept)
    assert not matches(PASSWORD + " ", kept)
    assert PASSWORD not in kept
    assert check_hash(kept) == kept


def test_a_short_password_is_refused_with_the_way_out():
    with pytest.raises(ClinicError, match="has 5 characters: take 12 or more"):
        hashed("short")


def test_a_setting_that_is_no_hash_is_not_repeated_and_names_the_fix():
    with pytest.raises(
        ClinicError, match="STAFF_PASSWORD_HASH.*python -m clinic password"
    ) as error:
        check_hash(PASSWORD)
    assert PASSWORD not in str(error.value)


def test_the_command_makes_the_setting_from_a_line(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.StringIO(PASSWORD + "\n"))
    command.main(["password"])
    name, _, value = capsys.readouterr().out.strip().partition("=")
    assert name == "STAFF_PASSWORD_HASH"
    assert matches(PASSWORD, value.strip("'"))


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize("second", [PASSWORD, "another one of ours"])
def test_at_a_terminal_it_is_asked_for_twice(monkeypatch, capsys, second):
    answers = iter([PASSWORD, second])
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(command, "getpass", lambda words: next(answers))
    if second == PASSWORD:
        command.main(["password"])
        assert "STAFF_PASSWORD_HASH='$argon2id$" in capsys.readouterr().out
    else:
        with pytest.raises(SystemExit, match="not the same"):
            command.main(["password"])
