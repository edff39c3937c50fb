"""The licences of everything that is installed on a server: ``make licences`` writes the page."""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from packaging.markers import Marker

LOCK, PAGE = Path("uv.lock"), Path("docs/licences.md")
PROJECT = "milia-assistant"
LONGEST = 60
HEAD = """# Licences

What `uv.lock` installs on a server (tools of development left out), as each package states its own
licence. Written by `make licences`; a test says when it is due. The sentence encoder is Apache-2.0
(`nlu/minilm/LICENSE`), Chromium and PostgreSQL are not part of the installation.

| package | version | licence |
|---|---|---|
"""


def installed(lock: Path = LOCK) -> dict[str, str]:
    """The packages of a server and their versions, by the lock's own dependencies."""
    packages = {
        package["name"]: package
        for package in tomllib.loads(lock.read_text(encoding="utf-8"))["package"]
    }
    found: dict[str, str] = {}
    waiting = [PROJECT]
    while waiting:
        package = packages[waiting.pop()]
        for dependency in package.get("dependencies", []):
            name, marker = dependency["name"], dependency.get("marker")
            here = marker is None or Marker(marker).evaluate()
            if here and name not in found:
                found[name] = packages[name]["version"]
                waiting.append(name)
    return dict(sorted(found.items()))


def licence_of(package: str) -> str:
    """The licence that a package states: as an expression, in words, or by its classifiers."""
    try:
        told = metadata(package).json
    except PackageNotFoundError:
        return "(not installed here)"
    classifiers = [
        line.rsplit(" :: ", 1)[-1]
        for line in told.get("classifier", [])
        if line.startswith("License ::") and line != "License :: OSI Approved"
    ]
    words = str(told.get("license", "")).strip().split("\n")[0]
    stated = told.get("license_expression") or ", ".join(classifiers) or words
    return str(stated)[:LONGEST] or "(states none)"


def page() -> str:
    """The page, as it should be."""
    rows = [f"| {name} | {version} | {licence_of(name)} |" for name, version in installed().items()]
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE}: {len(installed())} packages.")
