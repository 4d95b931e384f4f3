"""A registry on this machine that behaves like API v2, with faults to order."""

from __future__ import annotations

import base64
import copy
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Fault = Callable[["Handler", bytes], None]
"""Answers a request in its own way; given the right answer."""

KNOWN = {
    *("query.term", "query.cond", "filter.ids", "filter.advanced"),
    *("fields", "sort", "pageSize", "pageToken", "countTotal"),
}
_RANGE = re.compile(r"AREA\[LastUpdatePostDate\]RANGE\[(\d{4}-\d\d-\d\d),MAX\]")


@dataclass
class Registry:
    """What the server holds.

    Attributes:
        studies: Registry id to study, in the form of API v2.
        listed: Whether a query finds a study.
        faults: Number of a request (from 1) to how it is answered.
        before: Called with the number of a request before it is answered: the data may change here.
        asked: Path and parameters of every request.
    """

    studies: dict[str, dict[str, Any]]
    day: str = "2026-11-20"
    changes: int = 0
    listed: Callable[[str], bool] = lambda _: True
    faults: dict[int, Fault] = field(default_factory=dict)
    every: Fault | None = None
    before: Callable[[int], None] = lambda _: None
    aliases: dict[str, str] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    old_tokens: bool = True
    empty_page_at: int | None = None
    count: bool = True
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, path: str, params: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        if path == "/version":
            return _json(200, {"apiVersion": "2.0.5", "dataTimestamp": f"{self.day}T09:00:{self.changes:02}"})
        if path.startswith("/studies/"):
            nct_id = path.removeprefix("/studies/")
            if nct_id in self.aliases:
                return 301, {"Location": f"/api/v2/studies/{self.aliases[nct_id]}"}, b""
            if nct_id in self.redirects:
                return 302, {"Location": self.redirects[nct_id]}, b""
            if nct_id not in self.studies:
                return 404, {}, f"NCT number {nct_id} not found".encode()
            return _json(200, self.studies[nct_id])
        if path != "/studies" or set(params) - KNOWN:
            return 400, {}, b"unknown parameter"
        return self._page(params)

    def _page(self, params: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        size = int(params.get("pageSize", "10"))
        if not 1 <= size <= 1000:
            return 400, {}, b"pageSize"
        after = ""
        if token := params.get("pageToken"):
            try:
                made, after = json.loads(base64.urlsafe_b64decode(token))
            except ValueError:
                return 400, {}, b"`pageToken` is not valid"
            if made != self.day and not self.old_tokens:
                return 400, {}, b"`pageToken` is not valid"
        found = [study for nct_id, study in self.studies.items() if self._wanted(nct_id, study, params)]
        # By last update: a study updated meanwhile moves to the end, and may come twice.
        found.sort(key=_order)
        rest = [study for study in found if _order(study) > after]
        page = rest[:size]
        body: dict[str, Any] = {"studies": [_trimmed(study, params.get("fields")) for study in page]}
        if self.count and params.get("countTotal") == "true":
            body["totalCount"] = len(found)
        if len(rest) > size:
            body["nextPageToken"] = _token(self.day, _order(page[-1]))
        if self.empty_page_at is not None and len(self.asked) == self.empty_page_at:
            body["studies"] = []
            body["nextPageToken"] = _token(self.day, after + "\0") if after else _token(self.day, "0")
        return _json(200, body)

    def _wanted(self, nct_id: str, study: dict[str, Any], params: dict[str, str]) -> bool:
        if "filter.ids" in params:
            return nct_id in params["filter.ids"].split(",")
        if not self.listed(nct_id):
            return False
        since = _RANGE.fullmatch(params.get("filter.advanced", ""))
        return since is None or _updated(study) >= since[1]

    def pages(self, kind: str = "ProtocolSection") -> list[dict[str, str]]:
        """The requests for pages with these fields."""
        return [params for path, params in self.asked if path == "/studies" and kind in params.get("fields", "")]


def _json(status: int, data: Any) -> tuple[int, dict[str, str], bytes]:
    return status, {"Content-Type": "application/json"}, json.dumps(data, indent=2).encode()


def _updated(study: dict[str, Any]) -> str:
    return str(study["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]["date"])


def _order(study: dict[str, Any]) -> str:
    return _updated(study) + " " + str(study["protocolSection"]["identificationModule"].get("nctId", ""))


def _token(day: str, after: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([day, after]).encode()).decode()


def _trimmed(study: dict[str, Any], fields: str | None) -> dict[str, Any]:
    if not fields or "ProtocolSection" in fields:
        return {key: value for key, value in study.items() if key != "resultsSection"}
    protocol = study["protocolSection"]
    status = protocol["statusModule"]
    kept: dict[str, Any] = {"identificationModule": {}, "statusModule": {}}
    if "nctId" in protocol["identificationModule"]:
        kept["identificationModule"]["nctId"] = protocol["identificationModule"]["nctId"]
    for key in ("overallStatus", "lastUpdatePostDateStruct"):
        kept["statusModule"][key] = copy.deepcopy(status[key])
    return {"protocolSection": kept}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    registry: Registry

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        params = dict(parse_qsl(parts.query, keep_blank_values=True))
        registry = self.registry
        with registry.lock:
            path = parts.path.removeprefix("/api/v2")
            registry.asked.append((path, params))
            number = len(registry.asked)
            registry.before(number)
            status, headers, body = registry.answer(path, params)
            fault = registry.faults.pop(number, registry.every)
        if fault is not None:
            fault(self, body)
        else:
            self.send(status, headers, body)

    def send(self, status: int, headers: dict[str, str], body: bytes, length: int | None = None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def refuse(status: int, **headers: str) -> Fault:
    """Answer with a status."""
    return lambda handler, _: handler.send(status, {k.replace("_", "-"): v for k, v in headers.items()}, b"busy")


def cut(share: float = 0.5) -> Fault:
    """Promise a whole body and close after a part of it."""

    def fault(handler: Handler, body: bytes) -> None:
        handler.send(200, {}, body[: int(len(body) * share)], len(body))
        handler.close_connection = True

    return fault


def instead(body: bytes) -> Fault:
    """Answer with another body, whole as far as HTTP can tell."""
    return lambda handler, _: handler.send(200, {}, body)


def half(handler: Handler, body: bytes) -> None:
    """A body that ends in the middle, with a length that fits."""
    handler.send(200, {}, body[: len(body) // 2])


def reset(handler: Handler, _: bytes) -> None:
    """Close the connection without a word."""
    handler.close_connection = True
    handler.connection.close()


def silent(seconds: float) -> Fault:
    """Say nothing for a while."""

    def fault(handler: Handler, body: bytes) -> None:
        time.sleep(seconds)
        handler.close_connection = True

    return fault


def drops(seconds: float, wait: float = 0.02) -> Fault:
    """Send the body in drops, each in time, the whole never."""

    def fault(handler: Handler, body: bytes) -> None:
        handler.send(200, {}, b"", len(body))
        end = time.monotonic() + seconds
        try:
            while time.monotonic() < end:
                handler.wfile.write(b" ")
                time.sleep(wait)
        except OSError:
            pass
        handler.close_connection = True

    return fault


@contextmanager
def serving(registry: Registry) -> Iterator[Registry]:
    """Serve until the end of the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("H", (Handler,), {"registry": registry}))
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    registry.url = f"http://127.0.0.1:{server.server_address[1]}/api/v2"
    try:
        yield registry
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
