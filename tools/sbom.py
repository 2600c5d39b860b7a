"""Writes the bill of materials of what is shipped, as CycloneDX 1.6 JSON: `python -m tools.sbom [FILE]`.

Every package of `requirements.lock` with the hashes that the lock accepts, the licence that its own metadata names and
what it needs in turn. The same lock and environment give the same bytes.
"""

from __future__ import annotations

import re
import sys
import tomllib
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component
    from cyclonedx.model.license import License

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
_PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_LONGEST_NAME = 60
_NAMES = {"ISC License (ISCL)": "ISC", "Python Software Foundation License": "PSF-2.0", "MIT License": "MIT",
          "MIT license": "MIT", "The MIT License (MIT)": "MIT", "Apache Software License": "Apache-2.0",
          "Apache 2.0": "Apache-2.0"}  # fmt: skip
"""What metadata call a licence before they knew SPDX's names; one that leaves open which it is (BSD) stays a name."""


@dataclass(frozen=True, slots=True)
class Pin:
    """One package of a lock file: its name as it is compared, its version, the SHA-256 of each file accepted."""

    name: str
    version: str
    hashes: tuple[str, ...]


def pins(lock: str) -> list[Pin]:
    """The packages of a lock file's text. Raises ValueError for a line that neither names one nor belongs to one."""
    found: list[Pin] = []
    for line in lock.replace("\\\n", " ").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        named = _PINNED.match(line)
        if named is None:
            raise ValueError(f"no pinned package: {line[:80]!r}")
        found.append(Pin(normal(named[1]), named[2], tuple(_HASH.findall(line))))
    return found


def normal(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licence(name: str) -> str:
    """What a package's metadata name as its licence; empty where it is not installed here or names none."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    if expression := told.get_all("License-Expression"):
        return str(expression[0])
    classes = [each.rpartition(" :: ")[2] for each in told.get_all("Classifier") or () if each.startswith("License ::")]
    text = next(iter(told.get_all("License") or ()), "").strip().partition("\n")[0].strip()
    words = text if 0 < len(text) <= _LONGEST_NAME and text.upper() != "UNKNOWN" else " AND ".join(classes)
    return _NAMES.get(words, words)


def needs(name: str) -> Iterator[str]:
    """The packages that one needs here, optional extras apart."""
    from packaging.requirements import Requirement

    try:
        wanted = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return
    for each in map(Requirement, wanted):
        if each.marker is None or each.marker.evaluate({"extra": ""}):
            yield normal(each.name)


def bill(lock: str, project: Mapping[str, str], at: datetime) -> Bom:
    """The bill for a lock file's text; `project` is the table of pyproject.toml, `at` the moment written into it."""
    from cyclonedx.model.bom import Bom, BomMetaData
    from cyclonedx.model.component import Component, ComponentType

    parts = {pin.name: _component(pin) for pin in pins(lock)}
    own = Component(name=project["name"], version=project["version"], type=ComponentType.APPLICATION,
                    bom_ref=project["name"], licenses=_licences(project["license"]))  # fmt: skip
    made = Bom(components=parts.values(), serial_number=uuid.uuid5(uuid.NAMESPACE_OID, project["version"] + lock),
               metadata=BomMetaData(component=own, timestamp=at))  # fmt: skip
    for name, component in (*parts.items(), (project["name"], own)):
        made.register_dependency(component, [parts[each] for each in sorted(set(needs(name))) if each in parts])
    return made


def _component(pin: Pin) -> Component:
    from cyclonedx.model import HashAlgorithm, HashType
    from cyclonedx.model.component import Component
    from packageurl import PackageURL

    return Component(
        name=pin.name,
        version=pin.version,
        bom_ref=f"{pin.name}=={pin.version}",
        purl=PackageURL("pypi", None, pin.name, pin.version),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in pin.hashes],
        licenses=_licences(licence(pin.name)),
    )


def _licences(words: str) -> list[License]:
    from cyclonedx.contrib.license.factories import LicenseFactory

    return [LicenseFactory().make_from_string(words)] if words else []


def text_of(made: Bom) -> str:
    """The bill as its file has it."""
    from cyclonedx.output.json import JsonV1Dot6

    return JsonV1Dot6(made).output_as_string(indent=2) + "\n"


def main(file: Path) -> None:
    """Write the bill, and say what is in it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = LOCK.read_text(encoding="utf-8")
    made = bill(lock, project, datetime.fromtimestamp(LOCK.stat().st_mtime, UTC))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text_of(made), encoding="utf-8")
    unnamed = sorted(each.name for each in made.components if not each.licenses)
    print(f"{file}: {len(made.components)} packages with their hashes")
    if unnamed:
        print(f"without a licence, since they are not installed on this machine: {', '.join(unnamed)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist/chipwatch.cdx.json")
