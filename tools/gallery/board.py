"""`python -m tools.gallery.board [FOLDER]`: photographs the board for the guides (default: docs/pictures).

A bot with a fresh store serves it on a free port; it polls nobody. Without a Chromium the pictures stay as they are.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PAGES = {
    "matrix": ("/?on=2025-05-20", 1200, 790),
    "status": ("/status/H20/CN?on=2025-05-20", 1000, 850),
    "chip": ("/chips/H20", 1200, 1090),
    "stories": ("/stories", 1000, 770),
    "phone": ("/status/H200/MY?lang=de", 500, 1000),
}
"""Name of the picture: address of the page, width and height of the window."""
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
READY = re.compile(r"is ready.*?(http://[\w.:]+)")


@contextmanager
def board() -> Iterator[str]:
    """The address of a board that is served until the block ends."""
    with tempfile.TemporaryDirectory(prefix="chipwatch-board-") as folder:
        own = {"CHIPWATCH_STORE__URL": f"sqlite:///{folder}/board.db", "CHIPWATCH_WEB__PORT": "0"}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("CHIPWATCH_")}
        command = [sys.executable, "-m", "bot", "run", "--roles", "web", "--config", folder]
        with subprocess.Popen(command, env=inherited | own, stderr=subprocess.PIPE, text=True) as bot:  # noqa: S603
            said = ""
            for line in bot.stderr or ():
                said += line
                if found := READY.search(said.replace("\n", " ")):
                    break
            else:
                raise SystemExit(f"the bot did not start:\n{said}")
            try:
                yield found[1]
            finally:
                bot.terminate()


def photograph(browser: str, url: str, width: int, height: int, file: Path) -> None:
    """One page as a picture, with all that its scripts draw."""
    with tempfile.TemporaryDirectory(prefix="chipwatch-browser-") as profile:
        command = [
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
            f"--user-data-dir={profile}", f"--window-size={width},{height}", "--virtual-time-budget=6000",
            f"--screenshot={file}", url,
        ]  # fmt: skip
        subprocess.run(command, capture_output=True, check=True, timeout=120)  # noqa: S603


def main(folder: Path) -> None:
    """Photograph every page into `folder`."""
    if BROWSER is None:
        print("no Chromium on this machine: the pictures of the board stay as they are")
        return
    folder.mkdir(parents=True, exist_ok=True)
    with board() as address:
        for name, (path, width, height) in PAGES.items():
            photograph(BROWSER, address + path, width, height, folder / f"board-{name}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/pictures").resolve())
