"""A screening that is killed anywhere and run again leaves the results that an undisturbed one leaves."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from her2nav.app.worklist import pair_rows
from her2nav.cohort.runfile import RunFile
from screen.cohort import Ward, patient

NEVER = 0

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


@pytest.mark.slow
@pytest.mark.parametrize(("deadly", "processes"), [(1, 1), (3, 1), (2, 2)])
def test_killed_and_resumed(ward: Ward, tmp_path: Path, deadly: int, processes: int) -> None:
    ward.write(*(patient(f"p{n}", performance={"ecog": n % 3}) for n in range(9)), "{bad")
    whole = ward.screen("whole", ids=True)
    undisturbed = ward.rows(whole)
    script = tmp_path / "child.py"
    script.write_text(CHILD, encoding="utf-8")
    out = tmp_path / "run"

    def child(deadly: int) -> int:
        told = [str(ward.patients), str(ward.trials), str(ward.session.folder), str(out), str(deadly), str(processes)]
        return subprocess.run([sys.executable, str(script), *told], capture_output=True, timeout=300).returncode

    assert child(deadly) == -signal.SIGKILL
    cut_off = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert cut_off["state"] == "running"
    assert child(NEVER) == 0
    made = json.loads((out / "run.json").read_text(encoding="utf-8"))
    if made["tables"] != cut_off["tables"]:
        pytest.skip("somebody changed the fact files meanwhile, so all was rightly judged anew")
    assert made["judged"] == {"anew": 9 - 2 * deadly, "for_changed_trials": 0, "as_before": 2 * deadly}
    assert made["counts"]["failed"] == 1
    with RunFile(out) as run:
        assert [dict(row) for row in pair_rows(whole.trials, run)] == undisturbed
