"""Self-contained pages: no script, no outside resource, fit for A4 paper and for a screen reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from her2nav.facts.case import Case
from her2nav.interpret.guidelines import guideline_for
from her2nav.interpret.results import Answer, PatientHer2, SpecimenHer2
from her2nav.interpret.to_json import specimen_to_json, to_json
from her2nav.knowledge.conflicts import Conflict
from her2nav.model.specimens import Specimen
from her2nav.report.phrases import closing_lines, day, lung_risk
from her2nav.report.sections import conflict_told
from her2nav.report.timeline import entries, timeline_svg

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).resolve().parent / "templates"
_EVER = {"met": "yes", "not_met": "no", "unknown": "not known (older or unlisted specimens may say otherwise)"}
_LABELS = {
    "ihc/score": "IHC score",
    "ihc/percent_cells": "Stained cells, %",
    "ihc/cluster_cells": "Stained cells in the largest cluster",
    "ihc/intensity": "Intensity",
    "ihc/completeness": "Completeness",
    "ihc/zero_subtype": "Kind of IHC 0",
    "ihc/assay": "Antibody or assay",
    "ihc/scoring": "Scoring system",
    "ihc/laboratory": "Laboratory of the IHC",
    "ish/method": "ISH method",
    "ish/her2_cep17_ratio": "HER2/CEP17 ratio",
    "ish/her2_copy_number": "Mean HER2 signals per cell",
    "ish/cep17_copy_number": "Mean CEP17 signals per cell",
    "ish/cells_counted": "Cells counted",
    "ish/percent_cells_ratio_ge2": "Cells with ratio 2 or more, %",
    "ish/result": "ISH as reported",
    "ish/recount/group": "Group of the recount",
    "ngs/assay": "Sequencing assay",
    "ngs/erbb2_copy_number": "ERBB2 copy number by sequencing",
    "ngs/amplification_call": "Amplification call of the assay",
    "ngs/tumour_fraction": "Tumour fraction",
    "her2_reported": "HER2 as reported",
}
_LEFT_OUT = frozenset({"id", "kind", "site", "organ", "collected"})


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the template engine; every value is escaped and an unknown name is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def selftest_page(run: Mapping[str, Any]) -> str:
    """Return the validation record of a run of the golden rows, as `selftest_json` describes it."""
    sets = [{**one, "failed": sum(not row["passed"] for row in one["rows"])} for one in run["sets"]]
    return environment().get_template("selftest.html.j2").render(run={**run, "sets": sets})


def patient_page(
    case: Case,
    her2: PatientHer2,
    versions: Mapping[str, Any],
    warnings: Sequence[str],
    missing: Mapping[str, Sequence[str]],
    conflicts: Sequence[Conflict] = (),
) -> str:
    """Return the interpretation of a patient as a page.

    Args:
        case: The patient.
        her2: The interpretation.
        versions: What it was computed with.
        warnings: Of the reading of the file.
        missing: What each specimen's report lacks, by the specimen's path.
        conflicts: Where the sources disagree on what is shown; with a plain sentence only where an answer changes.
    """
    from markupsafe import Markup

    assert case.tumour_id is not None
    knowledge = case.knowledge
    guideline = guideline_for(case.tumour_id, knowledge, case.as_of)
    name = case.patient.id or "patient without an id"
    items = entries(case.patient, her2, case.as_of)
    svg = timeline_svg(items, case.as_of, name)  # it escapes what it quotes
    data = to_json(her2)
    status, expression = her2.overall.status, her2.overall.expression
    amount = "zero_any" if expression.any_zero and expression.value == "zero" else expression.value
    shown = knowledge.words.status[status.value], knowledge.words.expression[amount]
    low = status.value == "negative" and expression.value in ("low", "ultralow")
    specimens = [
        {
            **specimen_to_json(one),
            "title": _title(one),
            "not_final": not_final(one.status),
            "recorded": list(_recorded(case.patient.specimens[one.index])),
            "missing": list(missing.get(one.path, ())),
        }
        for one in her2.specimens
    ]
    return (
        environment()
        .get_template("interpret.html.j2")
        .render(
            name=name,
            tumour=knowledge.tumours.types[case.tumour_id].name,
            as_of=day(case.as_of),
            edition="none validated" if her2.scoring == "none" or guideline is None else guideline.title,
            guideline=her2.guideline,
            overall={**data["overall"], "status": {"value": status.value}},
            words={"status": shown[0].clinical, "expression": shown[1].clinical},
            plain={"status": shown[0].plain, "expression": shown[1].plain if expression.value != "unknown" else ""},
            not_final=not_final(status),
            both=_both(shown[0].clinical, shown[1].clinical, final=status.final and expression.final) if low else "",
            ever=lambda word: _EVER[word],
            ever_positive=data["ever_positive"],
            ever_low=data["ever_low"],
            flags=data["flags"],
            next_tests=data["next_tests"],
            mutation=data["mutation"],
            set_aside=data["set_aside"],
            specimens=specimens,
            timeline=items,
            svg=Markup(svg) if svg else "",
            titles=lambda source: knowledge.sources[source].title if source in knowledge.sources else source,
            closing=closing_lines(knowledge.words, "clinical", lung=lung_risk(case, ())),
            closing_plain=closing_lines(knowledge.words, "plain", lung=lung_risk(case, ())),
            warnings=list(warnings),
            disputed=[conflict_told(one) for one in conflicts],
            versions=versions,
        )
    )


def _both(status: str, expression: str, *, final: bool) -> str:
    """Explain the two axes where they seem to contradict each other."""
    lead = (
        f"{status} and {expression} are both true"
        if final
        else f"Once final, {status} and {expression} may both be true"
    )
    return (
        f"{lead}: the first is the result of the test, the second the amount of protein that some treatments ask for."
    )


def not_final(answer: Answer) -> str:
    """Say why a result is not final; empty where it is."""
    if answer.final:
        return ""
    words = answer.outcome.replace("|", " or ").replace("_", " ") or answer.value
    reason = f" ({answer.reason.replace('_', ' ')})" if answer.reason else ""
    return f"{words}{reason}"


def _title(one: SpecimenHer2) -> str:
    where = [part.replace("_", " ") for part in (one.kind, one.site, one.organ) if part]
    where.append(str(one.collected) if one.collected else "no date")
    return f"{one.id or f'Specimen {one.index + 1}'} ({', '.join(where)})"


def _recorded(specimen: Specimen) -> Iterator[tuple[str, str]]:
    """Yield what the record says of a specimen, empty values left out."""
    data = specimen.model_dump(mode="json", exclude_defaults=True)
    yield from _flat({name: value for name, value in data.items() if name not in _LEFT_OUT}, "")


def _flat(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _flat(item, f"{path}/{name}".lstrip("/"))
        return
    label = _LABELS.get(path) or path.rsplit("/", 1)[-1].replace("_", " ").capitalize()
    if isinstance(value, list):
        value = ", ".join(_named(item) for item in value)
    yield label, str(value)


def _named(item: Any) -> str:
    if not isinstance(item, dict):
        return str(item)
    gene_and_name = " ".join(str(item[name]) for name in ("gene", "hgvs") if item.get(name))
    return str(item.get("name") or gene_and_name or ", ".join(str(part) for part in item.values()))
