"""Which criterion kinds CTML (Clinical Trial Markup Language, the format of MatchMiner) can hold, leaf by leaf.

Every function returns a clause that a patient who meets the leaf (or, with `negated`, does not) must meet: the clause
may ask for less, never for more. None says that CTML has no such words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from her2nav.exchange.ctml_names import CtmlNames

Clause = dict[str, Any]
_RESIDUE = re.compile(r"[A-Z]\d+")
_CHANGE = re.compile(r"[A-Z]\d+[A-Z]")
HER2_GENE = "ERBB2"
AMPLIFIED = "High Amplification"
MMR = {"MSI-H": "MMR-Deficient", "MSS": "MMR-Proficient"}
_HER2 = {"positive": "Positive", "negative": "Negative"}
_OTHER_SEX = {"female": "male", "male": "female"}


def leaf_clause(kind: str, params: Any, negated: bool, names: CtmlNames) -> tuple[Clause | None, bool]:
    """Return the clause of one leaf, and whether it says all that the leaf says."""
    writer = _WRITERS.get(kind)
    return writer(params, negated, names) if writer else (None, False)


def both(clauses: list[Clause]) -> Clause:
    """Join clauses that must all hold."""
    return clauses[0] if len(clauses) == 1 else {"and": clauses}


def either(clauses: list[Clause]) -> Clause:
    """Join clauses of which one must hold."""
    return clauses[0] if len(clauses) == 1 else {"or": clauses}


def clinical(**fields: str) -> Clause:
    """A clause on the patient."""
    return {"clinical": fields}


def genomic(**fields: str) -> Clause:
    """A clause on the tumour's genome."""
    return {"genomic": fields}


def _age(params: Any, negated: bool, _: CtmlNames) -> tuple[Clause | None, bool]:
    bounds = [(sign, value) for sign, value in ((">=", params.min), ("<=", params.max)) if value is not None]
    if negated:
        bounds = [({">=": "<", "<=": ">"}[sign], value) for sign, value in bounds]
    clauses = [clinical(age_numerical=f"{sign}{value}") for sign, value in bounds]
    if not clauses:
        return None, False
    return (either(clauses) if negated else both(clauses)), True


def _sex(params: Any, negated: bool, _: CtmlNames) -> tuple[Clause | None, bool]:
    if len(params.any_of) != 1 or params.any_of[0] not in _OTHER_SEX:
        return None, False
    sex = _OTHER_SEX[params.any_of[0]] if negated else params.any_of[0]
    return clinical(gender=sex.capitalize()), True


def _tumour(params: Any, negated: bool, names: CtmlNames) -> tuple[Clause | None, bool]:
    rows = [names.diagnoses.get(item) for item in params.types]
    if not rows or any(row is None for row in rows):
        return None, False
    narrowed = bool(params.except_types or params.histologies or params.except_histologies)
    if negated:
        if narrowed:
            return None, False
        barred = [name for row in rows if row for name in row.within]
        return both([clinical(oncotree_primary_diagnosis=f"!{name}") for name in dict.fromkeys(barred)]), False
    wanted = list(dict.fromkeys(name for row in rows if row for name in row.covers))
    exact = not narrowed and all(row is not None and row.covers == row.within for row in rows)
    return either([clinical(oncotree_primary_diagnosis=name) for name in wanted]), exact


def _her2_status(params: Any, negated: bool, _: CtmlNames) -> tuple[Clause | None, bool]:
    if negated:
        statuses = [item.status for item in params.any_of]
        if any(item.ihc or item.ish or item.amplified is not None for item in params.any_of) or None in statuses:
            return None, False
        rest = [value for name, value in _HER2.items() if name not in statuses]
        known = all(status in _HER2 for status in statuses)
        return (
            (either([clinical(her2_status=value) for value in (*rest, "Unknown")]), False) if known else (None, False)
        )
    found = [_definition(item) for item in params.any_of]
    clauses = [clause for one in found for clause in one]
    if not all(found):
        return None, False
    plain = all(item.model_dump(exclude_defaults=True).keys() == {"status"} for item in params.any_of)
    unique = [clause for index, clause in enumerate(clauses) if clause not in clauses[:index]]
    return either(unique), plain and not params.model_dump(exclude_defaults=True, exclude={"any_of"})


def _definition(item: Any) -> list[Clause]:
    """Return the states of which a tumour that meets the definition has one; empty: CTML has no word for it.

    IHC 3+, and IHC 2+ with positive ISH, are positive by every guideline; low and ultralow have no word.
    """
    positive = clinical(her2_status=_HER2["positive"])
    if item.status in _HER2:
        return [clinical(her2_status=_HER2[item.status])]
    if item.status is not None:
        return []
    if item.ihc == ("3+",) or (item.ish == "positive" and item.ihc and set(item.ihc) <= {"2+", "3+"}):
        return [positive]
    if item.amplified and not item.ihc and item.ish is None:
        return [positive, genomic(hugo_symbol=HER2_GENE, variant_category="CNV", cnv_call=AMPLIFIED)]
    return []


def _hormone_receptor(params: Any, negated: bool, _: CtmlNames) -> tuple[Clause | None, bool]:
    # CTML's states are those of the usual cut-off of 1 %.
    if negated or params.cutoff_percent != 1 or params.max_percent is not None:
        return None, False
    value = params.status.capitalize()
    sides = {"er": clinical(er_status=value), "pr": clinical(pr_status=value)}
    joined = _RECEPTORS.get((params.receptor, params.status))
    if params.receptor in sides:
        return sides[params.receptor], True
    return (joined(list(sides.values())), True) if joined else (None, False)


def _gene(params: Any, negated: bool, _: CtmlNames) -> tuple[Clause | None, bool]:
    genes = [gene.upper() for gene in params.genes]
    status = params.status
    narrowed = bool(params.variants) or params.origin is not None
    if negated or status == "wild_type":
        if narrowed or (negated and status not in ("mutated", "wild_type")):
            return None, False
        if negated and status == "wild_type":
            return either([genomic(hugo_symbol=g, variant_category="Mutation") for g in genes]), True
        return both([genomic(hugo_symbol=g, variant_category="!Mutation") for g in genes]), True
    if status == "amplified":
        rows = [genomic(hugo_symbol=g, variant_category="CNV", cnv_call=AMPLIFIED) for g in genes]
    elif status == "rearranged":
        rows = [genomic(hugo_symbol=g, variant_category="Structural Variation") for g in genes]
    else:
        rows = [row for gene in genes for row in _mutations(gene, params.variants)]
    return either(rows), params.origin is None


def _mutations(gene: str, variants: tuple[str, ...]) -> list[Clause]:
    """One clause per variant where CTML can name each of them, else the gene alone."""
    base = {"hugo_symbol": gene, "variant_category": "Mutation"}
    found = []
    for variant in variants:
        if _CHANGE.fullmatch(variant):
            found.append(genomic(**base, protein_change=f"p.{variant}"))
        elif _RESIDUE.fullmatch(variant):
            found.append(genomic(**base, wildcard_protein_change=f"p.{variant}"))
        else:
            return [genomic(**base)]
    return found or [genomic(**base)]


def _her2_mutation(params: Any, negated: bool, _: CtmlNames) -> tuple[Clause | None, bool]:
    if negated:
        return None, False
    short = tuple(name.removeprefix("p.") for name in params.names)
    return either(_mutations(HER2_GENE, () if params.any_of else short)), False


def _her2_amplification(params: Any, negated: bool, _: CtmlNames) -> tuple[Clause | None, bool]:
    if negated or (params.methods and "ngs_tissue" not in params.methods):
        return None, False
    exact = not params.model_dump(exclude_defaults=True)
    return genomic(hugo_symbol=HER2_GENE, variant_category="CNV", cnv_call=AMPLIFIED), exact


def _msi(params: Any, negated: bool, _: CtmlNames) -> tuple[Clause | None, bool]:
    if negated:
        return None, False
    return genomic(mmr_status=MMR[params.status]), True


_RECEPTORS = {
    ("er_or_pr", "positive"): either,
    ("er_or_pr", "negative"): both,
    ("er_and_pr", "positive"): both,
    ("er_and_pr", "negative"): both,
}
_Writer = Callable[[Any, bool, CtmlNames], tuple[Clause | None, bool]]
_WRITERS: dict[str, _Writer] = {
    "age": _age,
    "sex": _sex,
    "tumour_type": _tumour,
    "her2_status": _her2_status,
    "hormone_receptor": _hormone_receptor,
    "gene_status": _gene,
    "her2_mutation": _her2_mutation,
    "her2_amplification": _her2_amplification,
    "msi_mmr": _msi,
}
