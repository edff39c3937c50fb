"""What tells Rasa that a file of ours has changed: for the components' ``fingerprint_addon``."""

from __future__ import annotations

import hashlib
from pathlib import Path


def file_hash(path: Path) -> str | None:
    """A hash of what the file holds; None where there is no such file."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
