"""HER2, hormone receptors, PD-L1 and the other tumour markers. Words stay words: positive is not made 3+."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from her2nav.intake.fhir.chart import Entry
from her2nav.intake.fhir.codes import Test
from her2nav.intake.fhir.element import child, day, plain, reference, texts
from her2nav.intake.fhir.resource import Answer, Resource

DATED = ("effectiveDateTime", "effectivePeriod", "effectiveInstant")
_SCORE = re.compile(
    r"(?<![\d.])(?<!her)(?<!her-)(?<!her )(?<!erbb)(?<!erbb-)(?<!erbb )(?<!erb-b)(?<!erb-b-)(?<!erb b)"
    r"(?:([0-3])\s*\+|\+\s*([0-3])(?![\d.])|(0)(?![\d.%]))"
    r"|(?:score|ihc)\s*[:=]?\s*([0-3])(?![\d.%])|^\s*([0-3])\s*$",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\([^()]*\b(?:scale|range|reference|previous\w*|prior|formerly|earlier)\b[^()]*\)|\(\s*0\s*(?:-|–|to|/)\s*3\s*\+?\s*\)"
    r"|\b(?:not|negative for)\s+[0-3]\s*\+|\b[0-3]\s*\+\s*(?:was |is )?(?:not confirmed|excluded|ruled out)\b"
    r"|\b(?:outside|external|original|initial|previous|prior|referring|referral)\b[^,;.]{0,30}?[0-3]\s*\+"
    r"|\brepeat(?:ed)? of [0-3]\s*\+"
    r"|\([^()]*%[^()]*\)|\bcontrols?\b\s*[:=]?\s*[0-3]\s*\+",
    re.IGNORECASE,
)
"""Scores that are not the result: the scale, an earlier one, what it is not, that of a control, shares of cells."""
_BETWEEN = re.compile(r"(?<![\d.])([0-3])\s*\+?\s*(?:-|–|to|/|or)\s*([0-3])\s*\+", re.IGNORECASE)
_NAMED_POSITIVE = re.compile(
    r"\s*(?:her-?\s?2(?:/?\s?neu)?|(?:c-?)?erb-?\s?b-?2)\s*(?:status\s*)?[:=]?\s*(?:\+|\+\s?ve|\(\+\)|pos(?:itive)?)[.\s]*",
    re.IGNORECASE,
)
"""The name of the marker and that it is positive: its digit is no score."""
_RATIO = re.compile(r"^\s*(?:ratio\s*[:=]?\s*)?(\d{1,2}(?:\.\d+)?)(?:\s*:\s*1(?:\.0+)?)?\s*$", re.IGNORECASE)
_WORDS = ("positive", "negative", "equivocal", "low")
_ISH_WORDS = ("positive", "negative", "equivocal", "indeterminate", "failed")
_SIZES = {"1": "1+", "2": "2+", "3": "3+", "0": "0"}


def sample_of(one: Resource) -> Entry:
    """Return the sample that a result belongs to: of its specimen, else of its day."""
    when = one.when(*DATED)
    specimen = one.resolved("specimen")
    taken = child(specimen, "collection")
    collected = day(taken.get("collectedDateTime")) or day(child(taken, "collectedPeriod").get("start")) or ""
    entry = one.chart.sample(_whose(one, specimen, when))
    if "collected" not in entry.values:
        if re.fullmatch(r"\d{4}(-\d\d){0,2}", collected):
            entry.put("collected", collected, one.origin("specimen"))
        else:
            entry.put("collected", when, one.origin("effective"))
        kinds = " ".join([*texts(specimen.get("type")), *texts(taken.get("method"))]).lower()
        kind = next((kind for word, kind in _KINDS if word in kinds), None)
        entry.put("kind", kind, one.origin("specimen"))
    return entry


def _whose(one: Resource, specimen: dict[str, Any], when: str | None) -> str:
    """Return what tells a sample apart: its specimen; without one, its day and its side of the body.

    The id of a contained specimen means something within its resource alone: there, what is said of it counts.
    """
    wanted = reference(one.data.get("specimen"))
    if wanted.startswith("#"):
        said = json.dumps(
            {name: value for name, value in specimen.items() if name != "id"}, sort_keys=True, default=str
        )
        return f"contained {said} {'' if child(specimen, 'collection') else when}"
    if wanted:
        return f"specimen {specimen.get('id') or wanted}"
    side = {found[0].lower() for text in texts(one.data.get("bodySite")) for found in _SIDE.finditer(text)}
    return f"day {when} {side.pop() if len(side) == 1 else ''}"


_SIDE = re.compile(r"\b(?:left|right)\b", re.IGNORECASE)
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
    found += [one for text in written for match in _BETWEEN.finditer(text) for one in match.groups()]
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
    named = not scores and answer.word is None and any(map(_NAMED_POSITIVE.fullmatch, answer.texts))
    word = "positive" if named else answer.word
    if word in _WORDS and not (scores and word == "low"):
        sample_of(one).put("her2_reported", word, origin)
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
        if answer.unit not in ("", "1") and not _PER_MEGABASE.search(answer.unit):
            return f"no number of mutations per megabase ({answer.unit})"
    else:
        name = f"biomarkers.pd_l1.{test.detail}" if test.target == "pd_l1" else f"biomarkers.{test.detail}"
        most = Decimal(100)
    if not 0 <= answer.number <= most:
        return "a number that is not possible"
    scale = test.target != "tmb" and test.detail != "cps"
    if scale and answer.unit not in ("%", "percent") and 0 < answer.number < 1:
        one.chart.ask(
            "percent", f"{plain(answer.number)} without %: a percentage or a fraction? Left out", one.origin(place)
        )
        return "a percentage or a fraction"
    one.chart.put(name, plain(answer.number), one.origin(place), one.when(*DATED))
    return None


_PER_MEGABASE = re.compile(r"/\s?(?:1?0?\*?6?\s?)?m(?:b|ega)|per\s?m(?:b|ega)|mb", re.IGNORECASE)


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
