"""The answers' drawings, as the gateway serves them."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from channels.site import Site
from clinic.profile import load_clinic
from scripts.answers import all_answers
from scripts.draw_pictures import DRAWN, digests

ROOT = Path(__file__).parents[2]
PICTURES = sorted((ROOT / "widget/pictures").glob("*.svg"))
SHOWN = {answer.content["image"] for answer in all_answers() if "image" in answer.content}


@pytest.fixture(scope="module")
def gateway():
    return TestClient(Starlette(routes=Site(load_clinic(ROOT / "clinic.yml")).routes()))


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.stem)
def test_a_drawing_is_served_and_says_what_it_shows(gateway, picture):
    response = gateway.get(f"/pictures/{picture.name}")
    assert response.status_code == 200
    assert response.headers["content-type"] == "image/svg+xml"
    assert "<title" in response.text and "<desc" in response.text


def test_every_drawing_is_there_as_it_is_now_for_telegram_too():
    assert DRAWN.read_text() == digests(), "draw them anew: python -m scripts.draw_pictures"
    for picture in PICTURES:
        assert picture.with_suffix(".png").read_bytes().startswith(b"\x89PNG")


def test_every_drawing_is_shown_by_an_answer():
    assert {f"/pictures/{picture.name}" for picture in PICTURES} == SHOWN
