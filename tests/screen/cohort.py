"""What the tests of screening share: patients and trials small enough to know every answer by heart."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from her2nav.app.choice import Choice, TrialSet
from her2nav.app.cohort_trials import Asked
from her2nav.app.screen import Screened, screen
from her2nav.app.screen_options import ScreenOptions
from her2nav.app.session import Session
from her2nav.app.worklist import pair_rows
from her2nav.cohort.runfile import RunFile

OWN = "2023-507123-12-00"
CATALOGUE = Asked(Choice(TrialSet.CATALOGUE))


def trial_yaml(nct_id: str, *rules: str, arms: str = "") -> str:
    """Return a trial file with one criterion for each rule, and one that a person must read for none."""
    criteria = "\n".join(
        f"  - {{id: i{number}, section: inclusion, text: Criterion {number}, rule: {rule}}}"
        for number, rule in enumerate(rules, 1)
    )
    return f"""nct_id: {nct_id}
title: A made-up trial of the site
status: {{value: RECRUITING, date: 2026-11-01, source: site}}
curation: full
text_sha256: {"0" * 64}
review: {{state: draft, date: 2026-11-01}}
{arms}criteria:
{criteria}
"""


ADULT = "{age: {min: 18}}"
FIT = "{performance_status: {ecog_max: 1}}"
HEART = "{lvef: {percent: 50, within_days: 28}}"
PAUSE = "{not: {prior_therapy: {drugs: [trastuzumab], ended_within_days: 28}}}"


def patient(identity: str | None, **more: Any) -> dict[str, Any]:
    """Return a patient of 50 years with ECOG 1 and a fresh LVEF of 60 %."""
    found = {
        "demographics": {"age": 50, "sex": "female"},
        "performance": {"ecog": 1, "date": "2026-11-10"},
        "cancer": {"tumour_type": "breast", "setting": "metastatic"},
        "cardiac": {"lvef_percent": 60, "lvef_date": "2026-11-10"},
        "complete": {"therapies": True},
        **more,
    }
    return {"id": identity, **found} if identity is not None else found


class Ward:
    """A folder with patients and trials."""

    def __init__(self, folder: Path, today: date) -> None:
        self.folder, self.today = folder, today
        self.patients = folder / "patients.jsonl"
        self.trials = folder / "trials"
        self.trials.mkdir()
        self.session = Session(today=lambda: self.today, folder=folder / "no-store")
        self.told: list[str] = []
        self.trial(OWN, ADULT, FIT, HEART, PAUSE)

    def trial(self, nct_id: str, *rules: str, arms: str = "") -> Path:
        """Write a trial file."""
        path = self.trials / f"{nct_id}.yaml"
        path.write_text(trial_yaml(nct_id, *rules, arms=arms), encoding="utf-8")
        return path

    def write(self, *patients: dict[str, Any] | str) -> None:
        """Write the patients, one a line."""
        lines = [item if isinstance(item, str) else json.dumps(item) for item in patients]
        self.patients.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def options(self, **more: Any) -> ScreenOptions:
        """Return the options of a screening of this ward for its own trials."""
        known: dict[str, Any] = {
            "sources": (str(self.patients),),
            "asked": Asked(files=(str(self.trials),)),
            "today": self.today,
            "processes": 1,
            "block": 2,
            "store": str(self.session.folder),
        }
        return ScreenOptions(**{**known, **more})

    def screen(self, name: str = "run", **more: Any) -> Screened:
        """Screen into a folder."""
        self.told = []
        return screen(self.session, self.options(**more), self.folder / name, tell=self.told.append)

    def rows(self, done: Screened) -> list[dict[str, Any]]:
        """Return the pairs of a run."""
        with RunFile(done.out) as run:
            return [dict(row) for row in pair_rows(done.trials, run)]

    def by_patient(self, done: Screened) -> dict[str, dict[str, Any]]:
        """Return the pair of each patient with the own trial; the run must name patients by their ids."""
        return {row["patient"]: row for row in self.rows(done) if row["nct_id"] == OWN}
