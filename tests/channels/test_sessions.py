"""Web sessions: the server chooses who a visitor is."""

from __future__ import annotations

import re
import time

import pytest

from channels import sessions
from channels.sessions import Sessions

SECRET = "a secret for tests only"


def test_a_new_visitor_gets_a_sender_id_of_the_web():
    sender, _ = Sessions(SECRET).open()
    assert re.fullmatch(r"web:[0-9a-f-]{36}", sender)


def test_a_token_brings_its_visitor_back():
    sender, token = Sessions(SECRET).open()
    assert Sessions(SECRET).open(token) == (sender, token)


@pytest.mark.parametrize("forged", ["", "web:1", 7, {"a": 1}, None, "x" * 10_000])
def test_what_the_server_did_not_sign_starts_afresh(forged):
    sender, token = Sessions(SECRET).open(forged)
    assert token != forged
    assert Sessions(SECRET).open(token)[0] == sender


def test_another_servers_token_starts_afresh():
    sender, token = Sessions("another secret altogether").open()
    assert Sessions(SECRET).open(token)[0] != sender


def test_a_token_in_the_second_half_of_its_life_is_renewed(monkeypatch):
    sender, token = Sessions(SECRET).open()
    time.sleep(1.6)  # tokens count whole seconds: it seems 1.6 to 2.6 old
    monkeypatch.setattr(sessions, "LIFETIME", 3)
    again, renewed = Sessions(SECRET).open(token)
    assert again == sender
    assert renewed != token


def test_a_token_expires(monkeypatch):
    sender, token = Sessions(SECRET).open()
    monkeypatch.setattr(sessions, "LIFETIME", -1)
    assert Sessions(SECRET).open(token)[0] != sender
