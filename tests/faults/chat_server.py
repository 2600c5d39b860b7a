"""A chat service on 127.0.0.1 with the faults of real ones: it keeps what it stored, and fails as a plan says.

With `nonces` it stores a message with a known nonce only once and finds messages by it, as Discord does; without, it
can tell nobody whether it has a message, as Slack.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

FAULTS = ("500", "429", "reset_before", "reset_after", "slow")


@dataclass
class Message:
    """What stands in a channel: its key, how it came, and the documents that it names by now."""

    id: str
    channel: str
    key: str
    op: str
    documents: set[str] = field(default_factory=set)


class ChatServer:
    """`plan` holds faults for the next requests in turn; `fatal` kills the sender once so many messages were stored.

    `times` has when each was sent, by the sender's monotonic clock. While `answering` is clear every sender waits for
    its answer, goes on holding what it sends, and stands in `waiting` by its process number.
    """

    def __init__(self, *, nonces: bool, host: str = "127.0.0.1") -> None:
        self.nonces = nonces
        self.plan: list[str] = []
        self.messages: dict[str, Message] = {}
        self._by_key: dict[tuple[str, str], str] = {}
        self.edits = 0
        self.fatal: int | None = None
        self.times: list[float] = []
        self.answering = threading.Event()
        self.answering.set()
        self.waiting: set[int] = set()
        self._lock = threading.Lock()
        chat = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                chat._answer(self, json.loads(self.rfile.read(length)))

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request: Any, client_address: Any) -> None:
                pass  # a sender that was killed leaves its connection behind

        self.server = Server((host, 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://{host}:{self.server.server_address[1]}"

    def close(self) -> None:
        self.answering.set()
        self.server.shutdown()
        self.server.server_close()

    def doubled(self) -> int:
        """How many messages stand there more than once."""
        return sum(n - 1 for n in Counter((m.channel, m.key) for m in self.messages.values()).values())

    def told(self, channel: str) -> set[str]:
        """The documents that a channel has been told of."""
        found = [message.documents for message in self.messages.values() if message.channel == channel]
        return set().union(*found)

    def _answer(self, handler: BaseHTTPRequestHandler, asked: dict[str, Any]) -> None:
        if asked["do"] == "find":
            found = self._by_key.get((asked["channel"], asked["key"]))
            self._say(handler, 200 if self.nonces else 501, {"id": found})
            return
        with self._lock:
            self.times.append(asked["at"])
            fault = self.plan.pop(0) if self.plan else ""
        if not self.answering.is_set():
            self.waiting.add(asked["pid"])
            self.answering.wait()
        if fault == "500":
            self._say(handler, 500, {})
        elif fault == "429":
            self._say(handler, 429, {"retry_after": 0.05})
        elif fault == "reset_before":
            self._reset(handler)
        else:
            if fault == "slow":
                time.sleep(0.3)
            with self._lock:
                id_ = self._store(asked)
                fatal = self.fatal is not None
                self.fatal = self.fatal - 1 if self.fatal else None
                dies = fatal and self.fatal == 0
            if dies:
                self.fatal = None
                os.kill(asked["pid"], signal.SIGKILL)
            if fault == "reset_after":
                self._reset(handler)
            else:
                self._say(handler, 200, {"id": id_})

    def _store(self, asked: dict[str, Any]) -> str:
        if asked["do"] == "edit":
            self.edits += 1
            self.messages[asked["head"]].documents |= set(asked["documents"])
            return str(asked["head"])
        known = self._by_key.get((asked["channel"], asked["key"]))
        if self.nonces and known is not None:
            return known
        id_ = str(len(self.messages) + 1)
        documents = set(asked["documents"])
        self._by_key[asked["channel"], asked["key"]] = id_
        self.messages[id_] = Message(id_, asked["channel"], asked["key"], asked["do"], documents)
        return id_

    @staticmethod
    def _reset(handler: BaseHTTPRequestHandler) -> None:
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.close_connection = True
        handler.connection.close()

    @staticmethod
    def _say(handler: BaseHTTPRequestHandler, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)
