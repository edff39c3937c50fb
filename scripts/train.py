"""Trains the model when what it is made of has changed, and not otherwise."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import time
from pathlib import Path

from nlu.house_spelling import spelling_of_the_clinic
from scripts.models import MODELS, fault_of, newest_first

STAMP = MODELS / "trained-from.sha256"
LOG = Path("var/train.log")
NEW = MODELS / "new"  # a model comes out of here once it is whole
KEPT = 2


def sources() -> list[Path]:
    """Every file that the model depends on, in a stable order."""
    named = [Path(name) for name in ("config.yml", "domain.yml", "uv.lock")]
    found = [path for root in ("data", "nlu") for path in Path(root).rglob("*") if path.is_file()]
    return named + sorted(path for path in found if "__pycache__" not in path.parts)


def fingerprint() -> str:
    """A hash over the clinic's spelling, and the sources' names and contents."""
    digest = hashlib.sha256(spelling_of_the_clinic().encode())
    for path in sources():
        digest.update(f"{path.as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def up_to_date() -> bool:
    """Whether the newest model was trained from the sources as they are, and is whole."""
    newest = next(iter(newest_first()), None)
    return (
        newest is not None
        and STAMP.is_file()
        and STAMP.read_text().strip() == fingerprint()
        and fault_of(newest) is None
    )


def train() -> None:
    """Trains with Rasa, its progress in var/train.log.

    Exits with its last words if it fails; then the model before stays and is served.
    """
    began = time.monotonic()
    print("Training the model ...", flush=True)
    trained_from = fingerprint()
    LOG.parent.mkdir(exist_ok=True)
    shutil.rmtree(NEW, ignore_errors=True)  # of a training that was cut off
    with LOG.open("wb") as log:
        # `make validate` checks the data, and more strictly; here it would take 7 s a training.
        command = [sys.executable, "-m", "scripts.training", "--force", "--skip-validation"]
        command += ["--out", str(NEW)]
        failed = subprocess.call(command, stdout=log, stderr=subprocess.STDOUT)
    if failed:
        last_words = LOG.read_text(errors="replace").splitlines()[-15:]
        sys.exit("\n".join([*last_words, f"Training failed. The whole log is in {LOG}."]))
    newest = newest_first(NEW)[0]
    newest.rename(MODELS / newest.name)
    shutil.rmtree(NEW)
    STAMP.write_text(trained_from + "\n")
    for old in newest_first()[KEPT:]:
        old.unlink()
    print(f"Trained in {time.monotonic() - began:.0f} s; the log is in {LOG}.", flush=True)


if __name__ == "__main__":
    if up_to_date():
        print("The model is up to date.")
    else:
        train()
