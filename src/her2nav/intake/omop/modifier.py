"""Cancer Modifier: concepts whose name is the finding itself (a stage, a category of TNM, a metastasis, a grade)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from her2nav.intake.fhir.codes import bare
from her2nav.intake.fhir.disease import may_be_regional, stage_of
from her2nav.intake.fhir.element import concept_of, number
from her2nav.intake.fhir.resource import Resource
from her2nav.intake.omop.concepts import Concept, OmopData
from her2nav.knowledge.names import key


@lru_cache(maxsize=4)
def _patterns(rows: tuple[tuple[tuple[str, str], ...], ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((dict(row)["target"], re.compile(dict(row)["name"], re.IGNORECASE)) for row in rows)


def read_modifier(one: Resource, concept: Concept, data: OmopData, when: str | None) -> bool:
    """Read a concept of the vocabulary Cancer Modifier by its name; return whether it is settled.

    Where the same row holds an answer, the answer decides: without one, or with "yes", the name is the finding; "no"
    or 0 takes it back; any other answer leaves it out. What is left out is listed.
    """
    rows = tuple(tuple(sorted(row.items())) for row in data.modifiers)
    for target, pattern in _patterns(rows):
        match = pattern.fullmatch(concept.name.strip())
        if match is None:
            continue
        said = [_said(one, answer, match, data) for answer in _answers(one)]
        if _NO in said:
            one.skip(f"the answer takes it back: {one.named()}")
        elif _OPEN in said:
            one.skip(f"an answer that is neither yes nor no: {one.named()}")
        else:
            return _write(one, target, match, when)
        return True
    return False


_YES, _NO, _OPEN = "yes", "no", "open"


def _answers(one: Resource) -> list[Any]:
    return [one.data[name] for name in ("valueQuantity", "valueCodeableConcept", "valueString") if name in one.data]


def _said(one: Resource, answer: Any, match: re.Match[str], data: OmopData) -> str:
    """Return what an answer says of the finding: a number, a concept or a word."""
    if isinstance(answer, dict) and "value" in answer:
        return _number_said(answer, match)
    concept = concept_of(answer if not isinstance(answer, str) else {"text": answer})
    coded = {one.code for one in concept.codings}
    named = {key(bare(text)) for text in concept.texts}
    for verdict, words in ((_NO, data.modifier_denials), (_YES, data.modifier_assents)):
        if coded & set(words) or named & {key(word) for word in words}:
            return verdict
    known = one.codes.answer(concept)
    if known in ("negative", "positive"):
        return _NO if known == "negative" else _YES
    # The source's own name of the finding, written once more, is no answer.
    own = {key(text) for text in (match[0], *match.groupdict().values(), *_source(one)) if text}
    return _YES if named and named <= own else _OPEN


def _source(one: Resource) -> tuple[str, ...]:
    return concept_of(one.data.get("code")).texts


def _number_said(quantity: dict[str, Any], match: re.Match[str]) -> str:
    """Return what a number says: 0 is no, 1 is yes, as is the grade itself; a bound says nothing."""
    value = number(quantity.get("value"))
    if value is None or quantity.get("comparator"):
        return _OPEN
    if value == 0:
        return _NO
    return _YES if value == 1 or str(value) == match.groupdict().get("grade") else _OPEN


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
