"""Start the server: one process here, or several that share the secret of the forms."""

from __future__ import annotations

import json
import os
import threading
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


def serve(settings: Settings, workers: int) -> None:
    """Serve until interrupted.

    Raises:
        InputError: Beyond loopback without a token, or the web extra is not installed.
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
