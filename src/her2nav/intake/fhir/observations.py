"""Observation resources: which reader a test's result goes to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from her2nav.intake.fhir.codes import Test
from her2nav.intake.fhir.element import items, reference
from her2nav.intake.fhir.genomics import read_gene, read_variant
from her2nav.intake.fhir.markers import read_her2, read_marker, read_msi, read_percent, read_receptor
from her2nav.intake.fhir.measures import (
    read_ecog,
    read_karnofsky,
    read_lab,
    read_lvef,
    read_person_measure,
    read_plain_lab,
    read_serology,
    read_size,
    read_stage,
    read_tnm,
    read_vital,
)
from her2nav.intake.fhir.resource import Answer, Resource, answer_of

_UNUSABLE = ("entered-in-error", "cancelled", "registered", "preliminary", "unknown")
DATED = ("effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued")

Reader = Callable[[Resource, Test, Answer, str], str | None]
"""Takes the answer and the element's place; returns why it was not used, or None."""

READERS: dict[str, Reader] = {
    "her2.ihc": read_her2,
    "her2.intense_percent": read_her2,
    "her2.word": read_her2,
    "her2.ratio": read_her2,
    "her2.copies": read_her2,
    "her2.ish": read_her2,
    "receptor.status": read_receptor,
    "receptor.percent": read_receptor,
    "pd_l1": read_percent,
    "percent": read_percent,
    "tmb": read_percent,
    "msi": read_msi,
    "mmr": read_marker,
    "claudin": read_marker,
    "gene": read_gene,
    "ecog": read_ecog,
    "karnofsky": read_karnofsky,
    "stage": read_stage,
    "tnm": read_tnm,
    "size": read_size,
    "lvef": read_lvef,
    "vital": read_vital,
    "weight": read_person_measure,
    "height": read_person_measure,
    "smoking": read_person_measure,
    "pregnancy": read_person_measure,
    "serology": read_serology,
    "lab": read_lab,
}


def read_observation(one: Resource) -> None:
    """Read a result; a panel's components are read one by one."""
    status = one.status("status")
    if status in _UNUSABLE:
        one.skip(f"status {status}")
        return
    if one.chart.other_cancers and {reference(each) for each in items(one.data.get("focus"))} & one.chart.other_cancers:
        one.skip(f"about a cancer that is over: {one.named()}")
        return
    test = one.codes.test(one.data.get("code"))
    if (test is not None and test.target == "variant") or (test is None and one.role == "variant"):
        read_variant(one)
        return
    if test is not None and test.target == "lab" and read_plain_lab(one, test):
        return
    answer = answer_of(one.data, one.codes)
    parts = _components(one)
    if test is None:
        if not parts:
            one.skip(f"not mapped: {one.named()}")
        return
    _read(one, test, answer, one.data, "", bool(parts))


def _components(one: Resource) -> int:
    """Read the components that are tests of their own; return how many were."""
    count = 0
    for index, part in enumerate(items(one.data["component"])) if "component" in one.data else ():
        test = one.codes.test(part.get("code"))
        if test is not None and test.target in READERS:
            _read(one, test, answer_of(part, one.codes), part, f"component[{index}].", False)
            count += 1
    return count


def _read(one: Resource, test: Test, answer: Answer | None, node: dict[str, Any], place: str, parts: bool) -> None:
    if test.target == "panel":
        if not parts:
            one.skip(f"a panel without results of its own: {one.named()}")
        return
    reader = READERS.get(test.target)
    if reader is None:
        one.skip(f"{test.detail or 'no place in the patient file'}: {one.named()}")
        return
    if answer is None or node.get("dataAbsentReason"):
        if not parts:
            one.skip(f"no value: {one.named()}", f".{place.rstrip('.')}" if place else "")
        return
    problem = reader(one, test, answer, place + answer.key)
    if problem is not None:
        one.skip(f"{problem}: {one.named()}", f".{place}{answer.key}")
