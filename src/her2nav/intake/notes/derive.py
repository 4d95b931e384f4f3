"""What follows from the values that were read: the parts of a patient file that no sentence states by itself."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any

from her2nav.intake.notes.before_surgery import settle_before_surgery
from her2nav.intake.notes.early_breast import settle_early_breast
from her2nav.intake.notes.fields.disease_days import first_spread
from her2nav.intake.notes.fields.spread import organ_names
from her2nav.intake.notes.note import Note
from her2nav.intake.notes.within_pelvis import settle_within_pelvis
from her2nav.intake.reading import Origin, Sourced
from her2nav.model.dates import PartialDate

if TYPE_CHECKING:
    from her2nav.intake.notes.assemble import Draft


def derive(draft: Draft, notes: list[Note]) -> None:
    """Add what follows from a stated value by meaning alone: no pregnancy in a man, or after the menopause."""
    person = draft.patient.get("demographics", {})
    for source, value, added in (
        ("sex", "male", {"pregnancy": "not_applicable", "menopausal_status": "not_applicable"}),
        ("menopausal_status", "postmenopausal", {"pregnancy": "not_applicable", "sex": "female"}),
        ("menopausal_status", "premenopausal", {"sex": "female"}),
    ):
        if person.get(source) != value:
            continue
        place = next((one.origin for one in draft.provenance if one.path == f"/demographics/{source}"), None)
        for key, implied in added.items():
            if key not in person and place is not None:
                person[key] = implied
                draft.provenance.append(Sourced(f"/demographics/{key}", implied, place))
    _settle_sex(draft, notes)
    _settle_stage(draft)
    _settle_sites(draft, notes)
    _settle_spread(draft, notes)
    settle_within_pelvis(draft, notes)
    _settle_residual(draft)
    _settle_operations(draft, notes)
    _settle_settings(draft, notes)
    _settle_around_surgery(draft, notes)
    settle_before_surgery(draft, notes)
    settle_early_breast(draft, notes)
    _settle_lesions(draft)
    if "birth_date" in person:
        person.pop("age", None)
        draft.provenance[:] = [one for one in draft.provenance if one.path != "/demographics/age"]


def _settle_sex(draft: Draft, notes: list[Note]) -> None:
    """Take the sex from a tumour of an organ that only women have, where nothing is told of it."""
    person, tumour = draft.patient.get("demographics", {}), draft.patient.get("cancer", {}).get("tumour_type")
    place = _origin_of(draft, "/cancer/tumour_type")
    if "sex" in person or tumour is None or place is None or not notes:
        return
    if _OF_WOMEN in notes[0].words.knowledge.tumours.wider(str(tumour)):
        draft.patient.setdefault("demographics", {})["sex"] = "female"
        draft.provenance.append(Sourced("/demographics/sex", "female", place))


_OF_WOMEN = "gynaecological"
_AT_ONCE = re.compile(
    r"\b(?:de novo|synchronous|primary in situ|(?:metastatic|mets|metastases) at (?:diagnosis|presentation)|presented with metasta\w+|diagnosed with stage iv\b|"
    r"m(?:bc|crc|gc) (?:at )?(?:dx|diagnosis)|stage iv\b[^.;]{0,60}?,? (?:dx|diagnosed)\b(?! (?:in )?(?:early|local)))"
)
"""A disease that was metastatic when it was found."""


def _origin_of(draft: Draft, path: str) -> Origin | None:
    """Return where a value of the draft was read."""
    return next((one.origin for one in draft.provenance if one.path == path), None)


def _day(value: object) -> PartialDate | None:
    return PartialDate.parse(str(value)) if value is not None else None


def _settle_sites(draft: Draft, notes: list[Note]) -> None:
    """Call a biopsy that names no place one of the primary, where there was nothing else to take it from.

    That is so in a disease that has not spread, before the relapse, and before the primary itself was taken out.
    """
    cancer, samples = draft.patient.get("cancer", {}), draft.patient.get("specimens", [])
    relapse = _day(cancer.get("relapse_date"))
    taken = [_day(one["collected"]) for one in samples if _of_primary(one) and "collected" in one]
    taken += _operated(draft, notes)
    for i, one in enumerate(samples):
        if "site" in one or "organ" in one:
            continue
        day = _day(one.get("collected"))
        if one.get("kind") == "resection" and day is not None and day in _operated(draft, notes):
            place = _origin_of(draft, f"/specimens/{i}/kind")
            if place is not None:
                one["site"] = "primary"
                draft.provenance.append(Sourced(f"/specimens/{i}/site", "primary", place))
        if one.get("kind") != "biopsy":
            continue
        local = (
            (cancer.get("setting") in _LOCAL or _without_spread(cancer))
            and relapse is None
            and not cancer.get("metastatic_sites")
        )
        before = day is not None and relapse is not None and day.high < relapse.low
        operated = day is not None and any(end is not None and day.high < end.low for end in taken)
        place = _origin_of(draft, f"/specimens/{i}/kind")
        if place is not None and (local or before or operated):
            one["site"] = "primary"
            draft.provenance.append(Sourced(f"/specimens/{i}/site", "primary", place))


def _settle_spread(draft: Draft, notes: list[Note]) -> None:
    """Take the organ of a measured metastasis for a site, and a disease with one for metastatic."""
    cancer = draft.patient.setdefault("cancer", {})
    known = set(notes[0].words.knowledge.sites.items().values()) if notes else set()
    for i, one in enumerate(draft.patient.get("specimens", [])):
        place = _origin_of(draft, f"/specimens/{i}/organ") or _origin_of(draft, f"/specimens/{i}/site")
        if one.get("site") != "metastasis" or place is None:
            continue
        if "setting" not in cancer and one.get("organ") not in _BESIDE and not _recurred(notes):
            cancer["setting"] = "metastatic"
            draft.provenance.append(Sourced("/cancer/setting", "metastatic", place))
        if one.get("organ") in _BESIDE:
            continue
        organ, sites = one.get("organ"), cancer.get("metastatic_sites") or []
        if organ in known and organ not in sites:
            cancer["metastatic_sites"] = [*sites, organ]
            draft.provenance.append(Sourced(f"/cancer/metastatic_sites/{len(sites)}", organ, place))
    if not cancer:
        del draft.patient["cancer"]


_BESIDE = frozenset({"vagina", "local", "chest_wall", "pelvis"})
"""Organs in which a tumour comes back locally."""


def _recurred(notes: list[Note]) -> bool:
    return any(re.search(r"\brecurr(?:en|ed)", note.plain) for note in notes)


_INVASIVE_LEFT = re.compile(r"ypT[1-4]|ypN[1-3]")


def _settle_residual(draft: Draft) -> None:
    """Call invasive tumour or nodes after treatment, which the categories state, residual disease."""
    residual = draft.patient.get("cancer", {}).get("residual", {})
    for key in ("ypt", "ypn"):
        place = _origin_of(draft, f"/cancer/residual/{key}")
        if place is not None and "status" not in residual and _INVASIVE_LEFT.match(str(residual.get(key))):
            residual["status"] = "residual"
            draft.provenance.append(Sourced("/cancer/residual/status", "residual", place))


_LOCAL = ("early", "locally_advanced_resectable", "locally_advanced_unresectable")


def _without_spread(cancer: dict[str, Any]) -> bool:
    """True where nothing is said of the setting, and M0, or that there are no metastases."""
    none = cancer.get("metastatic_sites") == [] or str(cancer.get("tnm", {}).get("m", "")).endswith("0")
    return "setting" not in cancer and none


def _operated(draft: Draft, notes: list[Note]) -> list[PartialDate | None]:
    """Return the days of operations on the organ of the primary."""
    tumour = draft.patient.get("cancer", {}).get("tumour_type")
    organs = organ_names(notes[0], str(tumour)) if tumour else set()
    done = [one for one in draft.patient.get("procedures", []) if one.get("kind") == "surgery"]
    return [day for one in done if one.get("site") in organs and (day := _day(one.get("date"))) is not None]


def _of_primary(sample: dict[str, Any]) -> bool:
    return sample.get("kind") == "resection" and sample.get("site") == "primary"


def _settle_around_surgery(draft: Draft, notes: list[Note]) -> None:
    """Give courses without a setting theirs by the operation on the primary: before it, or after it and before any spread."""
    patient, cancer = draft.patient, draft.patient.get("cancer", {})
    done = [day for day in _operated(draft, notes) if day is not None]
    spread = _first_spread(draft, notes)
    if not done or any(one.low.year != done[0].low.year for one in done) or _at_once(notes):
        return
    if cancer.get("setting") == "metastatic" and (spread is None or spread.low <= done[0].high):
        return
    ended = [done[0]]
    windows = notes[0].words.windows
    for i, one in enumerate(patient.get("therapies", [])):
        start, end = _day(one.get("start")), _day(one.get("end"))
        if one.get("setting") == "adjuvant" and end is not None:
            ended = [*ended, end]
        if "setting" in one:
            continue
        setting = None
        if end is not None and end.high <= done[0].high and (end.high - done[0].low).days > -windows.before_operation:
            setting = "neoadjuvant"
        elif (
            start is not None
            and _soon_after(start, ended, windows.after_operation)
            and (spread is None or start.high < spread.low)
        ):
            setting = "adjuvant"
            ended = [*ended, end] if end is not None else ended
        place = _origin_of(draft, f"/therapies/{i}/{'end' if setting == 'neoadjuvant' else 'start'}")
        if setting is not None and place is not None:
            one["setting"] = setting
            draft.provenance.append(Sourced(f"/therapies/{i}/setting", setting, place))


def _soon_after(start: PartialDate, ended: list[PartialDate], days: int) -> bool:
    """True for a course that began soon after the operation, or after a course that goes with it."""
    return any(one.low <= start.low and (start.low - one.high).days < days for one in ended)


def _settle_operations(draft: Draft, notes: list[Note]) -> None:
    """Add the operation by which a resected primary was taken, where no operation of that day is told."""
    done = [one for one in draft.patient.get("procedures", []) if one.get("kind") == "surgery"]
    tumour = draft.patient.get("cancer", {}).get("tumour_type")
    organs = organ_names(notes[0], str(tumour)) - {"vagina"} if tumour else set()
    for i, sample in enumerate(draft.patient.get("specimens", [])):
        day = sample.get("collected")
        if sample.get("kind") != "resection" or sample.get("site") != "primary" or day is None:
            continue
        if any(str(day).startswith(str(one.get("date", ""))) or str(one["date"]).startswith(str(day)) for one in done):
            continue
        places = {one.path: one.origin for one in draft.provenance}
        record = {"kind": "surgery", **({"site": next(iter(organs))} if len(organs) == 1 else {}), "date": day}
        kept = draft.patient.setdefault("procedures", [])
        done.append(record)
        kept.append(record)
        for key, of in (("kind", "kind"), ("date", "collected")):
            origin = places.get(f"/specimens/{i}/{of}")
            if origin is not None:
                draft.provenance.append(Sourced(f"/procedures/{len(kept) - 1}/{key}", record[key], origin))


def _settle_lesions(draft: Draft) -> None:
    """Drop measured lesions where the disease is not said to be advanced, and those that may be out by now.

    Before an operation they are the size of the tumour; and after "CT 2 May: lung nodule 21 mm. Wedge resection 9 June"
    nobody can tell whether the nodule is still there.
    """
    cancer = draft.patient.get("cancer", {})
    lesions = cancer.get("measurable_disease")
    if not isinstance(lesions, list):
        return
    advanced = cancer.get("setting") in _ADVANCED or cancer.get("metastatic_sites") or _staged_with(cancer)
    if not advanced or any(_taken_since(draft, one) for one in lesions):
        del cancer["measurable_disease"]
        draft.provenance[:] = [one for one in draft.provenance if not one.path.startswith("/cancer/measurable_disease")]


_ADVANCED = ("metastatic", "recurrent", "locally_advanced_unresectable")


def _taken_since(draft: Draft, lesion: dict[str, Any]) -> bool:
    """True when an operation on a lesion's organ, or on a metastasis of an organ not told, followed its scan."""
    scan = _day(lesion.get("date"))
    done = [(one.get("site"), one.get("date")) for one in draft.patient.get("procedures", []) if _removes(one)]
    done += [
        (one.get("organ"), one.get("collected"))
        for one in draft.patient.get("specimens", [])
        if one.get("kind") == "resection" and one.get("site") != "primary"
    ]
    for organ, when in done:
        day = _day(when)
        if scan and day and day.high >= scan.low and organ in (None, lesion.get("site")):
            return True
    return False


def _removes(procedure: dict[str, Any]) -> bool:
    return procedure.get("kind") in ("surgery", "embolisation")


def _settle_stage(draft: Draft) -> None:
    """Set aside the stage of the first diagnosis where the disease is metastatic now."""
    cancer = draft.patient.get("cancer", {})
    stage = str(cancer.get("stage", ""))
    if cancer.get("setting") != "metastatic" or not stage.startswith("I") or stage.startswith("IV"):
        return
    del cancer["stage"]
    draft.older += [one for one in draft.provenance if one.path == "/cancer/stage"]
    draft.provenance[:] = [one for one in draft.provenance if one.path != "/cancer/stage"]


def _without_pause(courses: list[dict[str, Any]], days: int) -> bool:
    """True for courses that follow each other: no time without treatment parts an early disease from a metastatic one."""
    dated = sorted((one for one in courses if "start" in one), key=lambda one: str(one["start"]))
    for one, following in itertools.pairwise(dated):
        end = _day(one.get("end"))
        if end is not None and (PartialDate.parse(str(following["start"])).low - end.high).days > days:
            return False
    return bool(dated)


def _relapsed_on(course: dict[str, Any]) -> bool:
    """True for a course with an operation that ended because the disease came back."""
    return course.get("setting") == "adjuvant" and course.get("reason_stopped") == "progression" and "end" in course


_RELAPSED = re.compile(
    r"\b(?:relapsed|recurred|(?:cancer|disease|illness|it) (?:has |had )?(?:came back|come back|returned))\b"
)
_M1 = re.compile(r"[cp]?M1")


def _relapsed_then(course: dict[str, Any], first: str) -> bool:
    """True for a course that was given until the metastases of which is told first: it was for early disease."""
    ended = str(course.get("progression_date", ""))
    told = bool(ended) and ended == first and str(course.get("end")) == ended
    return told and "setting" not in course and str(course.get("start", "9")) < first


def _staged_with(cancer: dict[str, Any]) -> bool:
    """True where metastases stand beside tumour and nodes in one staging: "pT3 pN2a, M1a"."""
    tnm = cancer.get("tnm", {})
    return "t" in tnm and "n" in tnm and _M1.match(str(tnm.get("m", ""))) is not None


def _at_once(notes: list[Note]) -> bool:
    """True for a disease that a note calls metastatic from the start."""
    return any(_AT_ONCE.search(note.plain) for note in notes)


def _first_spread(draft: Draft, notes: list[Note]) -> PartialDate | None:
    """Return the first day of which metastases are told, or on which one was sampled."""
    told = [found.value for note in notes if (found := first_spread(note)) is not None and found.value]
    sampled = [
        day
        for one in draft.patient.get("specimens", [])
        if one.get("site") == "metastasis" and (day := _day(one.get("collected"))) is not None
    ]
    return min([*told, *sampled], key=lambda one: one.low, default=None)


def _settle_settings(draft: Draft, notes: list[Note]) -> None:
    """Give courses without a setting that of metastatic disease, where they began after it was there.

    It was there at the relapse, else on the day of the first sample of a metastasis; from the start where the stage is IV, or
    where nothing is told of a time before: no operation, no course before or after one, no earlier sample of the primary.
    """
    cancer, courses = draft.patient.get("cancer", {}), draft.patient.get("therapies", [])
    early = any(one.get("setting") in ("adjuvant", "neoadjuvant") for one in courses)
    operated = any(one.get("kind") == "surgery" for one in draft.patient.get("procedures", []))
    samples = draft.patient.get("specimens", [])
    since = cancer.get("relapse_date")
    if "setting" not in cancer and _M1.match(str(cancer.get("tnm", {}).get("m", ""))):
        place = _origin_of(draft, "/cancer/tnm/m")
        if place is not None:
            cancer["setting"] = "metastatic"
            draft.provenance.append(Sourced("/cancer/setting", "metastatic", place))
    if cancer.get("setting") != "metastatic":
        return
    windows = notes[0].words.windows
    spread = _first_spread(draft, notes)
    first = spread.text if spread is not None else None
    before = any("collected" in one and first is not None and one["collected"][:4] < first[:4] for one in samples)
    from_start = str(cancer.get("stage", "")).startswith("IV") or bool(
        _M1.match(str(cancer.get("tnm", {}).get("m", "")))
    )
    told = [one["collected"] for one in samples if one.get("site") == "primary" and "collected" in one]
    told += [str(cancer["diagnosed"])] if "diagnosed" in cancer else []
    if told and first is not None and not (early or operated) and not since:
        begun = PartialDate.parse(min(told))
        from_start = from_start or (PartialDate.parse(first).low - begun.low).days < windows.found_together
    before = before and (early or operated or not _without_pause(courses, windows.pause))
    if since is None and (before or early or operated) and not from_start:
        since = None if _at_once(notes) else first
    if since is None:
        since = min((one["end"] for one in courses if _relapsed_on(one)), default=None)
    if since is None and (early or operated) and not (not early and (_at_once(notes) or _staged_with(cancer))):
        return
    relapsed = (
        since is None and not (from_start or _at_once(notes)) and any(_RELAPSED.search(one.plain) for one in notes)
    )
    if since is None and first is not None and any(_relapsed_then(one, first) for one in courses):
        since = first
    place = next(one.origin for one in draft.provenance if one.path == "/cancer/setting")
    for i, one in enumerate(courses):
        late = since is None or (
            "start" in one and PartialDate.parse(one["start"]).high >= PartialDate.parse(since).low
        )
        if relapsed and "end" in one and one.get("reason_stopped") in (None, "completed"):
            continue  # it may have been for the disease before the relapse, of which no day is told
        if "setting" not in one and late:
            one["setting"] = "maintenance" if _goes_on(one, courses, windows.goes_on) else "metastatic"
            draft.provenance.append(Sourced(f"/therapies/{i}/setting", one["setting"], place))


def _goes_on(course: dict[str, Any], courses: list[dict[str, Any]], days: int) -> bool:
    """True for a part of the drugs of the course before, given on when that one had ended without progression."""
    mine = {str(one) for one in course.get("drugs", [])}
    start, end = _day(course.get("start")), _day(course.get("end"))
    for one in courses:
        ended = _day(one.get("end"))
        if one is course or ended is None or not mine < {str(drug) for drug in one.get("drugs", [])}:
            continue
        if one.get("reason_stopped") not in (None, "completed", "planned_switch"):
            continue
        if start is not None and start.low >= ended.low and (start.low - ended.high).days <= days:
            return True
        if start is None and end is not None and 0 < (end.low - ended.high).days <= _LONGEST_ON:
            return not any(_between(other, ended, end) for other in courses if other is not course)
    return False


_LONGEST_ON = 730


def _between(course: dict[str, Any], low: PartialDate, high: PartialDate) -> bool:
    start = _day(course.get("start"))
    return start is not None and low.high < start.low < high.low
