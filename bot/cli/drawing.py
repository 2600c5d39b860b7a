"""Pictures from the command line: drawn, and written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import UserError

if TYPE_CHECKING:
    from bot.knowledge.library import Knowledge


def draw_timeline(
    known: Knowledge,
    chip: str | None,
    to: str | None,
    file: Path,
    language: str,
    *,
    since: date | None = None,
    until: date | None = None,
) -> None:
    """The timeline of a chip as PNG: for one destination, else for China. `since` and `until` bound the days shown.

    Raises UserError when no chip is named, for an unknown chip or destination, or when the file cannot be written;
    PictureError when the picture cannot be made.
    """
    if chip is None:
        raise UserError("errors.picture_needs_chip")
    from bot.commands.pictures import timeline_picture

    today = datetime.now(UTC).date()
    spec = timeline_picture(known, chip, (to or "CN",), language, begins=since, ends=until or today)
    _check_folder(file)

    from bot.cards.charts.painter import paint_now

    write_whole(file, paint_now(spec))


def write_whole(file: Path, content: bytes) -> None:
    """Write a file so that it is there whole or as it was before. Raises UserError where that is not possible."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{file.name[:40]}.", dir=file.parent)
        try:
            with os.fdopen(handle, "wb") as draft:
                draft.write(content)
                os.fchmod(draft.fileno(), 0o666 & ~_umask())
                draft.flush()
                os.fsync(draft.fileno())
            Path(name).replace(file)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _unwritable(file, error.strerror or type(error).__name__) from None


def _check_folder(file: Path) -> None:
    """Say before the drawing what would fail after it."""
    if not file.parent.is_dir():
        raise _unwritable(file, os.strerror(2))
    if file.is_dir():
        raise _unwritable(file, os.strerror(21))


def _unwritable(file: Path, reason: str) -> UserError:
    return UserError("errors.not_written", file=str(file), reason=reason)


def _umask() -> int:
    """What new files of this process may not allow; a temporary file is closed to all others until then."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
