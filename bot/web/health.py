"""`/healthz` (alive?), `/readyz` (ready to work?) and `/metrics` (Prometheus), on 127.0.0.1 unless set otherwise."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

Check = Callable[[], Awaitable[list[str]]]
"""The names of what is wrong; empty when all is well."""


class Metrics:
    """What is counted. One registry of its own, so that tests and a second bot in one process do not meet."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.polls = self._counter("polls", "Polls of publishers, by how they ended", "end")
        self.changes = self._counter("changes", "Changes found, by kind", "kind")
        self.deliveries = self._counter("deliveries", "Deliveries, by platform and how they ended", "platform", "end")
        self.notices = self._counter("notices", "Notices to operators, by kind", "notice")
        self.restarts = self._counter("loop_restarts", "Loops that died and were restarted", "loop")
        self.outbox = Gauge("chipwatch_outbox", "Rows in the outbox, by state", ["state"], registry=self.registry)
        self.sources = Gauge("chipwatch_sources", "Sources, by health", ["health"], registry=self.registry)
        self.last_success = self._moment("success", "When each source last answered well, in seconds since 1970")
        self.last_change = self._moment("change", "When each source last said something new, in seconds since 1970")

    def heard(self, source: str, success: datetime | None, change: datetime | None) -> None:
        """Note when a source last answered well, and when it last said something new."""
        for gauge, moment in ((self.last_success, success), (self.last_change, change)):
            if moment is not None:
                gauge.labels(source).set(moment.timestamp())

    def _moment(self, name: str, text: str) -> Gauge:
        return Gauge(f"chipwatch_source_last_{name}_seconds", text, ["source"], registry=self.registry)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"chipwatch_{name}", text, labels, registry=self.registry)


@dataclass(slots=True)
class Health:
    """What tells machines how a running bot is.

    `alive` checks the loops, `ready` the store as well; `refresh` brings the gauges up to date before they are read.
    """

    alive: Check
    ready: Check
    metrics: Metrics
    refresh: Callable[[], Awaitable[None]]

    def add_to(self, app: web.Application) -> None:
        """The routes."""
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self._metrics)

    async def _healthz(self, request: web.Request) -> web.Response:
        return _answer(await self.alive())

    async def _readyz(self, request: web.Request) -> web.Response:
        return _answer(await self.ready())

    async def _metrics(self, request: web.Request) -> web.Response:
        await self.refresh()
        return web.Response(body=generate_latest(self.metrics.registry), content_type="text/plain", charset="utf-8")


def _answer(wrong: list[str]) -> web.Response:
    return web.json_response({"ok": not wrong, "wrong": wrong}, status=503 if wrong else 200)
