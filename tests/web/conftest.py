"""A served application, asked without a network."""

from datetime import date
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="the web extra is not installed")

from starlette.testclient import TestClient

from her2nav.app.session import Session
from her2nav.web.server import guarded
from her2nav.web.settings import Settings

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
HOST = "http://127.0.0.1"


@pytest.fixture(scope="session")
def web_session():
    return Session(today=lambda: date(2026, 11, 21))


@pytest.fixture(scope="session")
def client(web_session):
    return TestClient(guarded(web_session, Settings(requests_a_minute=100_000)), base_url=HOST)


@pytest.fixture
def serve(web_session):
    """Return a client of a server with other settings."""

    def start(**settings):
        app = guarded(web_session, Settings(**settings))
        return TestClient(app, base_url=HOST, raise_server_exceptions=False)

    return start


@pytest.fixture(scope="session")
def patient():
    return (EXAMPLES / "gastric-low.yaml").read_text()
