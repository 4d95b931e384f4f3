"""Patients with whom nothing is wrong but the cancer, and such as have everything, against real trials.

    python benchmarks/well_patients.py [--ill] [--every N] [--details] [--kind KIND]

The patients of `benchmarks/well_patients` are invented: normal values, every list complete and empty of illness. A
criterion on illness, medicines, values or side effects that shuts one of them out is nearly always read wrongly; those
on the cancer, its treatment, age and sex alone are left out. `--ill` turns it round: the patients of
`benchmarks/ill_patients` have every illness and the worst values; a criterion that
they meet by something on record is nearly always read wrongly too. What is found must be read by a person: `--details`
prints each with its text. Needs the shared registry records (HER2NAV_SHARED); every Nth trial on HER2 or cancer.
"""

from __future__ import annotations

import argparse
import os
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from her2nav.app.session import Session
from her2nav.criteria.reader import reader
from her2nav.criteria.trial import read_trial
from her2nav.intake.patient_file import read_patient
from her2nav.matching.compiled import compile_trials
from her2nav.matching.reasons import CriterionResult
from her2nav.matching.results import match_patient
from her2nav.model.tree import leaves
from her2nav.model.trial import Role, Trial
from her2nav.model.truth import Truth
from her2nav.registry.read import Damage, read_records

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("HER2NAV_SHARED") or HERE.parents[1] / "shared")
ON_HER2 = re.compile(r"her-?\s?2\b|erbb-?2|trastuzumab", re.IGNORECASE)
OF_THE_CANCER = frozenset(
    {
        "tumour_type",
        "her2_status",
        "her2_mutation",
        "her2_amplification",
        "hormone_receptor",
        "disease_setting",
        "age",
        "sex",
        "lines_of_therapy",
        "prior_therapy",
        "gene_status",
        "other_biomarker",
        "other_driver",
        "pd_l1",
        "msi_mmr",
        "metastatic_site",
        "disease_progression",
        "menopausal_status",
        "measurable_disease",
        "tissue_available",
        "planned_therapy",
        "options_exhausted",
        "participation",
        "unread",
        "judgement",
    }
)
RECORDS = [SHARED / "data/registry" / name for name in ("oncology_2026-01.jsonl.gz", "eligibility_texts.jsonl.gz")]


def main() -> None:
    """Print how many criteria shut out somebody who is well, by kind, and on request each of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--every", type=int, default=4, help="every Nth of the trials (4)")
    parser.add_argument("--details", action="store_true", help="each criterion with its text and reason")
    parser.add_argument("--kind", help="only criteria with a part of this kind")
    parser.add_argument("--ill", action="store_true", help="what lets patients through who have everything")
    options = parser.parse_args()
    folder, wanted = ("ill_patients", Truth.MET) if options.ill else ("well_patients", Truth.NOT_MET)
    session = Session()
    trials = list(_trials(session, options.every))
    compiled = compile_trials(trials)
    shut: dict[tuple[str, str], tuple[CriterionResult, set[str]]] = {}
    for path in sorted((HERE / folder).glob("*.yaml")):
        case = session.case(read_patient(path, session.knowledge, session.today()))
        for match in match_patient(case, compiled):
            for result in match.with_truth(wanted):
                if result.criterion.role is Role.DECIDES and not (options.ill and _by_absence(result)):
                    place = (match.trial.record.nct_id, result.criterion.id)
                    shut.setdefault(place, (result, set()))[1].add(path.stem)
    kinds: Counter[str] = Counter()
    found = 0
    for (number, name), (result, who) in shut.items():
        asked = {item.kind for item in leaves(result.criterion.node)} - OF_THE_CANCER
        if not asked or (options.kind and options.kind not in asked):
            continue
        found += 1
        kinds.update(asked)
        if options.details:
            text = " ".join(result.criterion.text.split())
            print(f"{number} {name} ({len(who)} patients) {text[:300]}\n    {result.finding.reason[:300]}")
    what = "let somebody through" if options.ill else "shut somebody out"
    print(f"{len(trials)} trials, {len(shut)} criteria {what}, {found} of them for more than the cancer")
    for kind, count in kinds.most_common():
        print(f"  {kind:<24} {count}")


def _by_absence(result: CriterionResult) -> bool:
    """Whether a criterion is met because something is not on record."""
    return (
        re.match(r"(?:Does not apply: )?(?:No record|(?:Wanted|Excluded): .*no record)", result.finding.reason)
        is not None
    )


def _trials(session: Session, every: int) -> Iterator[Trial]:
    reads, seen, count = reader(session.knowledge), set[str](), 0
    for path in RECORDS:
        for item in read_records([path]):
            if isinstance(item, Damage) or item.trial.nct_id in seen:
                continue
            seen.add(item.trial.nct_id)
            text = item.trial.eligibility.text or ""
            if path is RECORDS[0] or ON_HER2.search(text):
                count += 1
                if count % every == 0:
                    yield read_trial(item.trial, reads, session.knowledge, date(2026, 1, 5))[0]


if __name__ == "__main__":
    main()
