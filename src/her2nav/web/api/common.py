"""What the routes share."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import Depends, Request, Response

from her2nav.app.session import Session

Answer = Response


def current(request: Request) -> Session:
    """Return the server's session: knowledge, catalogue and clock; it holds no patient."""
    session: Session = request.app.state.session
    return session


Current = Annotated[Session, Depends(current)]


def json_answer(data: Any, status: int = 200, media: str = "application/json") -> Response:
    """Return plain data as JSON."""
    return Response(json.dumps(data, ensure_ascii=False, default=str).encode(), status, media_type=media)
