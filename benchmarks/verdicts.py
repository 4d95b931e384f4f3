"""Verdicts on real trials against those of a person who read the same texts: recall by class, the deciding criterion.

    python benchmarks/verdicts.py [--details]

Curated and read trees apart, each once more with the patient's note added to the patient file (`her2nav intake NOTE
--into FILE`): the person had both, though the file was to be enough. Needs the shared test data (HER2NAV_SHARED,
default ../shared); `verdicts.README.md` there says how the person judged. A criterion is the same where its place in
the text overlaps the quoted sentence.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from her2nav.app.criteria import record_of
from her2nav.app.intake import added_to, intake
from her2nav.app.session import Session
from her2nav.criteria.reader import reader
from her2nav.criteria.trial import read_trial
from her2nav.intake.patient_file import ReadPatient, read_patient
from her2nav.knowledge.load import load_knowledge
from her2nav.matching.compiled import compile_trials
from her2nav.matching.reasons import CriterionResult
from her2nav.matching.results import Match, match_patient
from her2nav.model.patient import Patient
from her2nav.model.trial import Trial
from her2nav.model.truth import Truth

SHARED = Path(os.environ.get("HER2NAV_SHARED") or Path(__file__).resolve().parents[2] / "shared")
DIFFERENCES = Path(__file__).resolve().parents[1] / "tests/gold/differences.csv"
CLASSES = ("eligible", "possible", "ineligible")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Judged:
    """A pair with the person's verdict and ours."""

    row: dict[str, object]
    match: Match
    text: str

    @property
    def gold(self) -> str:
        return str(self.row["verdict"])

    @property
    def ours(self) -> str:
        return self.match.verdict.word

    def same_criterion(self) -> bool:
        """True where something that we call broken is what the person calls broken."""
        broken = self.match.with_truth(Truth.NOT_MET)
        return any(same(item, quote, self.text) for quote in self.quotes("not_met") for item in broken)

    def quotes(self, truth: str) -> list[str]:
        deciding = self.row["deciding"]
        assert isinstance(deciding, list)
        return [item["criterion_quote"] for item in deciding if item["truth"] == truth]


def same(item: CriterionResult, quote: str, text: str) -> bool:
    """Return whether a criterion stands where a quote stands; without a place, whether they share most words."""
    found = _place(quote, text)
    span = item.criterion.span
    if found is not None and span is not None:
        return span[0] < found[1] and found[0] < span[1]
    wanted, have = set(_WORD.findall(quote.lower())), set(_WORD.findall(item.criterion.text.lower()))
    return len(wanted & have) >= 0.5 * min(len(wanted), len(have))


def _place(quote: str, text: str) -> tuple[int, int] | None:
    words = _WORD.findall(quote)
    if not words:
        return None
    found = re.search(r"\W+".join(map(re.escape, words)), text)
    return found.span() if found else None


def trials(kind: str, ids: Sequence[str], session: Session) -> dict[str, Trial]:
    """Return the trials of the pairs with their curated or their read trees."""
    if kind == "curated":
        return {one.record.nct_id: one for one in session.trials if one.record.nct_id in ids}
    knowledge = session.knowledge
    reads = reader(knowledge)
    found = {}
    for nct_id in ids:
        record = record_of(SHARED / "data/gold/texts" / f"{nct_id}.json")
        found[nct_id] = read_trial(record, reads, knowledge, date(2026, 1, 5))[0]
    return found


def patient_of(name: str, session: Session, *, note: bool) -> ReadPatient:
    """Return a patient of the pairs from the patient file, or from the file with the note added to it."""
    file = SHARED / f"data/gold/patients/{name}.yaml"
    read = read_patient(file, session.knowledge, session.today())
    if not note:
        return read
    reading = added_to(session, read, file.name, intake(session, [file.with_suffix(".note.txt")]).reading)
    return replace(read, patient=Patient.model_validate(reading.patient))


def judge(kind: str, rows: Sequence[dict[str, object]], session: Session, *, note: bool = False) -> list[Judged]:
    """Match the patients of the pairs with the trials."""
    chosen = trials(kind, sorted({str(row["nct_id"]) for row in rows}), session)
    compiled = compile_trials(list(chosen.values()))
    texts = {
        nct_id: json.loads((SHARED / "data/gold/texts" / f"{nct_id}.json").read_text())["eligibility"]["raw_text"]
        for nct_id in chosen
    }
    found = []
    for patient in sorted({str(row["patient"]) for row in rows}):
        read = patient_of(patient, session, note=note)
        matches = {one.trial.record.nct_id: one for one in match_patient(session.case(read), compiled)}
        found += [
            Judged(row, matches[str(row["nct_id"])], texts[str(row["nct_id"])])
            for row in rows
            if row["patient"] == patient and row["nct_id"] in matches
        ]
    return found


def explained() -> set[tuple[object, object]]:
    """Return the pairs of which it is written down why the person and the program differ."""
    rows = csv.DictReader(DIFFERENCES.read_text().splitlines())
    return {(row["patient"], row["nct_id"]) for row in rows if row["why"]}


def report(kind: str, pairs: Sequence[Judged], *, details: bool) -> None:
    """Print recall by class, false fits and exclusions, and how often the deciding criterion is the same."""
    print(f"{kind}: {len(pairs)} pairs")
    for name in CLASSES:
        mine = [one for one in pairs if one.gold == name]
        told = Counter(one.ours for one in mine)
        right = told[name]
        share = f"{right / len(mine):.2f}" if mine else "-"
        others = ", ".join(f"{told[other]} {other}" for other in CLASSES if other != name and told[other])
        print(f"  {name:<11} {right:>3} of {len(mine):>3}  recall {share}  {('else ' + others) if others else ''}")
    closed = [one for one in pairs if one.gold == "ineligible"]
    same_one = sum(one.ours == "ineligible" and one.same_criterion() for one in closed)
    print(f"  same deciding criterion: {same_one} of {len(closed)} ineligible ({same_one / max(1, len(closed)):.2f})")
    known_pairs = explained() if kind.startswith("curated") else set()
    differ = [one for one in pairs if one.ours != one.gold]
    if differ and known_pairs:
        known = sum((one.row["patient"], one.row["nct_id"]) in known_pairs for one in differ)
        print(f"  other verdict: {len(differ)}, of these explained one by one in {DIFFERENCES.name}: {known}")
    fits = [one for one in pairs if one.ours == "eligible" != one.gold]
    shut = [one for one in pairs if one.ours == "ineligible" != one.gold]
    print(f"  false fits {len(fits)}, false exclusions {len(shut)}")
    if details:
        for one in pairs:
            agreed = one.ours == one.gold and (one.gold != "ineligible" or one.same_criterion())
            if not agreed:
                _explain(one)


def _explain(one: Judged) -> None:
    print(f"\n  {one.row['patient']} {one.row['nct_id']}: person {one.gold}, program {one.ours}")
    for item in one.row["deciding"]:  # type: ignore[attr-defined]
        print(f"    person {item['truth']}: {item['criterion_quote'][:140]} | {item['why'][:120]}")
    for truth in (Truth.NOT_MET, Truth.UNKNOWN):
        for item in one.match.with_truth(truth)[:12]:
            print(f"    program {truth.value}: {item.criterion.text[:110]} | {item.finding.reason[:150]}")


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--details", action="store_true", help="every difference, with what decides on both sides")
    parser.add_argument("--only", choices=("curated", "read"))
    given = parser.parse_args()
    lines = (SHARED / "data/gold/verdicts.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    session = Session(load_knowledge(), today=lambda: date(2026, 11, 21))
    for kind in (given.only,) if given.only else ("curated", "read"):
        for note in (False, True):
            title = f"{kind}, the patient's note added" if note else kind
            report(title, judge(kind, rows, session, note=note), details=given.details)


if __name__ == "__main__":
    main()
