"""How answers are damaged: their bytes, and the values inside of a JSON page."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

PIECES = (b"<", b">", b"&", b'"', b"{", b"[", b"]", b"null", b"\x00", b"\xff", b"\xed\xa0\x80", b"1e999", b"\\u0000")
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**30, 1.5, "", " ", "x" * 5000, "\x00\u2028\ud800", "2026-02-31", "0000-00-00",
    "9999-12-31", "https://", "javascript:alert(1)", "@everyone <b>", [], {}, [None], [[]], {"a": None}, ["a", {}],
)  # fmt: skip
"""Values that no publisher should send."""


@st.composite
def mutated(draw: st.DrawFn, bodies: Sequence[bytes], pieces: Sequence[bytes] = PIECES) -> bytes:
    """A body with up to six places flipped, cut off, dropped, doubled, filled with one of `pieces` or spliced with
    another body."""
    body = bytearray(draw(st.sampled_from(bodies)))
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, max(len(body) - 1, 0)))
        kind = draw(st.sampled_from(("flip", "cut", "drop", "double", "insert", "splice")))
        if kind == "flip" and body:
            body[place] ^= 1 << draw(st.integers(0, 7))
        elif kind == "cut":
            del body[place:]
        elif kind == "drop":
            del body[place : place + draw(st.integers(1, 60))]
        elif kind == "double":
            body[place:place] = body[place : place + 200]
        elif kind == "insert":
            body[place:place] = draw(st.sampled_from(pieces))
        else:
            other = draw(st.sampled_from(bodies))
            body[place:] = other[draw(st.integers(0, len(other))) :]
    return bytes(body)


@st.composite
def mutated_json(draw: st.DrawFn, pages: Sequence[Any]) -> bytes:
    """A JSON page with up to five values, at any depth, gone or replaced by odd ones: still JSON, no page any more."""
    page = copy.deepcopy(draw(st.sampled_from(list(pages))))
    for _ in range(draw(st.integers(1, 5))):
        holder, place = page, None
        for _ in range(draw(st.integers(1, 6))):
            places = (
                list(holder) if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else []
            )
            if not places:
                break
            before, place = holder, draw(st.sampled_from(list(places)))
            holder = holder[place]
        if place is None:
            continue
        if draw(st.booleans()):
            before[place] = copy.deepcopy(draw(st.sampled_from(ODD)))
        elif isinstance(before, dict):
            del before[place]
        else:
            before.insert(place, copy.deepcopy(before[place]))
        if not isinstance(page, dict | list) or not page:
            break
    return json.dumps(page).encode("utf-8", "surrogatepass")
