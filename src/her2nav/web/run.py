"""Start the server: one process here, or several that share the secret of the forms."""

from __future__ import annotations

import errno
import json
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from her2nav.model.errors import InputError
from her2nav.web.collecting import tend_memory
from her2nav.web.guard import App
from her2nav.web.settings import Settings
from her2nav.web.workers import can_copy, run_copies

if TYPE_CHECKING:
    from her2nav.app.session import Session

_FOLDERS = ("run", "reviews", "cases")
_HANDED = "HER2NAV_SERVER"
"""Settings for worker processes; a variable of this server's own processes, not for users."""


def serve(settings: Settings, workers: int, announce: Callable[[], None] = lambda: None) -> None:
    """Serve until interrupted; `announce` is called as soon as nothing stands in the way.

    Raises:
        InputError: Beyond loopback without a token, the address cannot be had, or the web extra is not installed.
    """
    if not settings.loopback and settings.token is None:
        raise InputError(
            f"{settings.host} is reachable from other machines",
            place="--host",
            allowed="a token (--token-file) as well, and a reverse proxy with TLS in front",
        )
    try:
        import uvicorn
    except ImportError:
        raise InputError("the server needs the web extra", allowed="pip install 'her2nav[web]'") from None
    _check_address(settings)
    announce()
    common: dict[str, Any] = {
        "host": settings.host,
        "port": settings.port,
        "access_log": False,
        "log_level": "warning",
        "server_header": False,
        "date_header": True,
        "proxy_headers": False,
        "timeout_keep_alive": 15,
        "limit_concurrency": 200,
    }
    if workers > 1 and can_copy():
        # The address is taken before anything is loaded: one that is taken already is told at once.
        sockets = [uvicorn.Config("", **common).bind_socket()]
        session, served = _loaded(settings)
        _warm(session, settings)
        config = uvicorn.Config(served, **common)
        run_copies(lambda: uvicorn.Server(config).run(sockets), workers)
        return
    os.environ[_HANDED] = _written(settings)
    uvicorn.run("her2nav.web.run:application", factory=True, workers=workers, **common)


def _check_address(settings: Settings) -> None:
    """Take the address for a moment, so that one that cannot be had is told in a line of ours.

    Raises:
        InputError: No such address here, or the port is taken or not allowed to this user.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        why = "something else serves there" if taken else (error.strerror or str(error)).lower()
        place = "--port" if taken or error.errno == errno.EACCES else "--host"
        raise InputError(
            f"{settings.host}:{settings.port} cannot be had: {why}",
            place=place,
            allowed="another --port" if place == "--port" else "an address of this machine",
        ) from None


def application() -> App:
    """Return the guarded application of a process that was started on its own.

    It answers at once; what all patients share is worked out beside it, while the first of them reads the page.
    """
    settings = _read(os.environ.get(_HANDED))
    session, served = _loaded(settings)
    tend_memory()
    threading.Thread(target=_warm, args=(session, settings), daemon=True).start()
    return served


def _loaded(settings: Settings) -> tuple[Session, App]:
    """Return knowledge and catalogue, and the guarded application over them."""
    from her2nav.app.session import Session
    from her2nav.web.server import guarded

    session = Session()
    _ = session.knowledge, session.trials
    return session, guarded(session, settings)


def _warm(session: Session, settings: Settings) -> None:
    """Work out what all patients share."""
    from her2nav.web.warm import warm

    warm(session, settings)
    tend_memory()


def _written(settings: Settings) -> str:
    data: dict[str, Any] = asdict(settings)
    data |= {"hosts": sorted(settings.hosts), "cors_origins": sorted(settings.cors_origins)}
    data |= {name: str(data[name]) for name in _FOLDERS if data[name] is not None}
    return json.dumps(data | {"secret": settings.secret.hex()})


def _read(written: str | None) -> Settings:
    if written is None:
        return Settings()
    data = json.loads(written)
    data |= {"hosts": frozenset(data["hosts"]), "cors_origins": frozenset(data["cors_origins"])}
    data |= {name: Path(data[name]) for name in _FOLDERS if data[name] is not None}
    return Settings(**data | {"secret": bytes.fromhex(data["secret"])})
