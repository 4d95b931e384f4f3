"""Condition resources: the cancer, its stage and histology, where it has spread, and other diagnoses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from her2nav.intake.fhir.codes import Codes, Nodes, bare
from her2nav.intake.fhir.element import Concept, codings, concept_of, day, extensions, items, texts
from her2nav.intake.fhir.resource import Resource, status_of

_DOUBTED = ("refuted", "entered-in-error", "unconfirmed", "provisional", "differential")
_PAST = dict.fromkeys(("resolved", "inactive", "remission"), "resolved") | dict.fromkeys(
    ("active", "recurrence", "relapse"), "active"
)
_SPREAD = re.compile(r"\b(?:secondary|metasta\w+)\b", re.IGNORECASE)
_NO_DIAGNOSIS = re.compile(
    r"\((?:finding|situation)\)\s*$|^(?:no |history of |family history|suspected|risk of)", re.IGNORECASE
)
_STAGE_PREFIX = re.compile(r"^(?:clinical|pathologic(?:al)?|AJCC|American Joint Committee on Cancer)\s+", re.IGNORECASE)
_STAGE = re.compile(r"(?:stage|group)?\s*(?:[cpy]{0,2})\s*(0|IV|I{1,3}|[1-4])\s*([A-D])?\s*(\d)?", re.IGNORECASE)
_OF_ORGAN = re.compile(r"\s+of\s+.*$")
_ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV"}


def read_condition(one: Resource) -> None:
    """Read a diagnosis: the primary cancer, a metastasis or another disease."""
    code = concept_of(one.data.get("code"))
    doubt = one.status("verificationStatus")
    if doubt in _DOUBTED:
        one.skip(f"verification status {doubt}")
        return
    codes = one.codes
    names = [bare(text) for text in texts(code)]
    secondary = (
        one.role == "secondary" or codes.concept("secondary", code) is not None or any(map(_SPREAD.search, names))
    )
    if secondary and one.role != "secondary" and _is_primary_code(code) and codes.concept("secondary", code) is None:
        # "Metastatic breast cancer" coded as a cancer of the breast: the primary, which has spread.
        secondary = False
        one.chart.ask("site", "the cancer is called metastatic without a site of the metastases", one.origin("code"))
    if one.role != "primary" and secondary:
        _spread(one, code, names)
        return
    tumour = tumour_of(code, codes)
    if one.data.get("id") in one.chart.other_cancers:
        _other(one, names)
    elif tumour is not None and not any(_NO_DIAGNOSIS.search(text) for text in texts(code)):
        _cancer(one, tumour, code, names)
    elif one.role == "primary":
        _stage_and_histology(one, code, names)
        one.skip(f"the cancer is not known: {one.named()}", ".code")
    else:
        _other(one, names)


def cancers_over(conditions: Iterable[dict[str, Any]], codes: Codes) -> frozenset[str]:
    """Return the ids of cancers that are over where another one is not: their stage is none of the patient's."""
    over: list[str] = []
    going_on: set[str] = set()
    for data in conditions:
        code = concept_of(data.get("code"))
        said = status_of(data, "verificationStatus")
        if said in _DOUBTED or any(map(_SPREAD.search, texts(code))) or (tumour := tumour_of(code, codes)) is None:
            continue
        if _PAST.get(status_of(data, "clinicalStatus")) == "resolved":
            over.append(str(data.get("id") or ""))
        else:
            going_on.add(tumour)
    return frozenset(filter(None, over)) if going_on else frozenset()


_PRIMARY_CODE = re.compile(r"C(?!7[789])\d\d", re.IGNORECASE)


def _is_primary_code(code: Concept) -> bool:
    """Whether ICD-10 codes a cancer by the organ in which it began."""
    coded = [one.code for one in code.codings if one.system == "icd10"]
    return bool(coded) and all(_PRIMARY_CODE.match(one) for one in coded)


def tumour_of(code: Any, codes: Codes) -> str | None:
    """Return the tumour type of a diagnosis, by code and by name; the narrower where both are known."""
    tumours = codes.knowledge.tumours
    found = [t for t in (tumours.find(bare(text)) for text in texts(code)) if t]
    coded = codes.concept("tumour", code)
    if coded:
        found.append(coded)
    if not found:
        return None
    narrowest = max(found, key=lambda t: len(tumours.wider(t)))
    return narrowest if all(t in tumours.wider(narrowest) for t in found) else None


def _cancer(one: Resource, tumour: str, code: Concept, names: list[str]) -> None:
    chart = one.chart
    chart.put("cancer.tumour_type", tumour, one.origin("code"))
    onset = one.when("onsetDateTime", "onsetPeriod")
    if onset:
        chart.put("cancer.diagnosed", onset, one.origin("onsetDateTime"))
    else:
        for name, extension in extensions(one.data):
            if name == "condition-assertedDate":
                chart.put("cancer.diagnosed", day(extension.get("valueDateTime")), one.origin("extension"))
    _stage_and_histology(one, code, names)


def _stage_and_histology(one: Resource, code: Concept, names: list[str]) -> None:
    codes, chart = one.codes, one.chart
    histologies = codes.knowledge.histologies
    for name, extension in extensions(one.data):
        if codes.roles.get(name.lower()) == "histology":
            concept = extension.get("valueCodeableConcept")
            found = codes.concept("histology", concept) or next(
                (h for text in texts(concept) if (h := histologies.find(bare(text)))), None
            )
            if found:
                chart.put("cancer.histology", found, one.origin("extension"))
            else:
                shown = "; ".join(f"{c.code} {c.display[:60]}".strip() for c in codings(concept))
                one.skip(f"morphology not known: {shown or 'no code'}", ".extension")
    found = codes.concept("histology", code)
    for text in names:
        found = found or histologies.find(_OF_ORGAN.sub("", text))
    if found:
        chart.put("cancer.histology", found, one.origin("code"))
    for stage in items(one.data.get("stage")):
        value = stage_of(stage.get("summary"), codes)
        if value is not None:
            chart.put("cancer.stage", value, one.origin("stage"), one.when("onsetDateTime", "recordedDate"))


def stage_of(concept: Any, codes: Codes) -> str | None:
    """Return a stage group as people write it: IIIA, IV.

    A concept whose codings say different things gives None.
    """
    found: set[str] = set()
    for coding in codings(concept):
        if coding.system in ("ajcc", "") and (stage := _stage_text(coding.code)):
            found.add(stage)
        if coding.display and (stage := _stage_text(bare(coding.display))):
            found.add(stage)
    known = codes.concept("stage", concept)
    if known:
        found.add(known)
    if not found:
        found = {stage for text in texts(concept) if (stage := _stage_text(bare(text)))}
    longest = max(found, key=len, default=None)
    return longest if longest and all(_agrees(longest, one) for one in found) else None


def _agrees(narrow: str, wide: str) -> bool:
    return narrow == wide or (narrow.startswith(wide) and narrow[len(wide)] not in "IV")


def _stage_text(text: str) -> str | None:
    match = _STAGE.fullmatch(_STAGE_PREFIX.sub("", text.strip()))
    if match is None:
        return None
    return _ROMAN.get(match[1], match[1].upper()) + (match[2] or "").upper() + (match[3] or "")


def _spread(one: Resource, code: Concept, names: list[str]) -> None:
    if _PAST.get(one.status("clinicalStatus")) == "resolved":
        one.skip(f"a metastasis that is recorded as {one.status('clinicalStatus')}")
        return
    told = site_of(code, one.codes) if any(map(_SPREAD.search, names)) or not names else None
    body = next((s for b in items(one.data.get("bodySite")) if (s := site_of(b, one.codes))), None)
    # A name that does not say "secondary" names the primary: "malignant neoplasm of breast", with the liver as site.
    coded = one.codes.concept("site", code)
    site, element = (told, "code") if told else (body, "bodySite") if body else (coded, "code")
    if may_be_regional(site, [*names, *texts(one.data.get("bodySite"))], one.codes.rules.nodes):
        one.skip("lymph nodes: regional or distant is not said; not written as a metastasis")
        return
    if site is None:
        one.skip(f"the site of the metastasis is not known: {one.named()}")
        one.chart.ask("site", "a metastasis is recorded without a known site", one.origin("code"))
        return
    one.chart.put("cancer.metastatic_sites", site, one.origin(element), one.when("onsetDateTime", "recordedDate"))


def may_be_regional(site: str | None, said: list[str], nodes: Nodes) -> bool:
    """Return whether a spread is to lymph nodes that nobody calls distant.

    >>> nodes = Nodes(sites=("lymph_node",), places=("axilla",), distant=("distant",), unclear=("no", "or"))
    >>> may_be_regional("lymph_node", ["Secondary malignant neoplasm of axilla and upper limb lymph nodes"], nodes)
    True
    >>> may_be_regional("lymph_node", ["Distant lymph node metastasis"], nodes), may_be_regional("liver", [], nodes)
    (False, False)
    """
    if site not in nodes.sites and not (site is None and any(_has(text, nodes.places) for text in said)):
        return False
    return not any(
        _has(text, nodes.distant) and not _has(_without(text, nodes.distant), nodes.unclear) for text in said
    )


@lru_cache(maxsize=16)
def _words(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, words))})(?![\w-])", re.IGNORECASE)


def _has(text: str, words: tuple[str, ...]) -> bool:
    return _words(words).search(text) is not None


def _without(text: str, words: tuple[str, ...]) -> str:
    return _words(words).sub(" ", text)


def site_of(concept: Any, codes: Codes) -> str | None:
    """Return a body site by code, by its name, or by `... neoplasm of SITE`."""
    known = codes.concept("site", concept)
    if known:
        return known
    sites = codes.knowledge.sites
    for text in texts(concept):
        name = re.sub(r"\s+structure$|^structure of\s+", "", bare(text), flags=re.IGNORECASE)
        found = sites.find(name) or sites.find(re.sub(r"^.*\b(?:of|to|in)\s+(?:the\s+)?", "", name))
        if found:
            return found
    return None


def _other(one: Resource, names: list[str]) -> None:
    conditions = one.codes.knowledge.conditions
    found = next((c for text in names if (c := conditions.find(text))), None)
    displays = [c.display for c in codings(one.data.get("code")) if c.display]
    if found is None and (not displays or any(_NO_DIAGNOSIS.search(text) for text in displays)):
        one.skip(f"no diagnosis that is known: {one.named()}")
        return
    entry = one.chart.entry("conditions")
    entry.put("name", found or bare(displays[0]), one.origin("code"))
    entry.put("status", _PAST.get(one.status("clinicalStatus")), one.origin("clinicalStatus"))
    entry.put("date", one.when("onsetDateTime", "onsetPeriod"), one.origin("onsetDateTime"))
