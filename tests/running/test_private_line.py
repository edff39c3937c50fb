"""Rasa takes turns from the gateway only."""

from __future__ import annotations

import httpx
import pytest

from scripts.environment import environment

BODY = {"sender": "web:1", "message": "hi"}


def post(servers, path="/webhooks/private_rest/webhook", secret=None, **request):
    secret = environment()["ASSISTANT_SECRET"] if secret is None else secret
    return httpx.post(
        servers.address("rasa") + path,
        headers={"Authorization": f"Bearer {secret}"},
        trust_env=False,
        timeout=20,
        **request,
    )


def test_the_gateways_secret_opens_it(servers):
    assert post(servers, json=BODY).json()["messages"]


@pytest.mark.parametrize("secret", ["x", "wrong", "é"])
def test_another_secret_does_not(servers, secret):
    response = httpx.post(
        servers.address("rasa") + "/webhooks/private_rest/webhook",
        headers={"Authorization": f"Bearer {secret}".encode()},
        json=BODY,
        trust_env=False,
    )
    assert response.status_code == 403


@pytest.mark.parametrize(
    "body", [{}, [], {"sender": "web:1"}, {"sender": "web:1", "message": " "}, {"message": "hi"}]
)
def test_a_body_of_another_form_is_refused(servers, body):
    assert post(servers, json=body).status_code == 400


@pytest.mark.parametrize("sender", ["default", "web:", "fax:1", "web:1/../2", "web:" + "x" * 65])
def test_a_sender_of_no_known_channel_is_refused(servers, sender):
    assert post(servers, json={**BODY, "sender": sender}).status_code == 400


@pytest.mark.parametrize("path", ["/webhooks/rest/webhook", "/webhooks/socketio/webhook"])
def test_rasas_own_channels_are_closed(servers, path):
    assert post(servers, path, json=BODY).status_code == 404


@pytest.mark.parametrize("path", ["/status", "/domain", "/conversations/web:1/tracker"])
def test_rasas_http_api_is_closed(servers, path):
    response = httpx.get(servers.address("rasa") + path, trust_env=False)
    assert response.status_code == 404
