"""Looks the locked packages up in the published advisories: `python -m tools.audit PIP_AUDIT LOCK...`.

Exit status: 0 nothing known against any of them, 1 an advisory, 2 not all could be looked up, which is no clean bill.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CLEAN, ADVISED, UNKNOWN = 0, 1, 2
SECONDS = 300


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one lock file: the exit status and the lines that say so."""

    status: int
    lines: tuple[str, ...]


def verdict(lock: str, packages: Sequence[Mapping[str, Any]]) -> Verdict:
    """The verdict on the `dependencies` of pip-audit's JSON report."""
    advised = [
        f"{lock}: {each['name']} {each['version']}: {one['id']}, mended in {', '.join(one['fix_versions']) or 'none'}"
        for each in packages
        for one in each.get("vulns", ())
    ]
    skipped = [each for each in packages if "skip_reason" in each]
    lines = list(advised)
    if skipped or not packages:
        why = str(skipped[0]["skip_reason"]) if skipped else "the report is empty"
        lines.append(f"{lock}: {len(skipped)} of {len(packages)} packages could not be looked up ({why}): NOT AUDITED")
    elif not advised:
        lines.append(f"{lock}: {len(packages)} packages, no advisory against any of them")
    return Verdict(ADVISED if advised else UNKNOWN if skipped or not packages else CLEAN, tuple(lines))


def audited(program: Path, lock: Path) -> Verdict:
    """Ask pip-audit about one lock file."""
    command = [str(program), "--requirement", str(lock), "--require-hashes", "--disable-pip", "--format", "json",
               "--progress-spinner", "off"]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)  # noqa: S603  # ours
        return verdict(lock.name, json.loads(done.stdout)["dependencies"])
    except subprocess.TimeoutExpired:
        return Verdict(UNKNOWN, (f"{lock.name}: no answer within {SECONDS} s: NOT AUDITED",))
    except (ValueError, KeyError, TypeError):
        why = (done.stderr.strip().splitlines() or ["no report"])[-1][:300]
        return Verdict(UNKNOWN, (f"{lock.name}: the advisories could not be asked ({why}): NOT AUDITED",))


def main(program: Path, locks: Sequence[Path]) -> int:
    """Say what came of each file; the worst exit status, an advisory before what is not known."""
    found = [audited(program, lock) for lock in locks]
    for each in found:
        print("\n".join(each.lines))
    statuses = {each.status for each in found}
    return ADVISED if ADVISED in statuses else max(statuses, default=UNKNOWN)


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), [Path(each) for each in sys.argv[2:]]))
