"""A database is asked at most once a second, and not at all while it hangs."""

from __future__ import annotations

import asyncio
import threading

from channels import seldom
from channels.seldom import Seldom


async def test_an_answer_holds_for_a_second(monkeypatch):
    now, asked = [100.0], []
    monkeypatch.setattr(seldom, "monotonic", lambda: now[0])
    question = Seldom(lambda: not asked.append(1))
    assert await question.answer() and await question.answer()
    assert len(asked) == 1
    now[0] += seldom.HOLDS_FOR + 0.1
    assert await question.answer()
    assert len(asked) == 2


async def test_a_database_that_hangs_is_a_no_and_is_asked_once(monkeypatch):
    monkeypatch.setattr(seldom, "LONGEST", 0.05)
    end, asked = threading.Event(), []
    question = Seldom(lambda: asked.append(1) or end.wait(10))
    assert not await question.answer()
    assert not await question.answer()
    assert len(asked) == 1
    end.set()
    async with asyncio.timeout(10):
        while not await question.answer():
            await asyncio.sleep(0.01)
