"""How the server runs."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
MIB = 1_048_576


@dataclass(frozen=True, slots=True)
class Settings:
    """Limits and permissions of one server.

    Attributes:
        host: Address to listen on.
        port: Port to listen on.
        hosts: Names that a request may call the server by, beside those of the loopback.
        token: Every request must carry it; required beyond loopback.
        cors_origins: Origins whose pages may call the API.
        prefix: Path under which a reverse proxy shows the server, without a slash at the end.
        max_body: Bytes of a request.
        seconds: Time a request may take.
        requests_a_minute: Of one address.
        form_minutes: How long a form may lie before it is sent.
        secret: Signs forms; the same in all workers.
        run: Folder of a screening, whose worklist the team pages show.
        reviews: File that rulings entered on a page are added to.
        cases: Folder of patient files, of which a board pack can be made.
    """

    host: str = "127.0.0.1"
    port: int = 8022
    hosts: frozenset[str] = frozenset()
    token: str | None = None
    cors_origins: frozenset[str] = frozenset()
    prefix: str = ""
    max_body: int = 10 * MIB
    seconds: float = 30.0
    requests_a_minute: int = 300
    form_minutes: int = 30
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    run: Path | None = None
    reviews: Path | None = None
    cases: Path | None = None

    @property
    def loopback(self) -> bool:
        """True when only this machine can reach the server."""
        return self.host in LOOPBACK
