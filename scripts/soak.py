"""A day's visitors in some minutes, through all four processes: does memory stay flat, is each
message answered once?

python -m scripts.soak                 twenty minutes; writes docs/soak.json and docs/soak.png
python -m scripts.soak --minutes 5     less; --conversations 2000 for a busier clinic

The day is one of a busy clinic: 1,000 conversations of tests/conversations/, over Socket.IO, each
beginning at a time of its own. What a day does by its hours (reminders, retention) is not in it.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from clinic.outbox import overdue
from clinic.storage import open_storage
from scripts.load import FAILURES, SocketLine, Taken, conversations, hold
from scripts.servers import Servers
from scripts.soak_page import growth_by_process, missed, say, write
from scripts.visitor import Answer

CONVERSATIONS_A_DAY = 1000
MINUTES = 20.0
THINKING = 1.0  # seconds between an answer and the next message, on average
SAMPLES = 120
ATTEMPTS = 3  # to connect
# A visitor who was held up ends a conversation that was begun in time.
AT_MOST = 60.0  # seconds
DATABASES = ("messages.db", "conversations.db", "clinic.db")
MEGABYTE = 1_000_000


class CountingLine(SocketLine):
    """A visitor's line, once it is open, that counts over all of them the messages said and the
    texts heard."""

    counted: Counter[str] = Counter()

    async def __aenter__(self) -> CountingLine:
        return self

    async def say(self, text: str) -> Answer:
        self.counted["said"] += 1
        answer = await self._visitor.say(text)
        self.counted["heard"] += len(answer.texts)
        self.counted["silence"] += not answer.texts
        return answer


def main() -> None:
    """Prints what came of it; ends with 1 where memory grew or a message was not answered once."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--conversations", type=int, default=CONVERSATIONS_A_DAY)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Servers(Path(folder)) as servers:
        report = asyncio.run(soak(servers, given.minutes * 60, given.conversations))
        report |= {"answers": answers(servers), "outbox_waiting": waiting(servers)}
    report["growth"] = growth_by_process(report["samples"])
    write(report)
    print(say(report))
    sys.exit(bool(missed(report)))


async def soak(servers: Servers, seconds: float, wanted: int) -> dict[str, Any]:
    """Lets so many conversations begin within some seconds; what was measured meanwhile."""
    chance, held = random.Random(0), conversations()  # noqa: S311 (no secret)
    begins = sorted(chance.uniform(0, seconds) for _ in range(wanted))
    taken, samples = Taken(seconds=seconds), []
    began = time.monotonic()

    async def visit(number: int, at: float) -> None:
        await asyncio.sleep(at)
        mine = random.Random(number)  # noqa: S311 (no secret)
        line = await connected(servers.url)
        if line is None:
            taken.failed += 1
            return
        async with line:
            end = time.perf_counter() + AT_MOST
            await hold(line, mine.choice(held), end, THINKING, mine, taken)

    visits = asyncio.gather(*(visit(number, at) for number, at in enumerate(begins)))
    seen = 0
    for number in range(SAMPLES + 1):
        await asyncio.sleep(max(0, began + seconds * number / SAMPLES - time.monotonic()))
        lately, seen = taken.milliseconds[seen:], len(taken.milliseconds)
        samples.append({"hour": 24 * number / SAMPLES, "turns": seen} | sample(servers, lately))
    await visits
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "minutes": seconds / 60,
        "conversations": wanted,
        "turns": len(taken.milliseconds),
        "failed": taken.failed,
        "p50": ranked(taken.milliseconds, 0.5),
        "p95": ranked(taken.milliseconds, 0.95),
        "samples": samples,
    }


async def connected(url: str) -> CountingLine | None:
    """An open line; where none is to be had at once, as the widget does, at another attempt."""
    for _ in range(ATTEMPTS):
        line = CountingLine(url)
        try:
            await line._visitor.connect()
        except FAILURES:
            CountingLine.counted["connected_later"] += 1
        else:
            return line
    return None


def sample(servers: Servers, lately: list[float]) -> dict[str, Any]:
    """What stands now of each process and database, and how long the latest turns took."""
    return {
        "memory_mb": {name: memory(pid) for name, pid in servers.processes.items()},
        "open_files": {
            name: len(list(Path(f"/proc/{pid}/fd").iterdir()))
            for name, pid in servers.processes.items()
        },
        "database_mb": {name: sum(sizes(servers.folder, name)) for name in DATABASES},
        "p50": ranked(lately, 0.5),
        "p95": ranked(lately, 0.95),
    }


def memory(pid: int) -> float:
    """The megabytes that a process has put into memory. Its programs' files are not counted: how
    much of them is its own depends on what else the machine runs of the same libraries."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    own = (line.split() for line in lines if line.startswith(("Anonymous:", "Swap:")))
    return round(sum(int(kilobytes) for _, kilobytes, *_ in own) * 1024 / MEGABYTE, 1)


def sizes(folder: Path, database: str) -> Iterator[float]:
    """The megabytes of a database's files."""
    for file in folder.glob(f"{database}*"):
        yield round(file.stat().st_size / MEGABYTE, 2)


def ranked(milliseconds: list[float], part: float) -> float | None:
    """A percentile, to the millisecond; None of nothing."""
    ordered = sorted(milliseconds)
    return round(ordered[int(part * (len(ordered) - 1))]) if ordered else None


def answers(servers: Servers) -> dict[str, int]:
    """What visitors, the chat's log and Rasa know of messages and their answers."""
    known = dict(CountingLine.counted)
    queries = {
        "in_log": "SELECT count(*) FROM chat_messages WHERE author = 'visitor'",
        "unanswered": """SELECT count(*) FROM chat_messages AS m WHERE author = 'visitor' AND
            (waiting = 1 OR NOT EXISTS (SELECT 1 FROM chat_messages AS a
             WHERE a.sender = m.sender AND a.reply_to = m.client_id))""",
        "replies_in_log": "SELECT count(*) FROM chat_messages WHERE author = 'assistant'",
    }
    known |= counts(servers.folder / "messages.db", queries)
    twice = """SELECT count(*) FROM (SELECT json_extract(data, '$.message_id') AS message
        FROM events WHERE type_name = 'user' AND message IS NOT NULL GROUP BY sender_id, message
        HAVING count(*) > 1)"""
    return known | counts(servers.folder / "conversations.db", {"taken_twice": twice})


def counts(database: Path, queries: dict[str, str]) -> dict[str, int]:
    """The number that each query gives."""
    engine = create_engine(f"sqlite:///{database}")
    with engine.connect() as connection:
        found = {name: connection.execute(text(q)).scalar_one() for name, q in queries.items()}
    engine.dispose()
    return found


def waiting(servers: Servers) -> int:
    """How many letters are due and not sent, once the worker has had a minute for the last."""
    storage = open_storage(servers.database)
    for _ in range(60):
        due = overdue(storage, datetime.now(UTC))
        if not (left := sum(number for number, _ in due.values())):
            break
        time.sleep(1)
    storage.dispose()
    return left


if __name__ == "__main__":
    main()
