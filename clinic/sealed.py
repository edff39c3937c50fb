"""Files that only the holder of a key can read: encrypted by age (https://age-encryption.org).

A server needs the public half alone, the recipient ("age1…"). The other half, the identity, is a
file of its owner's (`age-keygen -o milia-backups.key`), which belongs on no server.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from clinic.errors import StorageError

SUFFIX = ".age"
HOW_TO_GET_IT = "age is not installed: apt-get install age"


def seal(file: Path, folder: Path, recipient: str) -> None:
    """Writes ``file`` into ``folder`` so that the ``recipient`` alone can read it."""
    target = folder / f"{file.name}{SUFFIX}"
    _age("BACKUP_RECIPIENT", "--encrypt", f"--recipient={recipient}", f"--output={target}", file)


@contextmanager
def unsealed(folder: Path, identity: Path | None) -> Iterator[Path]:
    """The folder with its files as they were: itself, or a copy for the while where they are
    encrypted. Raises StorageError, saying what to do, without the right ``identity``."""
    closed = sorted(folder.glob(f"*{SUFFIX}"))
    if not closed:
        yield folder
        return
    if identity is None:
        raise StorageError(f"{folder} is encrypted: give the file of its key with --identity.")
    with TemporaryDirectory() as opened:
        for file in closed:
            target = Path(opened) / file.name.removesuffix(SUFFIX)
            _age("--identity", "--decrypt", f"--identity={identity}", f"--output={target}", file)
        yield Path(opened)


def _age(told_by: str, *arguments: str | Path) -> None:
    command = ["age", *map(str, arguments)]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise StorageError(HOW_TO_GET_IT) from error
    if done.returncode:
        reason = done.stderr.strip().split("\n")[0]
        raise StorageError(f"{told_by}: {arguments[-1]} was not written or read ({reason}).")
