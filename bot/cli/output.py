"""How commands print: JSON lines on standard output for machines; tables and sentences for people.

What strangers wrote stands in them: nothing of it reaches a terminal as an order to it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any


def json_line(value: Mapping[str, Any]) -> None:
    """One object as one line, at once: a reader at the other end of a pipe waits for it."""
    import orjson

    try:
        line = orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # a number of more than 64 bits, handed back as it came
        import json

        line = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


_OBEYED: dict[int, None] = dict.fromkeys((*range(9), *range(11, 32), *range(127, 160)))
"""Control characters, tabs and line feeds apart: a terminal obeys them instead of showing them."""


def shown(text: str) -> str:
    """Text of any origin as a terminal may have it; half a surrogate pair is a question mark."""
    return text if text.isprintable() else text.translate(_OBEYED).encode("utf-8", "replace").decode()


def tell(text: str) -> None:
    """A sentence for people, on standard output."""
    sys.stdout.write(shown(text) + "\n")


def remark(text: str) -> None:
    """Something beside the result, on standard error."""
    sys.stderr.write(shown(text) + "\n")


def table(header: Sequence[str], rows: Sequence[Sequence[str]], title: str = "") -> None:
    """A table for people. Cells are plain text of any origin."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    grid = Table(title=Text(shown(title)) if title else None, title_justify="left", header_style="bold", expand=False)
    for name in header:
        grid.add_column(name, overflow="fold")
    for row in rows:
        grid.add_row(*(Text(shown(cell)) for cell in row))
    Console().print(grid)
