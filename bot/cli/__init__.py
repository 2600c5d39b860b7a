"""The command `chipwatch`. Each module holds a few commands that belong together; this one is the door and the edge
where errors become one clear line."""

from __future__ import annotations

import os

from bot.errors import ChipwatchError, ConfigError, UserError

WORK_FAILED = 1
WRONG_USE = 2


def main() -> None:
    """Run the command line; ends the process with 0 (done), 1 (the work failed) or 2 (wrong usage or settings)."""
    from bot.cli.commands import app
    from bot.cli.output import remark

    try:
        app()
    except ChipwatchError as error:
        remark(f"chipwatch: {sentence(error)}")
        raise SystemExit(WRONG_USE if isinstance(error, ConfigError | UserError) else WORK_FAILED) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is still buffered has nowhere to go
        raise SystemExit(0) from None
    except OSError as error:
        what = f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error)
        remark(f"chipwatch: {what}")
        raise SystemExit(WORK_FAILED) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def sentence(error: ChipwatchError) -> str:
    """An error in one line for the reader."""
    if isinstance(error, UserError):
        from bot.cards.card import plain
        from bot.cards.problem import problem_line
        from bot.locale.catalogue import reader_language

        return plain(problem_line(error, reader_language()))
    return str(error)
