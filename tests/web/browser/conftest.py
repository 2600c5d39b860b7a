"""A real browser: Debian's Chromium, driven by Playwright, on a board that really serves. `make browser` installs both;
without them these tests are skipped and say so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip


@pytest.fixture(scope="module")
def driver() -> Any:
    """What drives a browser; tests without one are skipped and say so."""
    if not CHROMIUM.is_file():
        pytest.skip("there is no /usr/bin/chromium; `make browser` installs it")
    return pytest.importorskip("playwright.async_api", reason="there is no Playwright; `make browser` installs it")


@pytest.fixture
async def chromium(driver: Any) -> AsyncIterator[Any]:
    """A browser for one test: a test walks at every width and in both schemes with it."""
    async with driver.async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        await browser.close()


SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 900}}


LOOKS = tuple((size, scheme) for size in SIZES for scheme in ("light", "dark"))


class Windows:
    """Opens windows of one browser on one board. What goes wrong in any of them fails the test."""

    def __init__(self, chromium: Any, address: str) -> None:
        self._chromium, self._address = chromium, address
        self.wrong: list[str] = []

    @asynccontextmanager
    async def open(self, size: str, scheme: str) -> AsyncIterator[Any]:
        """A window of its own, without cookies."""
        context = await self._chromium.new_context(
            base_url=self._address, viewport=SIZES[size], color_scheme=scheme, locale="en-GB", has_touch=size == "phone"
        )
        page = await context.new_page()
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)
        yield page
        await context.close()

    async def each(self) -> AsyncIterator[Any]:
        """A window at phone and desktop width, light and dark."""
        for size, scheme in LOOKS:
            async with self.open(size, scheme) as page:
                yield page


@pytest.fixture
async def windows(chromium: Any, board: Any) -> AsyncIterator[Windows]:
    """The windows of a test."""
    opened = Windows(chromium, board.address)
    yield opened
    assert not opened.wrong, opened.wrong
