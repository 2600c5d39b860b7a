"""`python -m tools.mutants [MODULE ...]`: changes the code, one place at a time, and says what no test notices.

Works in copies under var/mutants, one for each room, with the room's own tests. mutmut makes the changes, learns which
tests run which function, and runs those alone. Tests on PostgreSQL are not asked: a server for each change would take
longer than the tests, and these rooms are the same on both databases.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "var" / "mutants"
ROOMS = ("knowledge", "pipeline", "delivery")
SAMPLE = 30
LEFT_OUT = (
    "postgresql", "quick", "never_hang", "linear_time",
    "every_chip_has_one_status", "whatever_happens", "above_their_floors", "busy_days",
)  # fmt: skip
"""Words in the names of tests that are not asked: what would take longer than it tells, and what measures time."""
SETTINGS = """
[tool.mutmut]
source_paths = ["bot"]
only_mutate = [{modules}]
also_copy = ["config"]
# A line that logs, and a line that raises: that it is reached is what counts, not its words.
do_not_mutate_patterns = ['^\\s*(self\\.)?_?log(ger)?\\.', '^\\s*raise\\b']
pytest_add_cli_args_test_selection = [{tests}]
pytest_add_cli_args = ["-p", "no:cacheprovider", "-p", "no:xdist", "-k", "not ({left_out})"]
# Workers are forked from a process that has run no test: what a test has cached would hide a change.
process_isolation = "forkserver"
track_dependencies = false
timeout_multiplier = 10.0
timeout_constant = 5.0
"""


def copied(room: str, asked: list[str], tests: list[str]) -> Path:
    """The room's work folder, brought up to date with the checkout; asked for other modules, mutmut begins anew."""
    folder = WORK / room
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "bot", "tests", "config"],  # noqa: S607
        cwd=ROOT, capture_output=True, check=True, text=True,
    )  # fmt: skip
    names = {name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()}
    for name in names:
        put(folder / name, (ROOT / name).read_bytes())
    for top in ("bot", "tests", "config"):
        for path in [p for p in (folder / top).rglob("*") if p.is_file() and "__pycache__" not in p.parts]:
            if path.relative_to(folder).as_posix() not in names:
                path.unlink()
    settings = SETTINGS.format(modules=quoted(asked), tests=quoted(tests), left_out=" or ".join(LEFT_OUT))
    if put(folder / "pyproject.toml", (ROOT / "pyproject.toml").read_bytes() + settings.encode()):
        shutil.rmtree(folder / "mutants", ignore_errors=True)
    return folder


def quoted(words: Iterable[str]) -> str:
    """Texts as the inside of a TOML array."""
    return ", ".join(f'"{word}"' for word in words)


def put(path: Path, content: bytes) -> bool:
    """Writes a file unless it is as it should be (mutmut goes by times), and says whether it did."""
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return True


def chosen(module: str, sample: int, seed: int) -> list[str]:
    """The names of a module's mutants, a sample of them where there are more; in the room's work folder."""
    from mutmut.mutation.file_mutation import mutate_file_contents
    from mutmut.utils.format_utils import get_mutant_name

    made = mutate_file_contents(module, Path(module).read_text(encoding="utf-8"))
    names = [get_mutant_name(Path(module), name) for name in made.mutant_names]
    return sorted(random.Random(f"{seed}:{module}").sample(names, sample)) if len(names) > sample else names  # noqa: S311


def mutmut(*words: str, log: IO[str] | None = None) -> subprocess.CompletedProcess[str]:
    """Runs mutmut in the work folder; what it says goes to `log`, or comes back."""
    command = [sys.executable, "-m", "mutmut", *words]
    out = log or subprocess.PIPE
    return subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, text=True, check=False)  # noqa: S603


def outcomes(names: Iterable[str]) -> dict[str, str]:
    """What became of the mutants, by name: killed, survived, timeout, no tests, ..."""
    told = mutmut("results", "--all", "true").stdout
    every = dict(line.strip().split(": ", 1) for line in told.splitlines() if ": " in line)
    return {name: every[name] for name in names}


def modules(asked: list[str]) -> Iterator[str]:
    """The modules asked for, folders opened, by their paths from the checkout."""
    for each in asked or [f"bot/{room}" for room in ROOMS]:
        path = ROOT / each
        found = sorted(path.rglob("*.py")) if path.is_dir() else [path]
        yield from (one.relative_to(ROOT).as_posix() for one in found)


def judged(room: str, asked: list[str], words: argparse.Namespace) -> None:
    """Runs the mutants of a room's modules and prints a line for each module, then what survived."""
    os.chdir(copied(room, asked, words.tests or [f"tests/{room}"]))
    names = {module: chosen(module, words.sample, words.seed) for module in asked}
    every = [name for found in names.values() for name in found]
    if not every:
        return
    with Path("run.log").open("w", encoding="utf-8") as log:
        if mutmut("run", "--max-children", str(words.processes), *every, log=log).returncode:
            sys.exit(f"mutmut failed; its last words stand in {Path.cwd()}/run.log")
    result = outcomes(every)
    for module, found in names.items():
        print(module, dict(Counter(result[name] for name in found)), flush=True)
    for name in every:
        if result[name] not in ("killed", "timeout"):
            print(f"\n{mutmut('show', name).stdout.strip()}", flush=True)


def main() -> None:
    """Reads the command line and goes through the rooms."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutants")
    parser.add_argument("modules", nargs="*", help="paths of modules or folders; without any, the three rooms")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="mutants of a module at most")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    parser.add_argument("--tests", nargs="+", help="folders or files of tests; without any, the room's own")
    parser.add_argument("--processes", type=int, default=1)
    words = parser.parse_args()
    os.nice(10)
    os.environ.setdefault("SHARED_MATERIAL", str(ROOT.parent / "shared"))
    by_room: defaultdict[str, list[str]] = defaultdict(list)
    for module in modules(words.modules):
        by_room[module.split("/")[1]].append(module)
    for room, asked in by_room.items():
        judged(room, asked, words)


if __name__ == "__main__":
    main()
