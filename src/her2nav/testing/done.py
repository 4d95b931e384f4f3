"""What is on record already: every HER2 result and every co-biomarker, with its date."""

from __future__ import annotations

from collections.abc import Iterator

from her2nav.facts.case import Case
from her2nav.model.dates import PartialDate
from her2nav.model.specimens import Ish, Ngs, Specimen
from her2nav.testing.record import by_day, interpreted
from her2nav.testing.results import Done
from her2nav.testing.targets import shown_day, specimen_target

_WORDS = {"cldn18_2": ("CLDN18.2", "Claudin 18.2 test"), "ebv": ("EBV", "EBV virus test")}
_NOTHING = ("not_tested", "unknown")


def done(case: Case) -> tuple[Done, ...]:
    """Return the results on record up to the patient's day, HER2 first, specimens in the order of the record."""
    found = [item for i, specimen in by_day(case) for item in _specimen(case, i, specimen)]
    return (*found, *_ctdna(case), *_biomarkers(case))


def _specimen(case: Case, index: int, specimen: Specimen) -> Iterator[Done]:
    path = f"/specimens/{index}"
    target = specimen_target(case, index)
    where, day = f" on {target.clinical}", specimen.collected
    ihc, ish, ngs = specimen.ihc, specimen.ish, specimen.ngs
    if ihc is not None and (ihc.score or ihc.zero_subtype or ihc.intensity):
        score = " to ".join(dict.fromkeys((ihc.score[0], ihc.score[-1]))) if ihc.score else "described, not scored"
        yield _done(f"HER2 IHC {score}{where}", f"HER2 protein test: {score} ({target.plain})", f"{path}/ihc", day)
    if ish is not None:
        shown = _ish(ish)
        one = interpreted(case, index)
        called = next(iter(one.ish)) if one is not None and len(one.ish) == 1 else ish.result or ""
        said = {"positive": "extra copies", "negative": "no extra copies"}.get(called, "no clear answer yet")
        yield _done(
            f"HER2 ISH: {shown}{where}", f"HER2 gene test: {said} ({target.plain})", f"{path}/ish", ish.date or day
        )
    if ngs is not None:
        plain = f"Gene panel test: {_ngs_plain(case, index, ngs)} ({target.plain})"
        yield _done(f"Sequencing: {_ngs(ngs)}{where}", plain, f"{path}/ngs", day)
    if specimen.her2_reported is not None:
        word = specimen.her2_reported
        plain = {"positive": "positive", "negative": "negative", "equivocal": "in between"}.get(word, word)
        yield _done(
            f'HER2 reported as "{word}", without the assay{where}'
            if ihc is None and ish is None
            else f'HER2 reported as "{word}"{where}',
            f"The report says HER2 {plain}",
            f"{path}/her2_reported",
            day,
        )


def _ish(ish: Ish) -> str:
    parts = []
    if ish.her2_cep17_ratio is not None:
        parts.append(f"ratio {ish.her2_cep17_ratio}")
    if ish.her2_copy_number is not None:
        parts.append(f"{ish.her2_copy_number} copies")
    if ish.result is not None:
        parts.append("no result" if ish.result == "failed" else f"reported {ish.result}")
    return ", ".join(parts) or "result not recorded"


def _ngs(ngs: Ngs) -> str:
    parts = [ngs.assay or "assay not recorded"]
    if ngs.matrix is not None:
        parts.append(ngs.matrix)
    if ngs.amplification_call is not None:
        parts.append(f"ERBB2 {ngs.amplification_call.replace('_', ' ')}")
    parts += [variant.text for variant in ngs.variants]
    return ", ".join(parts)


def _ngs_plain(case: Case, index: int, ngs: Ngs) -> str:
    one = interpreted(case, index)
    found = []
    if one is not None and one.extra["mutation"].value == "found":
        found.append("a change in the HER2 gene was found")
    if ngs.amplification_call == "amplified":
        found.append("extra HER2 copies were found")
    if one is not None and one.extra["mutation"].value == "not_found":
        found.append("no change in the HER2 gene was found")
    return " and ".join(found) or "done, no clear answer on HER2"


def _ctdna(case: Case) -> Iterator[Done]:
    for i, item in enumerate(case.patient.ctdna):
        if item.date is not None and item.date.certainly_after(case.as_of):
            continue
        shown = " ".join(part for part in (item.gene, item.variant) if part) or "tumour DNA"
        result = (item.result or "detected").replace("_", " ")
        yield _done(f"Plasma ctDNA: {shown} {result}", f"Blood test for tumour DNA: {result}", f"/ctdna/{i}", item.date)


def _biomarkers(case: Case) -> Iterator[Done]:
    markers = case.patient.biomarkers
    for name, receptor in (("er", markers.er), ("pr", markers.pr)):
        if receptor is not None and (receptor.status or receptor.percent is not None):
            percent = f" {receptor.percent} %" if receptor.percent is not None else ""
            text = f"{name.upper()} {receptor.status or ''}{percent}".replace("  ", " ")
            yield _co(text, f"Hormone receptor test ({text})", f"/biomarkers/{name}", receptor.date)
    if markers.pd_l1 is not None:
        for scale in ("cps", "tps", "tap"):
            value = getattr(markers.pd_l1, scale)
            if value is not None:
                assay = f" ({markers.pd_l1.assay})" if markers.pd_l1.assay else ""
                text = f"PD-L1 {scale.upper()} {value}{assay}"
                yield _co(text, text, "/biomarkers/pd_l1", markers.pd_l1.date)
    for name, value in (("msi", markers.msi), ("mmr", markers.mmr)):
        if value is not None:
            yield _co(f"{name.upper()}: {value}", f"Repair gene test: {value}", f"/biomarkers/{name}", None)
    for name, (clinical, plain) in _WORDS.items():
        value = getattr(markers, name)
        if value is not None and value not in _NOTHING:
            yield _co(f"{clinical} {value}", f"{plain}: {value}", f"/biomarkers/{name}", None)
    for gene, result in markers.genes.items():
        if result.status not in _NOTHING or result.variants:
            found = ", ".join(result.variants) or result.status.replace("_", " ")
            path = f"/biomarkers/{gene}"
            yield _co(f"{gene.upper()}: {found}", f"Gene test of {gene.upper()}: {_gene(result.status)}", path, None)


def _gene(status: str) -> str:
    return {"wild_type": "no change found", "mutated": "a change was found"}.get(status, status.replace("_", " "))


def _done(clinical: str, plain: str, path: str, day: PartialDate | None) -> Done:
    return Done(clinical, plain, path, str(day) if day is not None else None, "her2")


def _co(clinical: str, plain: str, path: str, day: PartialDate | None) -> Done:
    dated = f", {shown_day(day)}" if day is not None else ""
    return Done(clinical + dated, plain, path, str(day) if day is not None else None, "co_biomarker")
