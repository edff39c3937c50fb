"""The licences of what is installed on a server: all of it, and as it is now."""

from __future__ import annotations

from scripts.licences import PAGE, installed, page


def test_the_page_is_as_it_should_be():
    assert PAGE.read_text() == page(), "run `make licences`"


def test_it_lists_what_serves_and_not_what_only_develops():
    packages = installed()
    assert {"rasa", "starlette", "python-telegram-bot", "onnxruntime", "alembic"} <= packages.keys()
    assert not {"pytest", "ruff", "mypy", "playwright", "milia-assistant"} & packages.keys()


def test_every_package_states_its_licence_and_none_is_for_free_software_alone():
    rows = [line for line in page().splitlines() if line.startswith("| ")][1:]
    assert len(rows) == len(installed())
    for row in rows:
        licence = row.split("|")[3]
        assert "states none" not in licence and "not installed" not in licence, row
        # The LGPL lets others use it as a library; caldav may be had under Apache's licence, too.
        allowed = "Lesser" in licence or "LGPL" in licence or "Apache" in licence
        assert "GPL" not in licence and "General Public" not in licence or allowed, row
