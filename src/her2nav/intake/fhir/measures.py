"""Performance status, stage, vital signs, laboratory values, heart function."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from her2nav.facts.labs import lab_problem
from her2nav.intake.fhir.chart import Chart, Entry, Place
from her2nav.intake.fhir.codes import Codes, Test, bare
from her2nav.intake.fhir.disease import stage_of
from her2nav.intake.fhir.element import child, day, items, number, plain, words
from her2nav.intake.fhir.markers import DATED
from her2nav.intake.fhir.resource import Answer, Resource
from her2nav.intake.reading import Origin
from her2nav.model.dates import PartialDate
from her2nav.model.treatment import Lab

_TNM = re.compile(r"\b([cpyr]{0,3})([TNM])\s?((?:[0-4]|is|X)[a-d]?(?:\(?[a-z0-9+\-]*\)?)?)(?![\w.])", re.IGNORECASE)
_POUND = Decimal("0.45359237")
_INCH = Decimal("25.4")
_MASS = {
    "kg": Decimal(1),
    "g": Decimal("0.001"),
    "[lb_av]": _POUND,
    "[lb_us]": _POUND,
    "lb": _POUND,
    "lbs": _POUND,
}
# Databases of patients say [in_us] of the common inch; the surveyors' inch differs by two in a million.
_LENGTH = {
    "mm": Decimal(1),
    "cm": Decimal(10),
    "m": Decimal(1000),
    "[in_i]": _INCH,
    "[in_us]": _INCH,
    "in": _INCH,
}


def read_ecog(one: Resource, test: Test, answer: Answer, place: str) -> str | None:
    """Read ECOG, 0 to 5, as a number or as its answer code."""
    return _scale(one, answer, place, "ecog", range(6))


def read_karnofsky(one: Resource, test: Test, answer: Answer, place: str) -> str | None:
    """Read Karnofsky, in tens."""
    return _scale(one, answer, place, "karnofsky", range(0, 101, 10))


def _scale(one: Resource, answer: Answer, place: str, name: str, allowed: range) -> str | None:
    grades: set[int] = set()
    if answer.exact and answer.number is not None:
        if answer.number not in allowed:
            return f"{plain(answer.number)} is not on the scale"
        grades.add(int(answer.number))
    else:
        if answer.word and answer.word.startswith(f"{name}_"):
            grades.add(int(answer.word.rsplit("_", 1)[1]))
        for text in answer.texts:
            match = re.match(
                r"(?:ecog|karnofsky|kps)?\s*(?:grade|score|status)?\s*[:=]?\s*(\d{1,3})(?![\d.])(?!\s*(?:-|–|/|to|or)\s*\d)",
                text,
                re.IGNORECASE,
            )
            if match and int(match[1]) in allowed:
                grades.add(int(match[1]))
    if len(grades) != 1:
        return "no grade that is known"
    one.chart.put(f"performance.{name}", grades.pop(), one.origin(place), one.when(*DATED))
    return None


def read_stage(one: Resource, test: Test, answer: Answer, place: str) -> str | None:
    """Read a stage group."""
    concept = one.data.get("valueCodeableConcept") or [{"text": text} for text in answer.texts[:1]]
    stage = stage_of(concept, one.codes)
    if stage is None:
        return "no stage that is known"
    one.chart.put("cancer.stage", stage, one.origin(place), one.when(*DATED))
    return None


def read_tnm(one: Resource, test: Test, answer: Answer, place: str) -> str | None:
    """Read one category of TNM, with its prefix."""
    found: set[str] = set()
    for text in (*answer.texts, *answer.codes):
        for match in _TNM.finditer(bare(text)):
            if match[2].lower() == test.detail:
                found.add(match[1].lower() + match[2].upper() + match[3])
    if len(found) != 1:
        return "no category that is known"
    one.chart.put(f"cancer.tnm.{test.detail}", found.pop(), one.origin(place), one.when(*DATED))
    return None


def read_size(one: Resource, test: Test, answer: Answer, place: str) -> str | None:
    """Read the largest dimension of the tumour; millimetres."""
    return _quantity(one, answer, place, "cancer.tumour_size_mm", _LENGTH, (Decimal(0), Decimal(500)))


def read_person_measure(one: Resource, test: Test, answer: Answer, place: str) -> str | None:
    """Read weight, height, smoking and pregnancy."""
    if test.target == "weight":
        return _quantity(one, answer, place, "demographics.weight_kg", _MASS, (Decimal(2), Decimal(500)))
    if test.target == "height":
        scale = {unit: factor / 10 for unit, factor in _LENGTH.items()}
        return _quantity(one, answer, place, "demographics.height_cm", scale, (Decimal(30), Decimal(260)))
    allowed = {"smoking": ("never", "former", "current"), "pregnancy": ("pregnant", "not_pregnant")}[test.target]
    name = {"smoking": "demographics.smoking", "pregnancy": "demographics.pregnancy"}[test.target]
    if answer.word not in allowed:
        return "no answer that is known"
    if answer.word == "pregnant" and _over(one.when(*DATED)):
        return "a pregnancy that must be over"
    one.chart.put(name, answer.word, one.origin(place), one.when(*DATED))
    return None


_LONGEST_PREGNANCY = timedelta(days=300)


def _over(when: str | None) -> bool:
    """Return whether a pregnancy that was recorded on a day has ended since, however early it was found."""
    if when is None:
        return False
    try:
        return PartialDate.parse(when).high + _LONGEST_PREGNANCY < datetime.now(UTC).date()
    except ValueError:
        return False


def _quantity(
    one: Resource, answer: Answer, place: str, name: str, units: dict[str, Decimal], limits: tuple[Decimal, Decimal]
) -> str | None:
    factor = units.get(answer.unit.lower())
    if not answer.exact or answer.number is None or factor is None:
        return f"no value in a unit that is known ({answer.unit or 'no unit'})"
    value = answer.number if factor == 1 else (answer.number * factor).quantize(Decimal("0.1"))
    if not limits[0] < value <= limits[1]:
        return "a value that is not possible"
    one.chart.put(name, plain(value), one.origin(place), one.when(*DATED))
    return None


def read_lvef(one: Resource, test: Test, answer: Answer, place: str) -> str | None:
    """Read the left ventricular ejection fraction; percent."""
    if not answer.exact or answer.number is None or answer.unit not in ("%", "percent"):
        return "no percentage"
    if not 5 <= answer.number <= 95:
        return "a value that is not possible"
    entry = one.chart.entry("lvef")
    entry.put("percent", plain(answer.number), one.origin(place))
    entry.put("date", one.when(*DATED), one.origin("effective"))
    entry.put("method", test.detail or None, one.origin("code"))
    return None


def read_vital(one: Resource, test: Test, answer: Answer, place: str) -> str | None:
    """Read vital signs; blood pressure only where both values are there."""
    if not answer.exact or answer.number is None:
        return "no exact number"
    when = one.when(*DATED)
    entry = _vitals(one, when)
    if test.detail in ("systolic", "diastolic"):
        # The two of one resource belong together; two of one day in resources of their own may.
        whose = one.place.path if place.startswith("component") else ""
        halves = one.chart.halves.setdefault(f"{when or ''} {whose}", {})
        halves[test.detail] = str(int(answer.number))
        if len(halves) == 2:
            entry.put("blood_pressure", f"{halves['systolic']}/{halves['diastolic']}", one.origin(place))
        return None
    if test.detail == "temperature_c" and answer.unit.lower() not in ("cel", "°c", "c"):
        return f"no value in degrees Celsius ({answer.unit})"
    value = int(answer.number) if test.detail == "heart_rate" else plain(answer.number)
    entry.put(test.detail, value, one.origin(place))
    return None


def _vitals(one: Resource, when: str | None) -> Entry:
    known = next((e for e in one.chart.lists.get("vitals", []) if e.first("date") == when), None)
    if known is None:
        known = one.chart.entry("vitals")
        known.put("date", when, one.origin("effective"))
    return known


_SEROLOGY = {"positive": "positive", "negative": "negative"}
_VIRAL_LOAD = {"positive": "detectable", "negative": "undetectable"}


def read_serology(one: Resource, test: Test, answer: Answer, place: str) -> str | None:
    """Read a viral marker."""
    words_ = _VIRAL_LOAD if test.detail.endswith(("_rna", "_dna")) else _SEROLOGY
    value = words_.get(answer.word or "")
    if value is None:
        return "no result that is known"
    one.chart.put(f"serology.{test.detail}", value, one.origin(place), one.when(*DATED))
    return None


def read_lab(one: Resource, test: Test, answer: Answer, place: str) -> str | None:
    """Read a laboratory value as reported, with the laboratory's limits in the same unit."""
    if not answer.exact or answer.number is None:
        return "no exact number"
    codes = one.codes
    node = _node(one, place)
    quantity = child(node, "valueQuantity")
    first, second = words(quantity.get("code")), words(quantity.get("unit"))
    coded, written = ((said and codes.unit(test.detail, said)) or None for said in (first, second))
    if coded and written and coded != written:
        return f"the unit and its code differ ({second}, {first})"
    unit = coded or written
    if (unit is None and (first or second)) or not _possible(test.detail, answer.number, unit, codes):
        return f"a unit or a value that is not possible ({answer.number} {first or second or 'no unit'})"
    bounds: list[tuple[str, Decimal]] = []
    listed = items(node["referenceRange"]) if "referenceRange" in node else []
    limits = [r for r in listed if not r.get("type")]
    if len(limits) == 1:
        for side, name in (("high", "uln"), ("low", "lln")):
            limit = child(limits[0], side)
            value = number(limit.get("value"))
            own = words(limit.get("code")) or words(limit.get("unit"))
            if value is not None and value >= 0 and (not own or codes.unit(test.detail, own) == unit):
                bounds.append((name, value))
    _write_lab(one.chart, one.place, (test.detail, answer.number, unit, one.when(*DATED)), place, bounds)
    return None


_COMPONENT = re.compile(r"component\[(\d+)\]\.")


def _node(one: Resource, place: str) -> dict[str, Any]:
    """Return what holds a value: the resource, or the component of a panel."""
    inner = _COMPONENT.match(place)
    return items(one.data["component"])[int(inner[1])] if inner else one.data


_BESIDE_A_VALUE = frozenset(
    (
        "resourceType", "id", "meta", "implicitRules", "language", "text", "contained", "identifier", "basedOn",
        "partOf", "status", "category", "code", "subject", "focus", "encounter", "effectiveDateTime", "effectivePeriod",
        "effectiveInstant", "issued", "performer", "valueQuantity", "note", "bodySite", "method", "specimen", "device",
        "hasMember", "derivedFrom",
    )
)  # fmt: skip
"""Elements of an Observation that leave a number what it is."""


def read_plain_lab(one: Resource, test: Test) -> bool:
    """Read a laboratory value that is nothing but a number with its unit, as `read_lab` would.

    Most results of an export are such ones. Returns False where there is more to it, or something wrong with it.
    """
    data = one.data
    quantity = data.get("valueQuantity")
    if type(quantity) is not dict or not data.keys() <= _BESIDE_A_VALUE or "comparator" in quantity:
        return False
    value = quantity.get("value")
    if type(value) is not Decimal and type(value) is not int:
        return False
    known = one.codes.measured
    key = (test.detail, str(value), quantity.get("code"), quantity.get("unit"))
    try:
        found = known.get(key, _NEW)
    except TypeError:
        return False
    if found is _NEW:
        if len(known) > _REMEMBERED:
            known.clear()
        found = known[key] = _plainly(test.detail, value, key[2], key[3], one.codes)
    if found is None:
        return False
    written, unit = found
    _write(one.chart, one.place, (test.detail, written, unit, one.when(*DATED)), "valueQuantity", ())
    return True


def _plainly(
    variable: str, written: Decimal | int, code: Any, unit_written: Any, codes: Codes
) -> tuple[str | int, str | None] | None:
    """Return a value and its unit as the patient file has them; None: it may not hold them."""
    value, first, second = number(written), words(code), words(unit_written)
    if value is None:
        return None
    coded, told = ((said and codes.unit(variable, said)) or None for said in (first, second))
    if coded and told and coded != told:
        return None
    unit = coded or told
    if (unit is None and (first or second)) or not _possible(variable, value, unit, codes):
        return None
    return plain(value), unit


def _write_lab(
    chart: Chart,
    place: Place,
    measured: tuple[str, Decimal, str | None, str | None],
    element: str,
    limits: Sequence[tuple[str, Decimal]],
) -> None:
    """Write the name of a value, the value, its unit, its day, and the laboratory's limits."""
    name, number_, unit, when = measured
    shown = [(side, plain(limit)) for side, limit in limits]
    _write(chart, place, (name, plain(number_), unit, when), element, shown)


def _write(
    chart: Chart,
    place: Place,
    measured: tuple[str, str | int, str | None, str | None],
    element: str,
    limits: Sequence[tuple[str, str | int]],
) -> None:
    name, value, unit, when = measured
    origin = place.origin(element)
    record: dict[str, Any] = {"name": name, "value": value}
    sources: list[tuple[str, Any, Origin]] = [("name", name, place.origin("code")), ("value", value, origin)]
    if unit is not None:
        record["unit"] = unit
        sources.append(("unit", unit, origin))
    if when is not None:
        record["date"] = when
        sources.append(("date", when, place.origin("effective")))
    for side, bound in limits:
        record[side] = bound
        sources.append((side, bound, place.origin("referenceRange")))
    chart.row("labs", record, sources)


def write_plain_lab(
    chart: Chart, place: Place, variable: str, measured: tuple[str, str, str | None], limits: Sequence[tuple[str, str]]
) -> bool:
    """Write a laboratory value that has nothing but number, unit, day and limits, as `read_lab` would.

    Args:
        chart: The patient.
        place: The row.
        variable: Which value.
        measured: Number, unit and day as written.
        limits: `uln` or `lln` with the number as written, in the unit of the value.

    Returns:
        Whether it was written; False: `read_lab` must look at it, and say what is wrong with it.
    """
    written, unit_written, when = measured
    known = chart.codes.measured
    key = (variable, written, unit_written, *limits)
    found = known.get(key, _NEW)
    if found is _NEW:
        if len(known) > _REMEMBERED:
            known.clear()
        found = known[key] = _settled(variable, written, unit_written, limits, chart.codes)
    if found is None:
        return False
    value, unit, bounds = found
    _write(chart, place, (variable, value, unit, day(when)), "valueQuantity", bounds)
    return True


_NEW = object()
_REMEMBERED = 16384
"""So many values are kept: a database has the same few thousand again and again."""


def _settled(
    variable: str, written: str, unit_written: str, limits: Sequence[tuple[str, str]], codes: Codes
) -> tuple[str | int, str | None, list[tuple[str, str | int]]] | None:
    """Return a value, its unit and its limits as the patient file has them; None: it may not hold them."""
    value, words_ = number(written), words(unit_written)
    if value is None:
        return None
    unit = (words_ and codes.unit(variable, words_)) or None
    if (words_ and unit is None) or not _possible(variable, value, unit, codes):
        return None
    bounds = [(name, plain(found)) for name, text in limits if (found := number(text)) is not None and found >= 0]
    return plain(value), unit, bounds


def _possible(variable: str, value: Decimal, unit: str | None, codes: Codes) -> bool:
    """Return whether a patient file may hold a value; asked once of every value."""
    known = codes.possible
    found = known.get((variable, value, unit))
    if found is None:
        if len(known) > _REMEMBERED:
            known.clear()
        found = known[variable, value, unit] = _may_hold(variable, value, unit, codes)
    return found


def _may_hold(variable: str, value: Decimal, unit: str | None, codes: Codes) -> bool:
    """Return whether a patient file may hold a value; what plainly may is not asked about at length."""
    table = codes.knowledge.variables
    if unit is not None and variable in table.variables:
        converted = table.convert(variable, value, unit)
        if converted is not None and table.plausible(variable, converted.value):
            return True
    return lab_problem(Lab(name=variable, value=value, unit=unit), codes.knowledge) is None
