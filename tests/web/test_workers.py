"""Workers are copies of a process that has loaded everything: they are replaced, and end with it."""

import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from her2nav.app.session import Session
from her2nav.model.errors import Her2NavError
from her2nav.web import warm as warming
from her2nav.web.settings import Settings
from her2nav.web.warm import warm
from her2nav.web.workers import can_copy, run_copies

linux = pytest.mark.skipif(not can_copy(), reason="workers are copied on Linux only")
_SERVING = """
import os, signal
from her2nav.web import workers
workers._SOON = 0.0

def serve():
    os.write(1, f"{os.getpid()}\\n".encode())
    signal.pause()

workers.run_copies(serve, 2)
"""


@linux
def test_a_worker_that_ends_is_replaced_and_all_end_together():
    with subprocess.Popen([sys.executable, "-c", _SERVING], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        first, second = int(server.stdout.readline()), int(server.stdout.readline())
        os.kill(first, signal.SIGKILL)
        third = int(server.stdout.readline())
        assert len({first, second, third, server.pid}) == 4
        server.terminate()
        assert server.wait(timeout=60) == 0
        # The pipe ends when no worker holds it any more.
        assert server.stdout.read() == ""


@linux
def test_workers_that_cannot_serve_are_one_error_and_not_begun_for_ever():
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(Her2NavError, match="ended as soon as it had begun"):
        run_copies(lambda: None, 2)
    assert signal.getsignal(signal.SIGTERM) == before


def test_made_up_patients_warm_the_pages_and_a_store_that_is_broken_stops_nothing(web_session, tmp_path, monkeypatch):
    shown = []
    real = warming.show_result
    monkeypatch.setattr(warming, "show_result", lambda *asked: shown.append(real(*asked)))
    warm(web_session, Settings())
    assert [answer.status_code for answer in shown] == [200] * 4
    (tmp_path / "registry.sqlite3").write_bytes(b"no database" * 100)
    warm(replace(web_session, folder=tmp_path), Settings())
    assert len(shown) == 4


def test_warming_does_not_wait_for_criteria_that_were_never_read(web_session, monkeypatch):
    def matched(session: Session, read, choice, progress, case):
        progress(100, 5000)
        raise AssertionError("it went on reading")

    monkeypatch.setattr("her2nav.app.derived.match", matched)
    warm(web_session, Settings())
