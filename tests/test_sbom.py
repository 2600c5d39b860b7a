"""The bill of materials names everything that is locked, and is what its format says."""

import json
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tools.sbom import LOCK, bill, licence, pins, text_of

ROOT = Path(__file__).resolve().parent.parent
AT = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.fixture(scope="module")
def written():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return text_of(bill(LOCK.read_text(encoding="utf-8"), project, AT))


def test_it_is_valid_by_the_schema_of_its_format(written):
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(written) is None
    assert validator.validate_str(written.replace('"SHA-256"', '"SHA-0"')) is not None


def test_every_locked_package_is_in_it_with_its_hashes(written):
    lock, parts = LOCK.read_text(encoding="utf-8"), json.loads(written)["components"]
    assert len(parts) == len(re.findall(r"^[a-z0-9].*==", lock, re.MULTILINE))
    hashes = {each["content"] for part in parts for each in part["hashes"]}
    assert hashes == set(re.findall(r"sha256:([0-9a-f]{64})", lock))
    assert all(part["purl"] == f"pkg:pypi/{part['name']}@{part['version']}" for part in parts)


def test_what_is_installed_here_names_its_licence(written):
    from importlib.metadata import distributions

    from tools.sbom import normal

    here = {normal(each.name) for each in distributions()}
    parts = json.loads(written)["components"]
    assert [part["name"] for part in parts if part["name"] in here and not part.get("licenses")] == []
    assert licence("aiohttp") == "Apache-2.0 AND MIT"
    assert licence("no-such-package") == ""


def test_whatever_is_needed_leads_from_the_bot_to_all_that_is_installed(written):
    edges = {each["ref"]: each.get("dependsOn", []) for each in json.loads(written)["dependencies"]}
    seen, left = {"chipwatch"}, ["chipwatch"]
    while left:
        new = set(edges[left.pop()]) - seen
        seen |= new
        left += new
    elsewhere = {"audioop-lts", "colorama"}  # of a newer Python, of Windows
    assert {ref.partition("==")[0] for ref in edges.keys() - seen} <= elsewhere


def test_the_same_lock_gives_the_same_bytes(written):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert text_of(bill(LOCK.read_text(encoding="utf-8"), project, AT)) == written


def test_a_line_that_pins_nothing_is_refused():
    with pytest.raises(ValueError, match="no pinned package"):
        pins("aiohttp>=3\n")
