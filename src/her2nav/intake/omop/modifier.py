"""Cancer Modifier: concepts whose name is the finding itself (a stage, a category of TNM, a metastasis, a grade)."""

from __future__ import annotations

import re
from functools import lru_cache

from her2nav.intake.fhir.disease import may_be_regional, stage_of
from her2nav.intake.fhir.resource import Resource
from her2nav.intake.omop.concepts import Concept, OmopData


@lru_cache(maxsize=4)
def _patterns(rows: tuple[tuple[tuple[str, str], ...], ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((dict(row)["target"], re.compile(dict(row)["name"], re.IGNORECASE)) for row in rows)


def read_modifier(one: Resource, concept: Concept, data: OmopData, when: str | None) -> bool:
    """Read a concept of the vocabulary Cancer Modifier by its name; return whether it said anything.

    Where the same row holds an answer, the answer decides: "no" takes the finding back, and nothing is written.
    """
    rows = tuple(tuple(sorted(row.items())) for row in data.modifiers)
    for target, pattern in _patterns(rows):
        match = pattern.fullmatch(concept.name.strip())
        if match is not None:
            return _write(one, target, match, when)
    return False


def _write(one: Resource, target: str, match: re.Match[str], when: str | None) -> bool:
    chart, origin = one.chart, one.origin("code")
    if target == "cancer.stage":
        stage = stage_of([{"text": f"stage {match['stage']}"}], one.codes)
        chart.put(target, stage, origin, when)
        return stage is not None
    if target == "cancer.tnm":
        category = match["category"]
        prefix = {"clinical": "c", "pathological": "p", "pathologic": "p"}.get((match["kind"] or "").lower(), "")
        chart.put(f"cancer.tnm.{category[0].lower()}", prefix + category[0].upper() + category[1:], origin, when)
        return True
    if target == "cancer.grade":
        chart.put(target, int(match["grade"]), origin, when)
        return True
    if target == "cancer.metastatic_sites":
        site = one.codes.knowledge.sites.find(match["site"])
        if may_be_regional(site, [match["site"]], one.codes.rules.nodes):
            return False
        if site is not None:
            chart.put(target, site, origin, when)
        return site is not None
    return False
