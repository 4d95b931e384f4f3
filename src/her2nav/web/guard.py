"""What stands before every request: host, origin, token, size, rate and time limits, and the headers of every answer.

Plain ASGI, because a body must be refused while it arrives, before anything parses it. Nothing is logged.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import html
import json
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from her2nav.web.errors import HEADINGS, wants_page
from her2nav.web.settings import LOOPBACK, MIB, Settings

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", _CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), interest-cohort=()"),
)
_KEPT_ADDRESSES = 10_000
_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{heading}: HER2 Navigator</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<link rel="stylesheet" href="{prefix}/static/style.css"></head><body><main>'
    "<h1>{heading}</h1><p>Reason: {said}.</p><p>{advice}</p>"
    '<p><a href="{prefix}/">To the start page</a></p></main></body></html>'
)
"""What a browser shows of a refusal; `said` is one of our own sentences, never something that was sent."""
_ADVICE = {
    413: "Go back and try again with a smaller file, or paste only the report.",
    429: "Wait a minute, then load the page again. Nothing that you entered is lost.",
    503: "Go back and try again in a minute.",
}
_STATIC = "/static/"


class Guard:
    """Wraps an application; see the module."""

    def __init__(self, app: App, settings: Settings) -> None:
        self._app, self._settings = app, settings
        self._rates = Rates(settings.requests_a_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        origin = headers.get("origin")
        shared = origin is not None and origin in self._settings.cors_origins
        body = _Body(receive, self._settings.max_body)
        answer = _Answer(send, scope, body, self._settings.prefix, cors=origin if shared else None)
        if scope["method"] == "OPTIONS" and shared:
            await answer.preflight()
            return
        refusal = self._refusal(scope, headers, shared)
        if refusal is not None:
            await answer.refuse(*refusal)
            return
        scope = {**scope, "root_path": self._settings.prefix}
        if answer.head:
            # What may be read may be asked for without its body.
            scope["method"] = "GET"
        try:
            async with asyncio.timeout(self._settings.seconds):
                await self._app(scope, body.receive, answer.send)
        except TooLarge:
            await answer.refuse(413, "too_large", _size(self._settings.max_body))
        except TimeoutError:
            await answer.refuse(503, "too_slow", "the request took too long")
        except Exception:  # noqa: BLE001 - the last resort: a traceback in a server's log may quote a patient
            await answer.refuse(500, "internal", "internal fault; the request was not answered")

    def _refusal(self, scope: Scope, headers: dict[str, str], shared: bool) -> tuple[int, str, str] | None:
        """Return status, code and message of a request that is not answered."""
        settings = self._settings
        host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
        if host not in LOOPBACK and host not in settings.hosts and host != settings.host:
            return 421, "wrong_host", "this server is not called by that name"
        if settings.token is not None and not _has_token(headers, settings.token):
            return 401, "no_token", "the server's token is needed"
        if scope["method"] not in ("GET", "HEAD") and not shared and _foreign(headers):
            return 403, "cross_origin", "a page of another site may not send to this server"
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > settings.max_body:
            return 413, "too_large", _size(settings.max_body)
        client = (scope.get("client") or ("",))[0]
        if not _is_static(scope, settings.prefix) and not self._rates.allow(client, time.monotonic()):
            return 429, "too_many", "too many requests; wait a minute"
        return None


class Rates:
    """A token bucket per address; the oldest addresses are forgotten."""

    def __init__(self, a_minute: int) -> None:
        self._a_minute = a_minute
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allow(self, address: str, now: float) -> bool:
        """Take one request of an address; False: it has had its share."""
        left, at = self._left.pop(address, (float(self._a_minute), now))
        left = min(float(self._a_minute), left + (now - at) * self._a_minute / 60)
        allowed = left >= 1
        self._left[address] = (left - 1 if allowed else left, now)
        if len(self._left) > _KEPT_ADDRESSES:
            self._left.popitem(last=False)
        return allowed


class TooLarge(Exception):
    """The body is longer than allowed."""


class _Body:
    """Counts what arrives."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self._left, self.most = receive, most, most

    @property
    def over(self) -> bool:
        """True when more came than is allowed."""
        return self._left < 0

    async def receive(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self.over:
            raise TooLarge
        return message


class _Answer:
    """Adds the headers; knows whether an answer has begun."""

    def __init__(self, send: Send, scope: Scope, body: _Body, prefix: str, cors: str | None) -> None:
        self._send, self._body, self._prefix, self._cors, self._begun = send, body, prefix, cors, False
        self._static = _is_static(scope, prefix)
        self.head = scope["method"] == "HEAD"
        wanted = next((value for name, value in scope["headers"] if name == b"accept"), b"")
        self._page = wants_page(scope["path"].removeprefix(prefix), wanted.decode("latin-1"))

    async def send(self, message: Message) -> None:
        if self._body.over and not self._begun:
            # The application took the cut body for a malformed one and answers that: the reason is the size.
            raise TooLarge
        if message["type"] == "http.response.start":
            self._begun = True
            kept = [(name, value) for name, value in message["headers"] if name.lower() != b"server"]
            message = {**message, "headers": [*kept, *self._headers({name.lower() for name, _ in kept})]}
        elif self.head and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)

    async def refuse(self, status: int, code: str, said: str) -> None:
        """Answer with the error object, unless an answer has begun."""
        if self._begun:
            return
        error = {"error": {"code": code, "message": said, "file": None, "place": None, "allowed": None}}
        page = _PAGE.format(
            said=said,
            heading=HEADINGS.get(status, "That did not work"),
            advice=_ADVICE.get(status, "Go back and try again."),
            prefix=html.escape(self._prefix),
        )
        body = page.encode() if self._page else json.dumps(error).encode()
        media = b"text/html; charset=utf-8" if self._page else b"application/json"
        self._body = _Body(self._body.receive, self._body.most)
        headers = [(b"content-type", media), (b"content-length", str(len(body)).encode())]
        if status == 401:
            headers.append((b"www-authenticate", b'Basic realm="her2nav", charset="UTF-8"'))
        if status == 429:
            headers.append((b"retry-after", b"60"))
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})

    async def preflight(self) -> None:
        """Tell another origin that it may call."""
        await self.send({"type": "http.response.start", "status": 204, "headers": []})
        await self._send({"type": "http.response.body", "body": b""})

    def _headers(self, there: set[bytes]) -> list[tuple[bytes, bytes]]:
        found = [(name, value) for name, value in HEADERS if name not in there]
        if b"cache-control" not in there:
            # What may hold a patient is kept nowhere.
            found.append((b"cache-control", b"public, max-age=3600" if self._static else b"no-store"))
        if self._cors is not None:
            found += [
                (b"access-control-allow-origin", self._cors.encode("latin-1")),
                (b"access-control-allow-methods", b"GET, POST"),
                (b"access-control-allow-headers", b"content-type, authorization"),
                (b"vary", b"Origin"),
            ]
        return found


def _is_static(scope: Scope, prefix: str) -> bool:
    path: str = scope["path"]
    return path.removeprefix(prefix).startswith(_STATIC)


def _size(most: int) -> str:
    return f"the request is larger than {most / MIB:.3g} MB"


def _foreign(headers: dict[str, str]) -> bool:
    """True when a browser says that another site's page sends this."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    if origin is None:
        return False
    return urlsplit(origin).netloc != headers.get("host")


def _has_token(headers: dict[str, str], token: str) -> bool:
    """True for `Authorization: Bearer TOKEN`, or Basic with the token as password, which a browser asks for."""
    scheme, _, value = headers.get("authorization", "").partition(" ")
    given = value.strip()
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).decode("utf-8", errors="replace").partition(":")[2]
        except (binascii.Error, ValueError):
            return False
    elif scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(given.encode(), token.encode())
