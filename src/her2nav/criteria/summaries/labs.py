"""Laboratory limits: names, signs, numbers and units of the attribute view."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from her2nav.criteria.attributes import Attributes, Seen, summary
from her2nav.criteria.looser_limits import FOR_WHOM
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
_GILBERT = "gilbert_syndrome"
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
        when = _when(item)
        if when == _GILBERT or _open_for_whom(item):
            continue
        if when is not None:
            entry["when"] = when
        found[name, sign, value, unit, entry.get("when")] = entry
    if found:
        out["labs"] = list(found.values())


def _when(item: Seen) -> str | None:
    """For whom a looser limit is, None for everybody; what Gilbert's syndrome relaxes is no entry of the contract."""
    named = item.beside if item.alternative else item.under
    sites = {site for other in named if other.kind == "metastatic_site" for site in other.params.any_of}
    if "liver" in sites:
        return "liver_metastases"
    if sites:
        return "bone_metastases"
    gilbert = any("gilbert_syndrome" in other.params.any_of for other in named if other.kind == "comorbidity")
    return _GILBERT if gilbert else None


def _open_for_whom(item: Seen) -> bool:
    """Whether a looser limit is an alternative for somebody whom the reader does not know."""
    return item.alternative and any(getattr(other.params, "note", None) == FOR_WHOM for other in item.beside)
