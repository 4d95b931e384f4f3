"""Talks to the registry: one request at a time, unhurried, patient with faults, and bounded in time and size."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import her2nav
from her2nav.model.errors import Her2NavError, ValueProblem
from her2nav.model.registry_trial import NCT_ID
from her2nav.registry.api_page import Page, WrongAnswer, read_page
from her2nav.registry.sync_settings import Service

if TYPE_CHECKING:
    import httpx2

_TRY_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_AGENT = f"her2nav/{her2nav.__version__}"


class RegistryUnavailable(Her2NavError):
    """The registry cannot be reached or does not answer as it should; what was read is kept."""

    code = "registry_unavailable"
    exit_status = 1


class TokenRefused(Exception):
    """The token of a page is no longer taken: the pages must be read from the first."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One study looked up by its id.

    Attributes:
        raw: Its bytes as received; None when the registry has no such study.
        moved_to: The id it has now, where the registry sends elsewhere.
    """

    raw: bytes | None = None
    moved_to: str | None = None


@dataclass
class Traffic:
    """What was sent and what went wrong on the way."""

    requests: int = 0
    retries: int = 0
    bytes: int = 0
    faults: list[str] = field(default_factory=list)


class ApiClient:
    """A client of API v2. Use as a context.

    Args:
        service: How it is treated.
        url: Where it is; None: as the settings say.
        sleep: Waits some seconds.
        clock: A clock that only goes forward, in seconds.
        now: The clock on the wall, for `Retry-After` with a date.
        waiting: Told before a wait: the reason and the seconds.
    """

    def __init__(
        self,
        service: Service,
        *,
        url: str | None = None,
        sleep: Callable[[float], None],
        clock: Callable[[], float],
        now: Callable[[], datetime],
        waiting: Callable[[str, float], None] | None = None,
    ) -> None:
        self._service = service
        self._url = checked_url(url or service.url)
        self._sleep, self._clock, self._now = sleep, clock, now
        self._waiting = waiting or (lambda reason, seconds: None)
        self._last: float | None = None
        self.traffic = Traffic()

    def __enter__(self) -> ApiClient:
        import httpx2

        self._httpx = httpx2
        limits = self._service
        host = urlsplit(self._url).hostname
        self._client = httpx2.Client(
            timeout=httpx2.Timeout(limits.read_seconds, connect=limits.connect_seconds),
            headers={"User-Agent": _AGENT, "Accept": "application/json"},
            follow_redirects=False,
            # A hospital's proxy is used for the world outside, never for this machine.
            trust_env=host not in _LOOPBACK,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def version(self) -> str | None:
        """Return the moment of the registry's data, as it writes it; None where it does not say."""
        status, _, data = self._get("/version", {}, read=_object)
        found = data.get("dataTimestamp") if status == 200 else None
        return found if isinstance(found, str) else None

    def page(self, params: Mapping[str, str]) -> Page:
        """Return one page.

        Raises:
            RegistryUnavailable: It could not be had.
            TokenRefused: The registry does not take the page's token.
        """
        status, body, page = self._get("/studies", params, read=read_page)
        if status != 200:
            if "pageToken" in params and status in (400, 410, 422):
                raise TokenRefused
            raise self._refused(status, body)
        assert isinstance(page, Page)
        return page

    def study(self, nct_id: str) -> Fetched:
        """Look one study up by its id: the only way to know that it is gone.

        Raises:
            RegistryUnavailable: No clear answer.
        """
        params = {"fields": ",".join(self._service.fields)}
        status, body, data = self._get(f"/studies/{nct_id}", params, read=_object, location=True)
        if status == 200:
            found = _id_of(data)
            if found is None:
                raise RegistryUnavailable(f"the registry's answer for {nct_id} is no study")
            return Fetched(body, found if found != nct_id else None)
        if status in (301, 302, 307, 308):
            said = body.decode("utf-8", "replace")
            target = NCT_ID.search(said)
            # Sent to itself, or to a page for something else such as maintenance: this says nothing of the study.
            if target is None or target.group() == nct_id:
                raise RegistryUnavailable(f"the registry sends the question for {nct_id} to '{said[:200]}'")
            return Fetched(None, target.group())
        if status in (404, 410):
            return Fetched()
        raise self._refused(status, body)

    def _get(
        self, path: str, params: Mapping[str, str], *, read: Callable[[bytes], Any], location: bool = False
    ) -> tuple[int, bytes, Any]:
        """Return status, body and what it says, after as many tries as allowed: a whole answer or a clear refusal."""
        reason = ""
        for attempt in range(self._service.retries + 1):
            asked_for: float | None = None
            if attempt:
                self.traffic.retries += 1
            try:
                status, headers, body = self._once(path, params)
            except (self._httpx.TransportError, self._httpx.DecodingError) as error:
                reason = f"{_plain(error)}"
            except WrongAnswer as error:
                reason = str(error)
            else:
                if status == 200:
                    try:
                        return status, body, read(body)
                    except WrongAnswer as error:
                        reason = f"an answer that is {error}"
                elif status in _TRY_AGAIN:
                    reason = f"status {status}"
                    asked_for = self._retry_after(headers.get("Retry-After"))
                else:
                    moved = location and 300 <= status < 400
                    return status, headers.get("Location", "").encode() if moved else body, None
            self.traffic.faults.append(reason)
            if attempt < self._service.retries:
                self._wait(reason, attempt, asked_for)
        raise RegistryUnavailable(
            f"the registry gave no usable answer after {self._service.retries + 1} tries: {reason}",
            allowed="what was read is kept; run the same command again to go on",
        )

    def _wait(self, reason: str, attempt: int, asked_for: float | None) -> None:
        limits = self._service
        seconds = min(limits.first_wait_seconds * 2**attempt, limits.longest_wait_seconds)
        if asked_for is not None:
            if asked_for > limits.longest_wait_seconds:
                raise RegistryUnavailable(
                    f"the registry asks to wait {asked_for / 60:.0f} minutes",
                    allowed="what was read is kept; run the same command again then",
                    code="registry_busy",
                )
            seconds = max(asked_for, 0.0)
        self._waiting(reason, seconds)
        self._sleep(seconds)

    def _retry_after(self, value: str | None) -> float | None:
        if not value:
            return None
        if value.isascii() and value.strip().isdigit():
            return float(value)
        with suppress(ValueError, TypeError):
            moment = parsedate_to_datetime(value)
            return (moment.replace(tzinfo=moment.tzinfo or UTC) - self._now()).total_seconds()
        return None

    def _once(self, path: str, params: Mapping[str, str]) -> tuple[int, httpx2.Headers, bytes]:
        limits = self._service
        if self._last is not None:
            pause = self._last + limits.seconds_between_requests - self._clock()
            if pause > 0:
                self._sleep(pause)
        self._last = start = self._clock()
        self.traffic.requests += 1
        body = bytearray()
        with self._client.stream("GET", self._url + path, params=dict(params)) as answer:
            # Time-outs of the library count each wait for bytes; an answer in drops would never end.
            for chunk in answer.iter_bytes():
                body += chunk
                if self._clock() - start > limits.answer_seconds:
                    raise WrongAnswer(f"not whole after {limits.answer_seconds:g} seconds")
                if len(body) > limits.answer_megabytes << 20:
                    raise WrongAnswer(f"longer than {limits.answer_megabytes} MB")
            self.traffic.bytes += len(body)
            return answer.status_code, answer.headers, bytes(body)

    def _refused(self, status: int, body: bytes) -> RegistryUnavailable:
        said = " ".join(body[:200].decode("utf-8", "replace").split())
        return RegistryUnavailable(f"the registry refuses the question with status {status}: {said}")


def checked_url(url: str) -> str:
    """Return an address without a slash at its end.

    Raises:
        ValueProblem: It is not https, nor on this machine.
    """
    parts = urlsplit(url)
    if not (parts.scheme == "https" and parts.hostname) and not (
        parts.scheme == "http" and parts.hostname in _LOOPBACK
    ):
        raise ValueProblem(f"'{url}' is not an address of a registry", allowed="https://…, or http:// on this machine")
    return url.rstrip("/")


def _object(body: bytes) -> dict[str, Any]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise WrongAnswer(f"not JSON: {error}") from None
    if not isinstance(data, dict):
        raise WrongAnswer("JSON of another form")
    return data


def _id_of(data: Any) -> str | None:
    for name in ("protocolSection", "identificationModule"):
        data = data.get(name) if isinstance(data, dict) else None
    found = data.get("nctId") if isinstance(data, dict) else None
    return found if isinstance(found, str) and NCT_ID.fullmatch(found) else None


def _plain(error: Exception) -> str:
    said = " ".join(str(error).split())
    name = type(error).__name__
    kind = "no answer in time" if "Timeout" in name else "the connection failed"
    return f"{kind} ({said or name})"
