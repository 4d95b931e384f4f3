"""The API against its own OpenAPI document: whatever the document allows is answered, and nothing breaks it."""

from datetime import date

import pytest

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
pytest.importorskip("fastapi", reason="the web extra is not installed")

from hypothesis import HealthCheck, settings  # noqa: E402

from her2nav.app.session import Session  # noqa: E402
from her2nav.web.server import guarded  # noqa: E402
from her2nav.web.settings import Settings  # noqa: E402

APP = guarded(
    Session(today=lambda: date(2026, 11, 21)),
    Settings(requests_a_minute=10_000_000, hosts=frozenset({"testserver"})),
)
SCHEMA = schemathesis.openapi.from_asgi("/api/openapi.json", APP)
ERROR = {"code", "message", "file", "place", "allowed"}


@SCHEMA.parametrize()
@settings(max_examples=5, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
def test_no_request_breaks_the_server(case):
    answer = case.call()
    assert answer.status_code < 500
    if answer.status_code >= 400 and case.path.startswith("/api/"):
        assert set(answer.json()["error"]) == ERROR
