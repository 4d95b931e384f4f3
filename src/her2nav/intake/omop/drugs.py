"""Drug exposures: which drugs a row names, what was given, what was only prescribed, and what is taken now."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from her2nav.intake.fhir.chart import Chart
from her2nav.intake.omop.concepts import SYSTEMS, Meaning, atc_of
from her2nav.intake.omop.regimens import Course, Dose, courses, regimens
from her2nav.intake.omop.rows import Record
from her2nav.intake.reading import Origin, Unused
from her2nav.model.dates import PartialDate, plus_days

_BRACKET = re.compile(r"\s*\([^)]*\)")
_LONGEST_SUPPLY = 400


@dataclass(frozen=True, slots=True)
class Named:
    """What a drug row names.

    Attributes:
        drugs: Ids of the drugs that are known.
        problem: Why nothing, or not all, is known; None: all is.
        other: It is known to be no cancer medicine.
        codes: Codes and names, for the list of what is not mapped.
    """

    drugs: tuple[str, ...]
    problem: str | None
    other: bool
    codes: str


class Drugs:
    """Reads drug rows; what a concept names is looked up once."""

    def __init__(self, meaning: Meaning, codes: Any, *, count_prescriptions: bool) -> None:
        self.meaning, self.codes = meaning, codes
        self.data, self.atc = meaning.data, atc_of(meaning.knowledge)
        self.count_prescriptions = count_prescriptions
        self._memory: dict[tuple[str, str, str], Named] = {}

    def named(self, record: Record) -> Named:
        """Return what a row names."""
        place = (
            record.get("drug_concept_id"),
            record.get("drug_source_concept_id"),
            record.get("drug_source_value"),
        )
        found = self._memory.get(place)
        if found is None:
            if len(self._memory) > 50_000:
                self._memory.clear()
            found = self._memory[place] = self._named(*place)
        return found

    def _named(self, standard: str, source: str, written: str) -> Named:
        concept = self.meaning.concept("drug_exposure", standard, source, written)
        listed = [one for one in concept.codings if one.display or not one.code.startswith("concept ")]
        shown = "; ".join(f"{one.code} {one.display[:60]}".strip() for one in listed[:2])
        shown = shown or f"concept {standard}"
        classes = self.meaning.atc(standard, source, written)
        coded = {drug for code in classes if (drug := self.atc.get(code))}
        whole, agree = self.codes.drugs(concept)
        if not agree:
            return Named((), f"code and name of the medicine differ: {shown}", False, shown)
        said = self.codes.drug_names(written) if written else ()
        if said and whole and not set(said) & set(whole):
            return Named((), f"code and name of the medicine differ: {shown}", False, shown)
        parts, unknown = self._ingredients(standard, source)
        drugs = whole if set(parts) <= set(whole) else tuple(dict.fromkeys((*whole, *parts)))
        if whole and parts and not set(whole) & set(parts):
            return Named((), f"the ingredients are not those of the name: {shown}", False, shown)
        if not drugs and len(coded) == 1:
            drugs = tuple(coded)
        elif drugs and coded and not coded & set(drugs):
            return Named((), f"ATC code and name of the medicine differ: {shown}", False, shown)
        other = bool(classes) and not any(code.startswith(self.data.antineoplastic) for code in classes)
        if not drugs:
            return Named((), f"medicine not known: {shown}", other, shown)
        missing = [] if whole else unknown
        problem = f"a part of the medicine is not known ({', '.join(missing)[:80]}): {shown}" if missing else None
        return Named(drugs, problem, False, shown)

    def _ingredients(self, standard: str, source: str) -> tuple[list[str], list[str]]:
        """Return the drugs of the ingredients above a concept, and the names of those that are not known."""
        drugs: list[str] = []
        unknown: list[str] = []
        for one in dict.fromkeys((standard, source)):
            for wider in self.meaning.above(one):
                if wider.kind != "Ingredient":
                    continue
                system = SYSTEMS.get(wider.vocabulary, "")
                found, _ = self.codes.drugs({"coding": [{"system": system, "code": wider.code, "display": wider.name}]})
                drugs += found
                if not found and not wider.name.lower().startswith("hyaluronidase"):
                    unknown.append(wider.name)
        return list(dict.fromkeys(drugs)), list(dict.fromkeys(unknown))

    def write(self, chart: Chart, records: Sequence[Record], episodes: Sequence[Record], today: date) -> set[str]:
        """Write therapies and medicines of one patient; return the lists of which something was left out."""
        left_out: set[str] = set()
        doses: list[Dose] = []
        beside: list[Dose] = []
        prescribed: dict[str, list[Dose]] = {}
        ontology = self.codes.knowledge.drugs
        for record in records:
            named = self.named(record)
            if named.problem is not None:
                chart.skip(record.place, ".drug_concept_id", named.problem)
                left_out |= {"medications"} if named.other else {"medications", "therapies"}
                if "differ" in named.problem or "not those" in named.problem:
                    chart.ask("drug", f"{named.problem}; left out", record.place.origin("code"))
            found = self._doses(record, named, chart)
            if found is None:
                left_out |= {"medications", "therapies"}
                continue
            only_prescribed = (
                not self.count_prescriptions and record.get("drug_type_concept_id") in self.data.not_given_types
            )
            for dose in found:
                if "systemic_therapy" not in ontology.possible_terms_of(dose.drug):
                    beside.append(dose)
                elif only_prescribed:
                    prescribed.setdefault(dose.drug, []).append(dose)
                else:
                    doses.append(dose)
        rules = self.data.regimens
        doses = self._episodes(chart, episodes, doses)
        for members in regimens(courses(doses, rules.course_gap_days), rules.same_regimen_days):
            self._write_regimen(chart, members, today)
        for drug, listed in sorted(prescribed.items()):
            self._ask_prescribed(chart, drug, listed, doses)
            left_out.add("therapies")
        for course in courses(beside, rules.course_gap_days):
            if course.last >= today:
                entry = chart.entry("medications")
                entry.put("name", course.drug, course.final.origin)
                entry.put("since", course.first.isoformat(), course.doses[0].origin)
            else:
                origin = course.final.origin
                told = f"{origin.quote}: a medicine beside the cancer treatment that is not taken now: {course.drug}"
                chart.skipped.append(Unused(origin.source, origin.line or 0, told))
        return left_out

    def _doses(self, record: Record, named: Named, chart: Chart) -> list[Dose] | None:
        """Return one dose for each drug of a row; None: it has no full date and cannot be placed."""
        try:
            first = PartialDate.parse(record.day("drug_exposure_start_date") or "")
        except ValueError:
            chart.skip(record.place, ".drug_exposure_start_date", "no date")
            return None
        if not first.exact:
            chart.skip(record.place, ".drug_exposure_start_date", "no full date")
            return None
        last = first.low
        for column in ("verbatim_end_date", "drug_exposure_end_date"):
            written = record.day(column)
            if not written:
                continue
            try:
                end = PartialDate.parse(written)
            except ValueError:
                chart.skip(record.place, f".{column}", "no date")
                continue
            if end.exact and end.low >= first.low:
                last = end.low
                break
            problem = "an end before the beginning" if end.high < first.low else "no full date"
            chart.skip(record.place, f".{column}", problem)
        else:
            supply = record.get("days_supply").split(".")[0]
            if supply.isdigit() and 0 < int(supply) <= _LONGEST_SUPPLY:
                last = plus_days(first.low, int(supply) - 1)
        reason = self._reason(record, chart)
        origin = record.place.origin("code")
        return [Dose(drug, first.low, last, reason, origin) for drug in named.drugs]

    def _reason(self, record: Record, chart: Chart) -> str | None:
        written = " ".join(record.get("stop_reason").lower().split())
        if not written:
            return None
        found = next((reason for reason, words in self.data.stop_reasons.items() if written in words), None)
        if found is None:
            chart.skip(record.place, ".stop_reason", "a reason that is not known")
        return found

    def _write_regimen(self, chart: Chart, members: list[Course], today: date) -> None:
        first, final = members[0], max(members, key=lambda one: one.last).final
        drugs = [course.drug for course in members]
        entry = chart.entry("therapies")
        entry.put("drugs", drugs, first.doses[0].origin)
        entry.put("start", first.first.isoformat(), _at(first.doses[0].origin, "start"))
        end = max(course.last for course in members)
        if end < today:
            # A supply that reaches beyond the day says nothing of the last dose.
            entry.put("end", end.isoformat(), _at(final.origin, "end"))
        entry.put("reason_stopped", first.reason, _at(final.origin, "stop_reason"))
        if first.reason is None and today - end <= timedelta(days=self.data.regimens.open_days):
            chart.ask("ongoing", f"last recorded dose of {', '.join(drugs)} on {end}: is it still given?", final.origin)

    def _ask_prescribed(self, chart: Chart, drug: str, listed: list[Dose], given: list[Dose]) -> None:
        known = any(dose.drug == drug for dose in given)
        days = sorted(dose.first for dose in listed)
        also = "beside doses that were given" if known else "and no record that it was given"
        chart.ask(
            "prescribed",
            f"{drug} was prescribed or ordered {len(days)} times ({days[0]} to {days[-1]}) {also}; not counted",
            listed[0].origin,
        )

    def _episodes(self, chart: Chart, episodes: Sequence[Record], doses: list[Dose]) -> list[Dose]:
        """Write the regimens that the record names, and return the doses that belong to none of them."""
        ontology = self.codes.knowledge.drugs
        cycles: dict[str, int] = {}
        for record in episodes:
            if self.data.episodes.get(record.get("episode_concept_id")) == "cycle":
                cycles[record.get("episode_parent_id")] = cycles.get(record.get("episode_parent_id"), 0) + 1
        for record in episodes:
            if self.data.episodes.get(record.get("episode_concept_id")) != "regimen":
                continue
            concept = self.meaning.known(record.get("episode_object_concept_id"))
            name = (concept.name if concept else "") or record.get("episode_source_value")
            found = [ontology.resolve(one) for one in (name, _BRACKET.sub("", name)) if one]
            known = next((one for one in found if one.drugs and not one.classes and not one.ambiguous), None)
            start, end = record.day("episode_start_date"), record.day("episode_end_date")
            if known is None or start is None:
                chart.skip(record.place, ".episode_object_concept_id", f"regimen not known: {name[:60] or 'no name'}")
                continue
            inside = [d for d in doses if d.drug in known.drugs and start <= d.first.isoformat() <= (end or "9999")]
            doses = [one for one in doses if one not in inside]
            entry = chart.entry("therapies")
            entry.put("drugs", list(known.drugs), record.place.origin("episode_object_concept_id"))
            entry.put("start", start, record.place.origin("episode_start_date"))
            last = max((dose.last.isoformat() for dose in inside), default=None)
            entry.put("end", end or last, record.place.origin("episode_end_date"))
            count = cycles.get(record.get("episode_id"), 0)
            entry.put("cycles", count or None, record.place.origin("episode_id"))
        return doses


def _at(origin: Origin, element: str) -> Origin:
    """Return the place of another column of the same row."""
    columns = {"start": "drug_exposure_start_date", "end": "drug_exposure_end_date", "stop_reason": "stop_reason"}
    return Origin(origin.source, None, None, origin.line, f"drug_exposure.{columns[element]}")
