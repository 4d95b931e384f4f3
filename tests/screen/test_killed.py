"""A screening that is killed anywhere and run again leaves the results that an undisturbed one leaves."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from screen.cohort import Ward, patient

CHILD = """
import os, signal, sys
from datetime import date
from pathlib import Path
from her2nav.app.cohort_trials import Asked
from her2nav.app.screen import screen
from her2nav.app.screen_options import ScreenOptions
from her2nav.app.session import Session

def main():
    patients, trials, store, out, deadly, processes = sys.argv[1:]
    day = date(2026, 11, 21)
    asked, workers = Asked(files=(trials,)), int(processes)
    options = ScreenOptions((patients,), asked, day, ids=True, processes=workers, block=2, store=store)
    seen = 0

    def progress(done):
        nonlocal seen
        seen += 1
        if seen == int(deadly):
            os.kill(os.getpid(), signal.SIGKILL)

    screen(Session(today=lambda: day, folder=Path(store)), options, Path(out), tell=print, progress=progress)

if __name__ == "__main__":
    main()
"""


@pytest.mark.parametrize(("deadly", "processes"), [(1, 1), (3, 1), (2, 2)])
def test_killed_and_resumed(ward: Ward, tmp_path: Path, deadly: int, processes: int) -> None:
    ward.write(*(patient(f"p{n}", performance={"ecog": n % 3}) for n in range(9)), "{bad")
    undisturbed = ward.rows(ward.screen("whole", ids=True))
    script = tmp_path / "child.py"
    script.write_text(CHILD, encoding="utf-8")
    told = [str(ward.patients), str(ward.trials), str(ward.session.folder), str(tmp_path / "run"), str(deadly)]
    child = subprocess.run(
        [sys.executable, str(script), *told, str(processes)], capture_output=True, timeout=300, env=dict(os.environ)
    )
    assert child.returncode == -signal.SIGKILL, child.stderr.decode()
    resumed = ward.screen(ids=True)
    judged = resumed.made["judged"]
    assert judged["as_before"] == 2 * deadly
    assert judged["anew"] == 9 - 2 * deadly
    assert ward.rows(resumed) == undisturbed
    assert resumed.made["counts"]["failed"] == 1
