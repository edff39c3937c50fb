"""The audit finds what an advisory says of a locked version, and takes no excuse but a written
one."""

from __future__ import annotations

from scripts.audit import complaints, findings, locked

ADVISORY = {
    "id": "GHSA-aaaa-bbbb-cccc",
    "cve": "CVE-2026-1",
    "severity": "HIGH",
    "fixed_in": "2.0",
    "advisory": "Runs what it is sent",
    "v": ">=1.0,<2.0",
}
ADVISORIES = {"some-package": [ADVISORY, {**ADVISORY, "v": "<1.9"}]}


def test_an_advisory_is_found_once_whatever_way_the_package_is_spelt():
    found = findings({"Some_Package": "1.5", "another": "1.5"}, ADVISORIES)
    assert [(one.package, one.number) for one in found] == [("Some_Package", "GHSA-aaaa-bbbb-cccc")]


def test_a_mended_version_has_no_finding():
    assert findings({"some-package": "2.0"}, ADVISORIES) == []


def test_a_release_candidate_of_a_bad_version_is_bad():
    assert findings({"some-package": "1.9rc1"}, ADVISORIES)


def test_a_finding_fails_until_the_page_argues_it_by_its_number():
    found = findings({"some-package": "1.5"}, ADVISORIES)
    (complaint,) = complaints(found, "Nothing here.")
    assert "some-package 1.5: GHSA-aaaa-bbbb-cccc (CVE-2026-1, HIGH; mended in 2.0)" in complaint
    assert complaints(found, "| GHSA-aaaa-bbbb-cccc | it is never sent anything |") == []


def test_an_argument_that_is_not_needed_any_more_fails_too():
    assert complaints([], "| GHSA-aaaa-bbbb-cccc | argued |") == [
        "docs/security.md argues GHSA-aaaa-bbbb-cccc, which is not found"
    ]


def test_what_serves_and_what_only_develops_is_looked_up():
    assert {"rasa", "starlette", "pytest", "ruff"} <= locked().keys()
