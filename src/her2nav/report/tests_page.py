"""The page of a testing plan: what to test, on which tissue, in what order and why, for reading and print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from her2nav.facts.case import Case
from her2nav.report.html import environment, not_final
from her2nav.report.phrases import closing_lines, day, lung_risk
from her2nav.testing.results import Plan
from her2nav.testing.to_json import to_json

STRENGTHS = {
    "needed": ("a decision waits for it", "needed before the next treatment choice"),
    "advised": ("advised", "advised"),
    "consider": ("consider", "ask if it makes sense for you"),
}
"""How strongly a test is asked for, in both registers."""
NOTHING = {
    False: ("Nothing is due on this record.", "Nothing is needed now, as far as the record shows."),
    True: ("Nothing is due for certain.", "No test is sure to be needed today. It depends on the points below."),
}
"""What stands where no test is due for certain; the key says whether one depends on something."""


def plan_page(case: Case, plan: Plan, versions: Mapping[str, Any], warnings: Sequence[str]) -> str:
    """Return the plan as a page.

    Args:
        case: The patient; the tumour type is known.
        plan: The plan.
        versions: What it was made with.
        warnings: Of the reading of the file.
    """
    assert case.tumour_id is not None
    knowledge, overall = case.knowledge, case.her2.overall if case.her2 is not None else None
    words, data = knowledge.words, to_json(plan)
    certain = [item for item in data["now"] if item["certain"]]
    perhaps = [item for item in data["now"] if not item["certain"]]
    status = words.status.get(overall.status.shown if overall else "unknown", words.status["unknown"])
    expression = words.expression.get(overall.expression.word) if overall else None
    told = expression if overall and overall.expression.shown not in ("positive", "unknown") else None
    plasma = case.her2.plasma if case.her2 is not None else None
    beside = [told.clinical if told else "", plasma.clinical if plasma else ""]
    beside_plain = [told.plain if told else "", plasma.plain.rstrip(".") if plasma else ""]
    names = {item["test"]: item for item in data["now"]}
    lung = lung_risk(case, ())
    return (
        environment()
        .get_template("tests.html.j2")
        .render(
            name=case.patient.id or "patient without an id",
            tumour=knowledge.tumours.types[case.tumour_id].name,
            as_of=day(case.as_of),
            words={"status": status.clinical, "expression": "; ".join(filter(None, beside))},
            plain={"status": status.plain, "expression": ". ".join(filter(None, beside_plain))},
            not_final=not_final(overall.status) if overall and overall.status.value in ("positive", "negative") else "",
            policy=overall.policy if overall else "",
            mutation=case.her2.mutation.value if case.her2 is not None else "unknown",
            plan=data,
            certain=certain,
            perhaps=perhaps,
            nothing=NOTHING[bool(perhaps)],
            strengths=STRENGTHS,
            tissue_order=[names[test] for test in (data["tissue_order"] or {"tests": ()})["tests"]],
            titles=lambda source: knowledge.sources[source].title if source in knowledge.sources else source,
            closing=closing_lines(words, "clinical", lung=lung),
            closing_plain=closing_lines(words, "plain", lung=lung),
            warnings=list(warnings),
            versions=versions,
        )
    )
