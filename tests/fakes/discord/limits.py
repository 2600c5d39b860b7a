"""Discord's limits of pace: a bucket for each route and channel, and fifty requests a second for the whole bot."""

from __future__ import annotations

import hashlib
import re
from collections import deque
from dataclasses import dataclass, field

from tests.fakes.discord.world import Json, now

GLOBAL = 50


@dataclass(slots=True)
class Limits:
    """`per_bucket` requests in `window` seconds; None: no buckets. `highest` is the most that came within a second."""

    per_bucket: int | None = 5
    window: float = 5.0
    per_second: int = GLOBAL
    highest: int = 0
    refused: int = 0
    _buckets: dict[str, tuple[float, int]] = field(default_factory=dict)
    _recent: deque[float] = field(default_factory=deque)

    def take(self, method: str, path: str) -> tuple[dict[str, str], Json | None]:
        """Headers of the answer, and the body of a 429 where one is due."""
        moment = now()
        if "/interactions/" not in path and "/webhooks/" not in path:
            self._recent.append(moment)
            while self._recent and self._recent[0] <= moment - 1.0:
                self._recent.popleft()
            self.highest = max(self.highest, len(self._recent))
            if len(self._recent) > self.per_second:
                self.refused += 1
                headers = {"Via": "1.1 google", "X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}
                return headers, {"message": "You are being rate limited.", "retry_after": 0.5, "global": True}
        if self.per_bucket is None:
            return {}, None
        return self._bucket(method, path, moment, self.per_bucket)

    def _bucket(self, method: str, path: str, moment: float, most: int) -> tuple[dict[str, str], Json | None]:
        key = f"{method} {path}"
        began, used = self._buckets.get(key, (moment, 0))
        if moment - began >= self.window:
            began, used = moment, 0
        used += 1
        self._buckets[key] = (began, used)
        left = max(began + self.window - moment, 0.001)
        route = re.sub(r"\d{3,}", ":id", path)
        headers = {
            "X-RateLimit-Limit": str(most),
            "X-RateLimit-Remaining": str(max(most - used, 0)),
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": hashlib.md5(f"{method} {route}".encode(), usedforsecurity=False).hexdigest(),
        }
        if used <= most:
            return headers, None
        self.refused += 1
        body = {"message": "You are being rate limited.", "retry_after": round(left, 3), "global": False}
        return headers | {"Via": "1.1 google", "X-RateLimit-Scope": "user", "Retry-After": "1"}, body
