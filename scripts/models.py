"""Which trained model is served: the newest that is whole."""

from __future__ import annotations

import gzip
import tarfile
import zlib
from pathlib import Path

MODELS = Path("models")
CHUNK = 1 << 20
CONTENT = "metadata.json"  # without it Rasa cannot read a model


class NoModel(Exception):
    """There is no model that could be served; says what to do."""


def fault_of(model: Path) -> str | None:
    """What is wrong with a model's file; None where it can be read to its end."""
    try:
        with gzip.open(model) as stream:
            with tarfile.open(fileobj=stream, mode="r|") as packed:
                names = {member.name.removeprefix("./") for member in packed}
            while stream.read(CHUNK):  # to its end, where its checksum stands
                pass
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        return f"{type(error).__name__}: {error}"
    return None if CONTENT in names else f"{CONTENT} is missing in it"


def newest_first(folder: Path = MODELS) -> list[Path]:
    """The models' files, whole or not."""
    return sorted(folder.glob("*.tar.gz"), key=lambda model: model.stat().st_mtime, reverse=True)


def to_serve(folder: Path = MODELS) -> tuple[Path, list[str]]:
    """The newest whole model, and a complaint about each that is newer and is not.

    Raises NoModel where there is none.
    """
    complaints: list[str] = []
    for model in newest_first(folder):
        fault = fault_of(model)
        if fault is None:
            return model, complaints
        complaints.append(f"{model} cannot be read ({fault}): delete it, then run `make train`.")
    told = "\n".join([*complaints, f"{folder}/ has no model that could be served: `make train`."])
    raise NoModel(told)
