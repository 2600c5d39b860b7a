"""The library `reader`, 20 workers. Started by the Python of reader's own environment, where nothing of ours is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.polling.passes import child

WORKERS = 20


@contextmanager
def opened(urls: list[str], folder: Path) -> Iterator[Callable[[], None]]:
    from reader import make_reader  # type: ignore[import-not-found]  # it is in that environment only

    reader = make_reader(str(folder / "reader.db"))
    for url in urls:
        reader.add_feed(url)

    def once() -> None:
        # `scheduled=False`: else a feed that was asked within the hour is passed over
        for result in reader.update_feeds_iter(workers=WORKERS, scheduled=False):
            if isinstance(result.value, Exception):
                raise result.value

    yield once
    reader.close()


if __name__ == "__main__":
    child(opened)
