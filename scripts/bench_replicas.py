"""Measures turns a second with one and with two of each process, each replica on a core of its own.

A replica is a gateway, a Rasa server, an action server and a worker. The first has core 0 to
itself. What all share (nginx, PostgreSQL, Redis) and the visitors run on core 1, and there the
second replica has to run, too: a machine of two cores has no third. So it is also said what a
turn costs the replicas, which tells what each would do with a core to itself.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from scripts.load import SocketLine, conversations, visited
from scripts.own_redis import OwnRedis
from scripts.postgres import Postgres
from scripts.replicas import Replicas

VISITORS = 12
ROUNDS = 3
SECONDS = 12.0
ASKED = 1.6
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Figures:
    """What the loads measured: how many turns, how long each took, and the processor seconds that
    each part used."""

    seconds: float = 0.0
    turns: int = 0
    failed: int = 0
    taken: list[float] = field(default_factory=list)
    used: Counter[str] = field(default_factory=Counter)

    @property
    def turns_a_second(self) -> float:
        """How many turns were answered a second."""
        return self.turns / self.seconds

    @property
    def replicas(self) -> float:
        """The processor seconds that the replicas used."""
        return sum(used for part, used in self.used.items() if part.startswith("replica"))

    @property
    def milliseconds(self) -> float:
        """The processor time that a turn cost the replicas."""
        return 1000 * self.replicas / self.turns

    def described(self, name: str) -> str:
        """The figures in words."""
        cores = ", ".join(f"{part} {used / self.seconds:.2f}" for part, used in self.used.items())
        p95 = sorted(self.taken)[int(0.95 * len(self.taken)) - 1]
        return (
            f"{name}: {self.turns_a_second:.1f} turns/s, p95 {p95:.0f} ms, {self.failed} failed\n"
            f"  cores used: {cores}\n"
            f"  a turn costs the replicas {self.milliseconds:.1f} ms of a core"
        )


def with_children(pids: Iterable[int]) -> set[int]:
    """The processes, and those that they started, as long as they run."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            after_name = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        parents[int(folder.name)] = int(after_name[1])
    family = set(pids)
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return family


def processor_seconds(pids: Iterable[int]) -> float:
    """The processor time that processes have used, and those of their children that ended."""
    ticks = 0
    for pid in with_children(pids):
        try:
            after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(int(figure) for figure in after_name[11:15])
    return ticks / TICK


def busy_seconds() -> float:
    """The processor time that all programs of this machine have used."""
    user, nice, system, _, _, interrupts, soft, stolen = (
        int(figure) for figure in Path("/proc/stat").read_text().split()[1:9]
    )
    return (user + nice + system + interrupts + soft + stolen) / TICK


def put_on(core: int, pids: Iterable[int]) -> None:
    """Keeps processes, all their threads and what they start from now on, on a core."""
    for pid in with_children(pids):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            os.sched_setaffinity(int(thread.name), {core})


def measure(url: str, parts: dict[str, list[int]], seed: int, figures: Figures) -> None:
    """Lets visitors who do not think talk, and adds what it cost each part."""

    def used() -> Counter[str]:
        known = {part: processor_seconds(pids) for part, pids in parts.items()}
        known["the visitors"] = sum(os.times()[:2])
        # Another program's share, where there is one, is not the replicas' fault.
        known["other programs"] = busy_seconds() - sum(known.values())
        return Counter(known)

    before = used()
    load = visited(lambda _: SocketLine(url), VISITORS, SECONDS, 0, conversations(), seed)
    taken = asyncio.run(load)
    after = used()
    figures.used.update({part: after[part] - before[part] for part in after})
    figures.seconds += SECONDS
    figures.turns += taken.in_time
    figures.failed += taken.failed
    figures.taken += taken.milliseconds


def main() -> None:
    """Prints the figures of one replica and of two, measured in turns."""
    if (os.cpu_count() or 1) < 2:
        print("replicas: not measured, since this machine has one core")
        return
    one, two = Figures(), Figures()
    with tempfile.TemporaryDirectory() as name, Postgres() as postgres, OwnRedis() as redis:
        one_each = (postgres.new_database(), postgres.new_database(), postgres.new_database())
        with Replicas(Path(name), 2, one_each, redis.url) as replicas:
            shared = [postgres.process, redis.process, replicas.nginx.process]
            put_on(1, [*shared, os.getpid()])
            parts = {"nginx, PostgreSQL and Redis": shared}
            for core, servers in enumerate(replicas.sets):
                parts[f"replica {core + 1}"] = list(servers.processes.values())
                put_on(core, parts[f"replica {core + 1}"])
            measure(replicas.url, parts, 0, Figures())  # warms up
            for seed in range(1, ROUNDS + 1):
                for number, figures in ((1, one), (2, two)):
                    replicas.use(number)
                    measure(replicas.url, parts, seed, figures)
    print(f"{VISITORS} visitors who do not think, {ROUNDS} times {SECONDS:.0f} s at each number;")
    print(f"{os.cpu_count()} cores: core 0 is the first replica's, core 1 everybody else's")
    print(one.described("one replica"))
    print(two.described("two replicas"))
    ratio = two.turns_a_second / one.turns_a_second
    print(f"two replicas answer {ratio:.2f} times as many turns (asked: {ASKED} on two machines)")
    apart = 2 * one.milliseconds / two.milliseconds
    print(f"by what a turn costs them, with a core each to themselves: {apart:.2f} times as many")


if __name__ == "__main__":
    main()
