"""What a bare poller costs: ask conditionally, 20 at once, parse in a thread, remember the ids."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from benchmarks.polling.passes import child

AT_ONCE = 20


@contextmanager
def opened(urls: list[str], folder: Path) -> Iterator[Callable[[], None]]:
    import aiohttp
    import feedparser

    room = asyncio.Semaphore(AT_ONCE)
    with asyncio.Runner() as runner, closing(sqlite3.connect(folder / "bare.db")) as con:
        con.executescript("create table f(u primary key, e); create table i(u, g, primary key(u, g))")

        async def session_of() -> aiohttp.ClientSession:
            return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))

        session = runner.run(session_of())

        async def one(url: str) -> None:
            row = con.execute("select e from f where u = ?", (url,)).fetchone()
            async with room, session.get(url, headers={"If-None-Match": row[0]} if row else {}) as answer:
                if answer.status == 304:
                    return
                content = await answer.read()
            parsed = await asyncio.to_thread(feedparser.parse, content)
            for entry in parsed.entries:
                con.execute("insert or ignore into i values (?, ?)", (url, entry.get("id")))
            con.execute("insert or replace into f values (?, ?)", (url, answer.headers.get("ETag")))
            con.commit()

        async def all_of_them() -> None:
            await asyncio.gather(*(one(url) for url in urls))

        yield lambda: runner.run(all_of_them())
        runner.run(session.close())


if __name__ == "__main__":
    child(opened)
