"""Laboratory limits: names, signs, numbers and units of the attribute view."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from her2nav.criteria.attributes import Attributes, Seen, summary
from her2nav.criteria.summaries.history import of_kind
from her2nav.language.numbers import DENIED

NAMES = frozenset(
    {
        "anc",
        "platelets",
        "haemoglobin",
        "ast",
        "alt",
        "bilirubin",
        "creatinine",
        "creatinine_clearance",
        "albumin",
        "inr",
        "aptt",
        "wbc",
    }
)
_AS = {"egfr_ckd": "creatinine_clearance"}
_COUNTS = {"/uL": Decimal("0.001"), "10*3/uL": Decimal(1)}


@summary("labs")
def labs(leaves: list[Seen], out: Attributes) -> None:
    """One entry for each limit that must be kept; a bound that liver metastases relax says so."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for item in of_kind(leaves, "lab_value"):
        params = item.params
        name = _AS.get(params.variable, params.variable)
        if name not in NAMES:
            continue
        sign = params.op if item.wanted else DENIED[params.op]
        value, unit = params.value, params.unit
        if unit in _COUNTS:
            value, unit = value * _COUNTS[unit], "10*9/L"
        if unit == "g/L" and name == "haemoglobin":
            value, unit = value / 10, "g/dL"
        if name == "creatinine_clearance":
            unit = "mL/min"
        entry: dict[str, Any] = {"name": name, "op": sign, "value": float(value), "unit": unit}
        if any(other.kind == "metastatic_site" and "liver" in other.params.any_of for other in item.beside):
            entry["when"] = "liver_metastases"
        elif any(other.kind == "comorbidity" for other in item.beside):
            entry["when"] = "gilbert_syndrome"
        elif item.beside and any(other.kind == "metastatic_site" for other in item.beside):
            entry["when"] = "bone_metastases"
        found[name, sign, value, unit, entry.get("when")] = entry
    if found:
        out["labs"] = list(found.values())
