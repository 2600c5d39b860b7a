"""Coverage-guided fuzzing of every target: atheris keeps what reaches new lines of the bot and goes on from there.

guided.py --seconds 20 [TARGET ...]    all targets in turn, each in a process of its own, and a table at the end

Without atheris it says so and does nothing: `make fuzz` has run the mutated inputs by then. What breaks a promise is
left in a file, and `TARGET --module MODULE --input FILE` tries it again.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from tests.fuzz.target import Target

ROOT = Path(__file__).resolve().parents[2]
MODULES = (
    "texts",
    "files",
    "cards",
    "commands",
    "requests",
    "feeds",
    "register",
    "filings_bills_pages",
    "code_and_lists",
)
_RUNS = re.compile(r"number_of_executed_units: (\d+)")
_NEW = re.compile(r"cov: (\d+) ft: (\d+)")
LONGEST_INPUT = 20_000


def homes() -> dict[str, str]:
    """The names of all targets, each with its module."""
    found: dict[str, str] = {}
    for module in MODULES:
        own = import_module(f"tests.fuzz.test_{module}").TARGETS
        assert not found.keys() & own.keys(), "two targets of one name"
        found |= dict.fromkeys(own, module)
    return found


def trial(target: Target) -> Callable[[bytes], None]:
    """What a guided run calls with bytes: the promise itself, or hypothesis, which makes values of them."""
    if target.seeds:
        return lambda data: target.holds(bytes(data))
    from hypothesis import HealthCheck, given, settings

    @settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(target.inputs)
    def holds(value: object) -> None:
        target.holds(value)

    return lambda data: holds.hypothesis.fuzz_one_input(data)  # type: ignore[attr-defined]


def one(name: str, module: str, seconds: int, folder: Path, given: Path | None) -> None:
    """Fuzz a target in this process; ends it."""
    import atheris

    with atheris.instrument_imports(include=["bot"], enable_loader_override=False):
        target: Target = import_module(f"tests.fuzz.test_{module}").TARGETS[name]
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    for number, seed in enumerate(target.seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    options = [
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST_INPUT}",
        "-timeout=30",
        "-print_final_stats=1",
        "-seed=1",
    ]
    words = [str(given)] if given else [*options, f"-artifact_prefix={folder}/", str(corpus)]
    atheris.Setup([sys.argv[0], *words], trial(target))
    atheris.Fuzz()


def row(name: str, module: str, seconds: int, folder: Path) -> bool:
    """Fuzz a target in another process and print its line; whether its promise held."""
    command = [sys.executable, "-m", "tests.fuzz.guided", name, "--module", module]
    command += ["--seconds", str(seconds), "--folder", str(folder)]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, errors="replace")
    runs, lines = _RUNS.search(ended.stderr), _NEW.findall(ended.stderr)
    found = ended.returncode == 0
    features = f"{lines[0][1]} -> {lines[-1][1]}" if lines else "-"
    print(
        f"{name:<18}{seconds:>8}{runs[1] if runs else '?':>12}{features:>20}  {'held' if found else 'BROKEN'}",
        flush=True,
    )
    if not found:
        print(ended.stdout[-3000:], ended.stderr[-3000:], sep="\n", flush=True)
    return found


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("targets", nargs="*", help="some of the targets; all where none is named")
    asked.add_argument("--seconds", type=int, default=20)
    asked.add_argument("--module", help="the module of the one target that is fuzzed in this process")
    asked.add_argument("--folder", type=Path, help="where the corpus and what breaks a promise are left")
    asked.add_argument("--input", type=Path, help="a file that broke its promise")
    given = asked.parse_args()
    if importlib.util.find_spec("atheris") is None:
        print("atheris is not installed (requirements-fuzz.lock): no coverage-guided fuzzing, the mutated inputs only")
        return
    folder = given.folder or Path(tempfile.mkdtemp(prefix="chipwatch-guided-"))
    if given.module:
        one(given.targets[0], given.module, given.seconds, folder, given.input)
        return
    known = homes()
    names = given.targets or list(known)
    print(f"{'target':<18}{'seconds':>8}{'executions':>12}{'features':>20}  promise   (what breaks one: {folder})")
    held = []
    for number, name in enumerate(names):
        own = folder / str(number)
        own.mkdir(parents=True, exist_ok=True)
        held.append(row(name, known[name], given.seconds, own))
    if not all(held):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
