"""The figures for Prometheus, from the real servers: every turn counts, and nobody is in them."""

from __future__ import annotations

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from scripts.visitor import Visitor
from tests.channels.own_gateway import OwnGateway
from tests.conftest import METRICS_TOKEN


def page(url, token=METRICS_TOKEN):
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.get(f"{url}/metrics", headers=headers, trust_env=False, timeout=30)


def figures(url):
    """The samples: by their names and the values of their labels."""
    families = text_string_to_metric_families(page(url).text)
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


@pytest.mark.parametrize(
    ("says", "outcome"),
    [
        ("what are milia", "answered"),
        ("my baby cannot breathe and his lips are blue", "urgent"),
        ("what is the capital of france", "out_of_scope"),
        ("sdlkfj qwpoei zmxncb", "out_of_scope"),
    ],
)
async def test_a_turn_is_counted_by_what_came_of_it(servers, says, outcome):
    name = ("milia_turns_total", "web", outcome)
    before = figures(servers.url).get(name, 0)
    timed = ("milia_turn_seconds_count", "web")
    timed_before = figures(servers.url).get(timed, 0)
    async with Visitor(servers.url) as visitor:
        await visitor.say(says)
    after = figures(servers.url)
    assert after[name] == before + 1
    assert after[timed] == timed_before + 1


async def test_nothing_says_who_or_what(servers):
    async with Visitor(servers.url) as visitor:
        await visitor.say("what are milia, asks asha.patel@example.org")
        told = page(servers.url).text
        assert "asha" not in told and visitor.token not in told


def test_what_the_database_keeps_is_told(servers):
    assert figures(servers.url)[("milia_database_up",)] == 1


def test_who_does_not_know_the_token_is_refused(servers):
    assert page(servers.url, "another").status_code == 403
    assert httpx.get(f"{servers.url}/metrics", trust_env=False).status_code == 403


def test_without_a_token_there_are_no_figures_for_anybody(tmp_path):
    with OwnGateway(tmp_path) as gateway:
        assert page(gateway.url).status_code == 404


def test_a_database_that_cannot_be_read_is_told_and_the_turns_still_are(tmp_path):
    broken = f"sqlite:///{tmp_path}/clinic.db"
    (tmp_path / "clinic.db").write_text("this is no database")
    with OwnGateway(tmp_path, DATABASE_URL=broken, METRICS_TOKEN=METRICS_TOKEN) as gateway:
        assert figures(gateway.url)[("milia_database_up",)] == 0
