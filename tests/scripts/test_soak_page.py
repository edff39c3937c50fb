"""A soak tells memory that grows from memory that only wavers."""

from __future__ import annotations

import pytest

from scripts.soak_page import growth_by_process, missed

HOURS = [24 * number / 120 for number in range(121)]


def report(memory, files=lambda hour: 20, **answers):
    samples = [
        {"hour": h, "memory_mb": {"rasa": memory(h)}, "open_files": {"rasa": files(h)}}
        for h in HOURS
    ]
    counted = {"said": 5, "in_log": 5, "heard": 7, "replies_in_log": 7}
    none = {"silence": 0, "unanswered": 0, "taken_twice": 0}
    return {
        "growth": growth_by_process(samples),
        "answers": counted | none | answers,
        "failed": 0,
        "outbox_waiting": 0,
    }


def test_what_wavers_after_a_warm_up_is_flat():
    assert missed(report(lambda hour: 500 + 3 * (hour % 2) if hour > 5 else 300 + 40 * hour)) == []


def test_a_leak_is_found():
    (found,) = missed(report(lambda hour: 500 + 2 * hour))
    assert found.startswith("rasa grows by 9.")


def test_files_that_stay_open_are_found():
    (found,) = missed(report(lambda hour: 500, files=lambda hour: 20 + int(hour)))
    assert "files" in found


@pytest.mark.parametrize(
    "wrong", [{"silence": 1}, {"unanswered": 1}, {"taken_twice": 1}, {"in_log": 6}, {"heard": 8}]
)
def test_a_message_that_was_not_answered_once_is_found(wrong):
    assert len(missed(report(lambda hour: 500, **wrong))) == 1
