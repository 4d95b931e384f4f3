"""CTML documents read as trial files: what CTML says becomes criteria, the rest of the protocol stays open.

CTML holds the genomic and a few clinical criteria only. A trial read from it is therefore `partial`, and one `unread`
criterion says so: nobody comes out as a fit by CTML alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from her2nav.exchange.ctml_leaves import AMPLIFIED, HER2_GENE, MMR
from her2nav.exchange.ctml_names import CtmlNames
from her2nav.knowledge.load import Knowledge
from her2nav.model.errors import ValueProblem

_AGE = re.compile(r"(>=|<=|>|<|=)?\s*(\d+(?:\.\d+)?)")
_NCT = re.compile(r"NCT\d{8}")
_PHASES = {"0": "EARLY_PHASE1", "I": "PHASE1", "II": "PHASE2", "III": "PHASE3", "IV": "PHASE4"}
_CODE = re.compile(r"[^A-Za-z0-9_.-]+")
_OPEN = "open to accrual"
_STATES = {"positive": "positive", "negative": "negative"}
_REST = "CTML holds part of the criteria only; the protocol's other criteria are not in it"
_SOURCE = "ctml_file"
Form = dict[str, Any]


@dataclass(slots=True)
class CtmlTrial:
    """A trial file as plain data, and the places of the document that no criterion holds."""

    record: Form
    losses: list[str] = field(default_factory=list)


def from_ctml(document: Any, name: str, knowledge: Knowledge, names: CtmlNames, today: date) -> CtmlTrial:
    """Read one CTML document.

    Args:
        document: Parsed YAML or JSON.
        name: Of the file, for messages.
        knowledge: Tumour types and genes by name.
        names: CTML's names of tumour types.
        today: Dates the status, which CTML does not date.

    Raises:
        ValueProblem: It is no CTML document, or it names no NCT number.
    """
    if not isinstance(document, dict) or not isinstance(document.get("treatment_list"), dict):
        raise ValueProblem("this is no CTML document", file=name, allowed="an object with treatment_list")
    nct = next((str(document.get(key)) for key in ("nct_id", "protocol_no") if _is_nct(document.get(key))), None)
    if nct is None:
        raise ValueProblem(
            "the document names no NCT number", file=name, place="nct_id", allowed="NCT and eight digits"
        )
    reader = _Reader(knowledge, names)
    arms: list[Form] = []
    criteria: list[Form] = []
    for place, step in _items(document["treatment_list"], "step", "treatment_list"):
        criteria += reader.criteria(step, place, None, len(criteria))
        for arm_place, arm in _items(step, "arm", place):
            code = (
                _CODE.sub("-", str(arm.get("arm_code") or f"arm-{len(arms) + 1}")).strip("-.") or f"arm-{len(arms) + 1}"
            )
            suspended = str(arm.get("arm_suspended", "")).upper() in ("Y", "YES")
            form = {"id": code, "label": str(arm.get("arm_description") or code)}
            arms.append(form | ({"open": False} if suspended else {}))
            criteria += reader.criteria(arm, arm_place, code, len(criteria))
    rest = {"id": f"c{len(criteria) + 1}", "section": "registry", "text": _REST, "rule": {"unread": {"note": _REST}}}
    title = str(document.get("short_title") or document.get("long_title") or nct)
    record: Form = {
        "nct_id": nct,
        "title": title[:160] if len(title) >= 5 else nct,
        "phase": [_PHASES[part] for part in str(document.get("phase", "")).split("/") if part in _PHASES],
        "status": {
            "value": "RECRUITING" if str(document.get("status", "")).lower() == _OPEN else "UNKNOWN",
            "date": today.isoformat(),
            "source": _SOURCE,
        },
        "curation": "partial",
        "arms": arms,
        "review": {"state": "draft", "date": today.isoformat()},
        "criteria": [*criteria, rest],
    }
    return CtmlTrial({key: value for key, value in record.items() if value}, reader.losses)


def _is_nct(value: object) -> bool:
    return isinstance(value, str) and _NCT.fullmatch(value) is not None


def _items(holder: Form, key: str, place: str) -> Iterator[tuple[str, Form]]:
    items = holder.get(key) or []
    for index, item in enumerate(items if isinstance(items, list) else [items]):
        if isinstance(item, dict):
            yield f"{place}.{key}[{index}]", item


class _Reader:
    def __init__(self, knowledge: Knowledge, names: CtmlNames) -> None:
        self.losses: list[str] = []
        self._knowledge = knowledge
        self._names = names

    def criteria(self, holder: Form, place: str, arm: str | None, before: int) -> list[Form]:
        """Return one criterion per clause of the `match` of a step or an arm; an `and` at the top is taken apart."""
        found: list[Form] = []
        for at, clause in _items(holder, "match", place):
            parts = clause["and"] if set(clause) == {"and"} and isinstance(clause["and"], list) else [clause]
            for part in parts:
                number = before + len(found) + 1
                form: Form = {"id": f"c{number}", "section": "inclusion", "text": _words(part)}
                form["rule"] = self._node(part, at)
                found.append(form | ({"scope": [arm]} if arm else {}))
        return found

    def _node(self, clause: Any, place: str) -> Form:
        if isinstance(clause, dict) and len(clause) == 1:
            ((head, inside),) = clause.items()
            if head in ("and", "or") and isinstance(inside, list) and inside:
                parts = [self._node(part, f"{place}.{head}[{index}]") for index, part in enumerate(inside)]
                return parts[0] if len(parts) == 1 else {"all_of" if head == "and" else "any_of": parts}
            if head == "clinical" and isinstance(inside, dict):
                return self._all(inside, f"{place}.clinical", self._clinical)
            if head == "genomic" and isinstance(inside, dict):
                return self._genomic(inside, f"{place}.genomic")
        return self._lost(clause, place)

    def _all(self, fields: Form, place: str, read: Callable[[str, str], Form | None]) -> Form:
        parts = [
            read(key.lower(), str(value)) or self._lost({key: value}, f"{place}.{key}") for key, value in fields.items()
        ]
        return parts[0] if len(parts) == 1 else {"all_of": parts}

    def _clinical(self, key: str, value: str) -> Form | None:
        positive = value.removeprefix("!")
        form = self._plain(key, positive)
        return {"not": form} if form is not None and value.startswith("!") else form

    def _plain(self, key: str, value: str) -> Form | None:
        word = value.lower()
        if key == "age_numerical":
            return _age(value)
        if key == "gender" and word in ("female", "male"):
            return {"sex": {"any_of": [word]}}
        if key == "oncotree_primary_diagnosis":
            found = self._knowledge.tumours.find(value)
            types = self._names.reads.get(value) or ((found,) if found else ())
            return {"tumour_type": {"types": list(types)}} if types else None
        if key == "her2_status" and word in _STATES:
            return {"her2_status": {"any_of": [{"status": _STATES[word]}]}}
        if key in ("er_status", "pr_status") and word in _STATES:
            return {"hormone_receptor": {"receptor": key[:2], "status": _STATES[word]}}
        if key in ("mmr_status", "ms_status"):
            return _mmr(value)
        return None

    def _genomic(self, fields: Form, place: str) -> Form:
        told = {key.lower(): str(value) for key, value in fields.items()}
        if set(told) in ({"mmr_status"}, {"ms_status"}):
            ((_, value),) = told.items()
            return self._clinical("mmr_status", value) or self._lost(fields, place)
        gene, category = told.pop("hugo_symbol", ""), told.pop("variant_category", "")
        negated = category.startswith("!")
        form = self._alteration(gene, category.removeprefix("!").lower(), told) if gene else None
        if form is None:
            return self._lost(fields, place)
        return {"not": form} if negated else form

    def _alteration(self, gene: str, category: str, rest: Form) -> Form | None:
        known = self._knowledge.genes.find(gene)
        if known is None:
            return None
        symbol, her2 = known.lower(), known == HER2_GENE
        if category == "mutation" and not rest:
            return (
                {"her2_mutation": {"any_of": ["any"]}}
                if her2
                else {"gene_status": {"genes": [symbol], "status": "mutated"}}
            )
        if category == "mutation" and set(rest) <= {"protein_change", "wildcard_protein_change"} and len(rest) == 1:
            (change,) = rest.values()
            if change.startswith("!"):
                return None
            short = change.removeprefix("p.")
            if her2:
                return {"her2_mutation": {"names": [short]}}
            return {"gene_status": {"genes": [symbol], "status": "mutated", "variants": [short]}}
        if category == "cnv" and rest == {"cnv_call": AMPLIFIED}:
            if her2:
                return {"her2_amplification": {}}
            return {"gene_status": {"genes": [symbol], "status": "amplified"}}
        if category == "structural variation" and not rest and not her2:
            return {"gene_status": {"genes": [symbol], "status": "rearranged"}}
        return None

    def _lost(self, clause: Any, place: str) -> Form:
        said = _words(clause)
        self.losses.append(f"{place}: {said}")
        return {"unread": {"note": f"CTML: {said}"[:200]}}


def _age(value: str) -> Form | None:
    found = _AGE.fullmatch(value.strip())
    if found is None or not float(found[2]).is_integer():
        return None
    sign, years = found[1] or "=", int(float(found[2]))
    bounds: dict[str, Form] = {
        ">=": {"age": {"min": years}},
        "<=": {"age": {"max": years}},
        "=": {"age": {"min": years, "max": years}},
        "<": {"not": {"age": {"min": years}}},
        ">": {"age": {"min": years + 1}},
    }
    return bounds[sign]


def _mmr(value: str) -> Form | None:
    states = {ctml.lower(): ours for ours, ctml in MMR.items()} | {"msi-h": "MSI-H", "msi-high": "MSI-H", "mss": "MSS"}
    state = states.get(value.lower())
    return {"msi_mmr": {"status": state}} if state else None


def _words(clause: Any) -> str:
    """A clause in one line: `clinical her2_status Positive; …`."""
    if isinstance(clause, dict):
        return "; ".join(f"{key} {_words(value)}" for key, value in clause.items())
    if isinstance(clause, list):
        return " | ".join(_words(item) for item in clause)
    return str(clause)
