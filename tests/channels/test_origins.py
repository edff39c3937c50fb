"""Which pages may open the chat."""

from __future__ import annotations

import pytest

from channels.origins import Origins

OWN = {"HTTP_HOST": "chat.example", "wsgi.url_scheme": "https"}
PROXIED = {
    "HTTP_HOST": "10.0.0.7:8000",
    "wsgi.url_scheme": "http",
    "HTTP_X_FORWARDED_HOST": "chat.example",
    "HTTP_X_FORWARDED_PROTO": "https",
}


@pytest.mark.parametrize("environ", [OWN, PROXIED, {**OWN, "wsgi.url_scheme": "wss"}])
@pytest.mark.parametrize("origin", ["https://chat.example", "https://www.clinic.example", None])
def test_its_own_pages_and_the_named_ones_may(origin, environ):
    assert Origins(["https://www.clinic.example/"]).allow(origin, environ)


@pytest.mark.parametrize(
    "origin",
    [
        "http://chat.example",
        "https://clinic.example",
        "https://chat.example.evil.example",
        "https://chat.example:444",
        "null",
        "*",
    ],
)
def test_others_may_not(origin):
    assert not Origins(["https://www.clinic.example"]).allow(origin, OWN)
