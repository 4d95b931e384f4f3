"""A loopback server that speaks the chat-completions protocol, with the faults of real ones."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answerer = Callable[[dict[str, Any]], "Reply"]


class Reply:
    """What the server answers: content of the assistant, or a bare status and body."""

    def __init__(
        self,
        content: str | None = None,
        *,
        status: int = 200,
        body: bytes | None = None,
        delay: threading.Event | None = None,
    ) -> None:
        self.content, self.status, self.body, self.delay = content, status, body, delay


def proposals(*items: dict[str, Any]) -> Reply:
    """An answer in the form asked for."""
    return Reply(json.dumps({"proposals": list(items)}))


class ChatServer:
    """Requests as received, and what to answer to each."""

    def __init__(self, answer: Answerer) -> None:
        self.answer = answer
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.url = ""


@contextmanager
def chat_server(answer: Answerer | Reply) -> Iterator[ChatServer]:
    """Serve on a free port of this machine until the block ends."""
    chat = ChatServer(answer if callable(answer) else lambda _: answer)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            chat.requests.append({"path": self.path, **sent})
            chat.keys.append(self.headers.get("Authorization"))
            reply = chat.answer(sent)
            if reply.delay is not None:
                reply.delay.wait(20)
            body = reply.body if reply.body is not None else _completion(sent, reply.content or "")
            self.send_response(reply.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    chat.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield chat
    finally:
        server.shutdown()
        server.server_close()


def _completion(sent: dict[str, Any], content: str) -> bytes:
    message = {"role": "assistant", "content": content}
    return json.dumps(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1_700_000_000,
            "model": sent.get("model", ""),
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
        }
    ).encode()
