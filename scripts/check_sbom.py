"""Checks the bill of materials against CycloneDX's own schema; scripts/lint_deploy.sh runs it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator


def main(file: Path) -> None:
    """Stops with what is wrong: with the schema's words, or a package without its version."""
    text = file.read_text(encoding="utf-8")
    bill = json.loads(text)
    version = SchemaVersion.from_version(bill["specVersion"])
    if wrong := JsonStrictValidator(version).validate_str(text):
        sys.exit(
            f"{file}: not as CycloneDX {bill['specVersion']} asks: {str(wrong).splitlines()[0]}"
        )
    if nameless := [one for one in bill["components"] if not one.get("purl")]:
        sys.exit(f"{file}: cannot be looked up, having no package URL: {nameless}")
    print(f"{file}: {len(bill['components'])} packages, as CycloneDX {bill['specVersion']} asks.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
