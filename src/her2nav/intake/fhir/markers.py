"""HER2, hormone receptors, PD-L1 and the other tumour markers. Words stay words: positive is not made 3+."""

from __future__ import annotations

import re
from decimal import Decimal

from her2nav.intake.fhir.chart import Entry
from her2nav.intake.fhir.codes import Test
from her2nav.intake.fhir.element import child, plain, reference, texts
from her2nav.intake.fhir.resource import Answer, Resource

DATED = ("effectiveDateTime", "effectivePeriod", "effectiveInstant")
_SCORE = re.compile(
    r"(?<![\d.])(?<!her)(?<!her-)(?<!her )(?:([0-3])\s*\+|\+\s*([0-3])(?![\d.])|(0)(?![\d.%]))"
    r"|(?:score|ihc)\s*[:=]?\s*([0-3])(?![\d.%])|^\s*([0-3])\s*$",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\([^()]*\b(?:scale|range|reference|previous\w*|prior|formerly|earlier)\b[^()]*\)|\(\s*0\s*(?:-|–|to|/)\s*3\s*\+?\s*\)"
    r"|\bnot\s+[0-3]\s*\+|\bcontrols?\b\s*[:=]?\s*[0-3]\s*\+",
    re.IGNORECASE,
)
"""Scores that are not the result: the scale, an earlier one, what it is not, that of a control."""
_RATIO = re.compile(r"^\s*(?:ratio\s*[:=]?\s*)?(\d{1,2}(?:\.\d+)?)(?:\s*:\s*1(?:\.0+)?)?\s*$", re.IGNORECASE)
_WORDS = ("positive", "negative", "equivocal", "low")
_ISH_WORDS = ("positive", "negative", "equivocal", "indeterminate", "failed")
_SIZES = {"1": "1+", "2": "2+", "3": "3+", "0": "0"}


def sample_of(one: Resource) -> Entry:
    """Return the sample that a result belongs to: of its specimen, else of its day."""
    wanted = reference(one.data.get("specimen"))
    when = one.when(*DATED)
    entry = one.chart.sample(f"specimen {wanted}" if wanted else f"day {when}")
    specimen = one.resolved("specimen")
    taken = child(specimen, "collection")
    collected = str(taken.get("collectedDateTime") or "")[:10]
    if "collected" not in entry.values:
        if re.fullmatch(r"\d{4}(-\d\d){0,2}", collected):
            entry.put("collected", collected, one.origin("specimen"))
        else:
            entry.put("collected", when, one.origin("effective"))
        kinds = " ".join([*texts(specimen.get("type")), *texts(taken.get("method"))]).lower()
        kind = next((kind for word, kind in _KINDS if word in kinds), None)
        entry.put("kind", kind, one.origin("specimen"))
    return entry


_KINDS = (
    ("biops", "biopsy"),
    ("resection", "resection"),
    ("excision", "resection"),
    ("cytolog", "cytology"),
    ("blood", "blood"),
    ("plasma", "blood"),
)
_SCORE_UNITS = ("", "1", "{score}", "{ScoreOf}", "+")


def scores_of(answer: Answer) -> list[str]:
    """Return the IHC scores that an answer names; several are a range."""
    if answer.word and answer.word.startswith("score_"):
        return [_SIZES[answer.word[-1]]]
    written = [_ASIDE.sub(" ", text) for text in answer.texts]
    found = [next(g for g in match.groups() if g) for text in written for match in _SCORE.finditer(text)]
    if not found and answer.exact and answer.number in (0, 1, 2, 3) and answer.unit in _SCORE_UNITS:
        found = [str(answer.number)[0]]
    return sorted({_SIZES[one] for one in found})


def read_her2(one: Resource, test: Test, answer: Answer, place: str) -> str | None:
    """Read a HER2 result on tissue."""
    origin, target = one.origin(place), test.target
    if target == "her2.word":
        method = one.codes.concept("method", one.data.get("method"))
        target = f"her2.{method}" if method else target
    if target == "her2.ratio":
        value = answer.ratio if answer.ratio is not None else _exact(answer, _RATIO)
        return _number(one, "ish.her2_cep17_ratio", value, answer, place, Decimal(100))
    if target == "her2.copies":
        return _number(one, "ish.her2_copy_number", _exact(answer, _RATIO), answer, place, Decimal(500))
    if target == "her2.intense_percent":
        if not answer.exact or answer.unit not in ("%", "") or not 0 <= (answer.number or 0) <= 100:
            return "no percentage"
        entry = sample_of(one)
        assert answer.number is not None
        entry.put("ihc.percent_cells", plain(answer.number), origin)
        entry.put("ihc.intensity", "intense", origin)
        return None
    if target == "her2.ish":
        if answer.word not in _ISH_WORDS:
            return "no result that is known"
        sample_of(one).put("ish.result", answer.word, origin)
        _ask_bound(one, answer)
        return None
    scores = scores_of(answer) if target in ("her2.ihc", "her2.word") else []
    if scores and (target == "her2.ihc" or answer.number is None):
        sample_of(one).put("ihc.score", scores[0] if len(scores) == 1 else scores, origin)
    if answer.word in _WORDS and not (scores and answer.word == "low"):
        sample_of(one).put("her2_reported", answer.word, origin)
    elif not scores:
        return "no result that is known"
    return None


def _exact(answer: Answer, pattern: re.Pattern[str]) -> Decimal | None:
    if answer.number is not None:
        return answer.number if answer.exact else None
    match = next((m for text in answer.texts if (m := pattern.match(text))), None)
    return Decimal(match[1]) if match else None


def _number(one: Resource, name: str, value: Decimal | None, answer: Answer, place: str, most: Decimal) -> str | None:
    if value is None:
        _ask_bound(one, answer)
        if name.endswith("ratio") and answer.word in _ISH_WORDS:
            sample_of(one).put("ish.result", answer.word, one.origin(place))
            return None
        return "no exact number"
    if not 0 <= value <= most:
        return "a number that is not possible"
    entry = sample_of(one)
    entry.put(name, plain(value), one.origin(place))
    if name.endswith("ratio") and "ish.method" not in entry.values:
        entry.put("ish.method", "dual_probe", one.origin("code"))
    return None


def _ask_bound(one: Resource, answer: Answer) -> None:
    if answer.number is not None and answer.comparator:
        shown = f"{answer.comparator}{answer.number} {answer.unit}".strip()
        one.chart.ask("bound", f"{shown} is a bound and no value; left out", one.origin("valueQuantity"))


def read_receptor(one: Resource, test: Test, answer: Answer, place: str) -> str | None:
    """Read an oestrogen or progesterone receptor: the word, and the percentage where it is exact."""
    when, used = one.when(*DATED), False
    path = f"biomarkers.{test.detail}"
    if answer.word in ("positive", "negative", "low"):
        one.chart.put(f"{path}.status", answer.word, one.origin(place), when)
        used = True
    percent = answer.unit == "%" or (test.target == "receptor.percent" and not answer.unit)
    if answer.exact and percent and answer.number is not None and 0 <= answer.number <= 100:
        one.chart.put(f"{path}.percent", plain(answer.number), one.origin("valueQuantity"), when)
        used = True
    elif percent:
        _ask_bound(one, answer)
    return None if used else "no result that is known"


def read_percent(one: Resource, test: Test, answer: Answer, place: str) -> str | None:
    """Read a number with its scale: PD-L1, Ki-67, mutational burden."""
    if not answer.exact or answer.number is None:
        _ask_bound(one, answer)
        return "no exact number"
    if test.target == "tmb":
        name, most = "biomarkers.tmb_per_mb", Decimal(5000)
    else:
        name = f"biomarkers.pd_l1.{test.detail}" if test.target == "pd_l1" else f"biomarkers.{test.detail}"
        most = Decimal(100)
    if not 0 <= answer.number <= most:
        return "a number that is not possible"
    one.chart.put(name, plain(answer.number), one.origin(place), one.when(*DATED))
    return None


def read_msi(one: Resource, test: Test, answer: Answer, place: str) -> str | None:
    """Read microsatellite instability; "positive" alone does not say high or low."""
    word = "MSS" if answer.word == "negative" else answer.word
    if word in ("MSS", "MSI-L", "MSI-H"):
        one.chart.put("biomarkers.msi", word, one.origin(place), one.when(*DATED))
        return None
    if word == "positive":
        one.chart.ask("msi", "microsatellite instability is reported as positive: MSI-H or MSI-L?", one.origin(place))
        return "positive does not say MSI-H or MSI-L"
    return "no result that is known"


_MARKERS = {
    "mmr": ("biomarkers.mmr", {"pMMR": "pMMR", "dMMR": "dMMR"}),
    "claudin": ("biomarkers.cldn18_2", {"positive": "positive", "negative": "negative"}),
}


def read_marker(one: Resource, test: Test, answer: Answer, place: str) -> str | None:
    """Read a marker whose result is one of a few words."""
    name, allowed = _MARKERS[test.target]
    if answer.word not in allowed:
        return "no result that is known"
    one.chart.put(name, allowed[answer.word], one.origin(place), one.when(*DATED))
    return None
