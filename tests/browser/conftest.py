"""A server in a process of its own and a real browser: Debian's Chromium, driven by Playwright."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
WHY = "the browser tests need chromium, playwright and the web extra"


@pytest.fixture(scope="session")
def chromium():
    """The browser, or a skip; HER2NAV_REQUIRE_BROWSER=1 makes its absence a failure."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        sync_playwright = None
    if path is None or sync_playwright is None:
        if os.environ.get("HER2NAV_REQUIRE_BROWSER") == "1":
            pytest.fail(WHY)
        pytest.skip(WHY)
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=options)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    """Where the server listens; it has a screening of one patient, so that the pages of a team are there too."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = tmp_path_factory.mktemp("home")
    cases, run = home / "cases", home / "run"
    cases.mkdir()
    shutil.copy(EXAMPLES / "gastric-low.yaml", cases)
    environment = {**os.environ, "HER2NAV_HOME": str(home)}
    her2nav = [sys.executable, "-m", "her2nav"]
    screen = [*her2nav, "screen", str(cases), "--trials", "catalogue", "--out", str(run)]
    subprocess.run(screen, env=environment, check=True, capture_output=True)
    team = ["--run", str(run), "--reviews", str(home / "reviews.jsonl"), "--cases", str(cases)]
    server = subprocess.Popen(
        [*her2nav, "serve", "--port", str(port), *team], env=environment, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert server.poll() is None, "the server ended"
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture
def page(chromium, request):
    """A new page; a message on the browser's console, or a request to another machine, is a failure."""
    context = chromium.new_context(**getattr(request, "param", {}))
    found, asked = context.new_page(), []
    told = []
    found.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    found.on("request", lambda sent: asked.append(sent.url))
    found.set_default_timeout(60_000)
    yield found
    context.close()
    assert [line for line in told if "the server responded with a status of" not in line] == []
    assert all(url.startswith(("http://127.0.0.1:", "data:")) for url in asked), asked
