"""`make audit` never takes what it could not ask for a clean bill."""

import json
import sys

import pytest

from tools.audit import ADVISED, CLEAN, UNKNOWN, main

GOOD = {"name": "a", "version": "1", "vulns": []}
BAD = {
    "name": "b",
    "version": "2",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"], "aliases": [], "description": ""}],
}
SKIPPED = {"name": "c", "skip_reason": "Dependency not found"}


@pytest.fixture
def audit(tmp_path, capsys):
    """Runs the audit with a program in the place of pip-audit; the exit status and what was said."""

    def run(out: str, status: int = 0, err: str = "") -> tuple[int, str]:
        program = tmp_path / "pip-audit"
        code = f"import sys; print({out!r}); print({err!r}, file=sys.stderr); sys.exit({status})"
        program.write_text(f"#!{sys.executable}\n{code}\n")
        program.chmod(0o700)
        found = main(program, [tmp_path / "requirements.lock"])
        return found, capsys.readouterr().out

    return run


def report(*packages: object) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


@pytest.mark.parametrize(
    ("packages", "status", "said"),
    [
        ([GOOD], CLEAN, "1 packages, no advisory"),
        ([GOOD, BAD], ADVISED, "b 2: PYSEC-1, mended in 3"),
        ([GOOD, SKIPPED], UNKNOWN, "1 of 2 packages could not be looked up (Dependency not found): NOT AUDITED"),
        ([BAD, SKIPPED], ADVISED, "NOT AUDITED"),
        ([], UNKNOWN, "NOT AUDITED"),
    ],
)
def test_each_report_has_its_verdict(audit, packages, status, said):
    found, words = audit(report(*packages), 1 if BAD in packages else 0)
    assert found == status
    assert said in words


def test_a_service_that_cannot_be_reached_is_no_clean_bill(audit):
    found, words = audit("", 1, "ERROR: connection refused")
    assert found == UNKNOWN
    assert "connection refused" in words
    assert "NOT AUDITED" in words
