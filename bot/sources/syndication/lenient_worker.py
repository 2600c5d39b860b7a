"""The process in which feedparser reads what is not well-formed: run as a script, it knows nothing of Chipwatch.

It reads frames from standard input (a head of 4 bytes length and 4 bytes seconds, then UTF-8 text) and writes frames
(4 bytes length, then JSON). It ends when its input ends, which is when its parent ends, however that ends.
"""

from __future__ import annotations

import json
import signal
import struct
import sys
import warnings
from typing import Any, BinaryIO

MEMORY = 512 * 1024 * 1024
IDLE_SECONDS = 300


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer frame after frame until the input ends."""
    import feedparser

    while True:
        _alarm(IDLE_SECONDS)
        head = requests.read(8)
        if len(head) < 8:
            return
        length, seconds = struct.unpack("!II", head)
        body = requests.read(length)
        if len(body) < length:
            return
        _alarm(seconds + 1)
        answer = json.dumps(_read(feedparser, body)).encode()
        answers.write(struct.pack("!I", len(answer)) + answer)
        answers.flush()


def _read(feedparser: Any, body: bytes) -> dict[str, Any]:
    try:
        feed = feedparser.parse(
            body, response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False, resolve_relative_uris=False,
        )  # fmt: skip
        entries = [_entry(entry) for entry in feed.entries]
    except (RecursionError, MemoryError, Exception) as error:  # whatever it trips over is the document's fault
        return {"error": type(error).__name__}
    head = feed.feed
    return {
        "version": feed.get("version", ""),
        "link": _string(head.get("link")),
        "base": _string(head.get("title_detail", {}).get("base")),
        "language": _string(head.get("language")) or _string(head.get("title_detail", {}).get("language")),
        "ttl": _string(head.get("ttl")),
        "period": _string(head.get("sy_updateperiod")),
        "frequency": _string(head.get("sy_updatefrequency")),
        "entries": entries,
    }


def _entry(entry: Any) -> dict[str, Any]:
    title = entry.get("title_detail", {})
    summary = entry.get("summary_detail") or (entry.get("content") or [{}])[0]
    return {
        "id": _string(entry.get("id")),
        "link": _string(entry.get("link")),
        "origin": _string(entry.get("feedburner_origlink")),
        "base": _string(title.get("base") or summary.get("base")),
        "title": _string(title.get("value")),
        "title_form": _string(title.get("type")),
        "summary": _string(summary.get("value"))[:100_000],
        "dates": [_string(entry.get(name)) for name in ("published", "created", "updated") if name in entry],
        "published": [_string(entry[name]) for name in ("published", "created") if name in entry],
        "updated": [_string(entry["updated"])] if "updated" in entry else [],
        "language": _string(title.get("language")),
        "author": _string(entry.get("author")),
        "categories": [_string(tag.get("term")) for tag in entry.get("tags", [])[:30]],
    }


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _alarm(seconds: int) -> None:
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")
    _limit_memory()
    serve(sys.stdin.buffer, sys.stdout.buffer)
