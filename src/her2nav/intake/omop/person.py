"""The rows of one person to a reading."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from operator import itemgetter
from typing import Any

from her2nav.intake.fhir.chart import Chart
from her2nav.intake.fhir.codes import bare, codes_of
from her2nav.intake.fhir.disease import read_condition, tumour_of
from her2nav.intake.fhir.element import Concept as FhirConcept
from her2nav.intake.fhir.observations import read_observation
from her2nav.intake.fhir.resource import Resource
from her2nav.intake.fhir.treatment import read_procedure
from her2nav.intake.omop.concepts import Concept, Meaning, Vocabulary
from her2nav.intake.omop.days import BEGINS, Days
from her2nav.intake.omop.drugs import Drugs
from her2nav.intake.omop.folder import TABLES, Source
from her2nav.intake.omop.modifier import read_modifier
from her2nav.intake.omop.notes import add_notes
from her2nav.intake.omop.rows import Record, RowPlace, observation_of, plain_lab, procedure_of, specimens_of
from her2nav.intake.reading import Origin, Question, Reading, Sourced, Unused
from her2nav.intake.tables.mapping import Mapping
from her2nav.intake.tables.shares import Group
from her2nav.knowledge.load import Knowledge
from her2nav.model.dates import PartialDate

_SEX = {"f": "female", "female": "female", "m": "male", "male": "male"}


@dataclass(frozen=True)
class Setting:
    """What every person of a folder is read with; plain data that travels to other processes.

    Attributes:
        sources: The files, for the places of values.
        today: The clock's day.
    """

    sources: tuple[Source, ...]
    mapping: Mapping
    vocabulary: Vocabulary
    knowledge: Knowledge
    today: date
    as_of: dict[str, tuple[int, str]]
    """Where in a row of a table the patient's day stands, and the name of its column."""
    barred: frozenset[str]


class Reader:
    """Reads the rows of one person after another."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.codes = codes_of(setting.knowledge)
        self.meaning = Meaning(setting.vocabulary, setting.mapping.omop, setting.knowledge)
        given = setting.mapping.omop.prescriptions == "given"
        self.drugs = Drugs(self.meaning, self.codes, count_prescriptions=given)
        self._laboratory: dict[tuple[str, ...], str | None] = {}
        self.shown = [(source.shown, source.table) for source in setting.sources]
        tumour = setting.mapping.omop.tumour
        self.tumour = setting.knowledge.tumours.find(tumour) if tumour else None

    def laboratory(self, place: tuple[str, ...]) -> str | None:
        """Return the laboratory value that a measurement's concepts mean; None: it is something else, or more."""
        if place not in self._laboratory:
            if len(self._laboratory) > _REMEMBERED:
                self._laboratory.clear()
            concept = self.meaning.known(place[0])
            test = self.codes.test(self.meaning.concept("measurement", *place))
            plain = test is not None and test.target == "lab" and not _is_modifier(concept)
            self._laboratory[place] = test.detail if test is not None and plain else None
        return self._laboratory[place]

    def read(self, group: Group) -> Reading:
        """Read the rows of one person."""
        return _Person(self, group).reading()


class _Person:
    """One person while the rows are read."""

    def __init__(self, reader: Reader, group: Group) -> None:
        self.reader = reader
        self.who, rows = group
        self.rows: dict[str, list[Record]] = {}
        for number, line, cells in sorted(rows, key=_contents):
            shown, table = reader.shown[number]
            self.rows.setdefault(table, []).append(Record(table, RowPlace(shown, line, table, True), cells))
        self.count = len(rows)
        self.first = next(iter(self.rows.get("person") or next(iter(self.rows.values()))))
        self.chart = Chart("OMOP", reader.codes)
        self.left_out: set[str] = set()
        self.samples: dict[str, str] = {}
        self.others: dict[str, dict[str, Any]] = {}

    def table(self, name: str) -> list[Record]:
        """Return the rows of a table, the same whatever their order in the file."""
        return self.rows.get(name, [])

    @cached_property
    def as_of(self) -> tuple[str, Origin] | None:
        """The patient's day by the column that was named; of several the last one."""
        found = [
            (record.cells[at][:10], record.place.origin(column))
            for table, (at, column) in self.reader.setting.as_of.items()
            for record in self.table(table)
            if at < len(record.cells) and record.cells[at]
        ]
        for text, origin in found:
            if not _exact(text):
                self.chart.ask("as_of", f"the patient's day '{text}' is no full date; left out", origin)
        return max((one for one in found if _exact(one[0])), key=lambda one: one[0], default=None)

    def reading(self) -> Reading:
        """Read everything."""
        setting = self.reader.setting
        today = date.fromisoformat(self.as_of[0]) if self.as_of else setting.today
        days = Days(self.chart, today, own=self.as_of is not None)
        self.rows |= {table: list(days.kept(self.rows[table])) for table in BEGINS if table in self.rows}
        self.left_out |= days.left_out
        self._person()
        self.others, self.samples = specimens_of(self.table("specimen"), self.reader.meaning)
        self._conditions()
        for record in (*self.table("measurement"), *self.table("observation")):
            self._observation(record)
        self._procedures()
        self.left_out |= self.reader.drugs.write(self.chart, self.table("drug_exposure"), self.table("episode"), today)
        self._episodes()
        return self._finished(self.chart.reading())

    def _finished(self, reading: Reading) -> Reading:
        setting = self.reader.setting
        notes = self.table("note")
        if notes and setting.mapping.omop.notes == "not_read":
            told = f"note: {len(notes)} notes, not read (notes: read in the mapping file reads them)"
            reading = replace(reading, unused=(*reading.unused, Unused(notes[0].place.source, 0, told)))
        elif notes:
            reading = add_notes(reading, notes, setting.knowledge)
        patient: dict[str, Any] = {"id": self._identity()}
        provenance: list[Sourced] = []
        if self.as_of is not None:
            patient["as_of"] = self.as_of[0]
            provenance.append(Sourced("/as_of", *self.as_of))
        questions = list(reading.questions)
        if not self.table("person"):
            questions.append(Question("person", "rows of a person who is not in the person table"))
        whole = {}
        for name in setting.mapping.declared:
            if name in self.left_out:
                questions.append(
                    Question("not_complete", f"{name} is not taken as complete: something of it was left out")
                )
            else:
                whole[name] = True
        ending = {"complete": whole} if whole else {}
        return replace(
            reading,
            patient={**patient, **reading.patient, **ending},
            provenance=(*provenance, *[_columned(p) if p[0][-4:] in _ENDS else p for p in reading.provenance]),
            questions=tuple(questions),
            lines=self.count,
        )

    def _identity(self) -> str:
        if self.reader.setting.mapping.copy_id is not False:
            return self.who
        return f"{self.first.place.source}:{self.first.place.line}"

    def _person(self) -> None:
        chart, meaning = self.chart, self.reader.meaning
        for record in self.table("person"):
            parts = [record.get(name).split(".")[0] for name in ("year_of_birth", "month_of_birth", "day_of_birth")]
            while parts and not parts[-1].isdigit():
                parts.pop()
            if parts and all(part.isdigit() for part in parts):
                text = "-".join([parts[0], *(part.zfill(2) for part in parts[1:])])
                if _date(text):
                    chart.put("demographics.birth_date", text, record.place.origin("year_of_birth"))
                else:
                    chart.skip(record.place, ".year_of_birth", "no date")
            gender = meaning.known(record.get("gender_concept_id"))
            written = gender.code if gender is not None else record.get("gender_source_value")
            column = "gender_concept_id" if gender is not None else "gender_source_value"
            chart.put("demographics.sex", _SEX.get(written.lower()), record.place.origin(column))
        for record in self.table("death"):
            chart.put("demographics.vital_status", "deceased", record.place.origin("death_date"))
        if self.who in self.reader.setting.barred:
            origin = Origin(str(self.reader.setting.mapping.omop.do_not_contact), None, None, None, "person_id")
            chart.put("demographics.do_not_contact", True, origin)

    def _resource(self, record: Record, data: dict[str, Any]) -> Resource:
        return Resource(data, record.place, self.chart, self.others)

    def _conditions(self) -> None:
        """Read diagnoses; of one that is recorded again and again, the first record."""
        seen: set[tuple[str, ...]] = set()
        records = sorted(self.table("condition_occurrence"), key=lambda one: one.day("condition_start_date") or "9999")
        for record in records:
            columns = ("condition_concept_id", "condition_source_concept_id", "condition_source_value")
            place = tuple(record.get(name) for name in columns)
            if record.get("condition_status_concept_id") in self.reader.meaning.data.unconfirmed_status:
                self.chart.skip(record.place, ".condition_status_concept_id", "a preliminary diagnosis")
                continue
            if place in seen:
                self.chart.counts["condition_occurrence, recorded again"] = (
                    self.chart.counts.get("condition_occurrence, recorded again", 0) + 1
                )
                continue
            seen.add(place)
            self._condition(record, self.reader.meaning.concept("condition_occurrence", *place), place)

    def _condition(self, record: Record, code: FhirConcept, place: tuple[str, ...]) -> None:
        codes = self.reader.codes
        data: dict[str, Any] = {"resourceType": "Condition", "code": code}
        tumour = tumour_of(code, codes)
        when = record.day("condition_start_date")
        if tumour is None and self._may_be_regional(code):
            self.chart.skip(record.place, ".condition_concept_id", "lymph nodes that may be regional or distant")
            self.left_out.add("conditions")
            return
        if tumour is None or codes.concept("secondary", code) is not None:
            # The first record of a cancer in a database is not the day of its diagnosis.
            data["onsetDateTime"] = when
        elif self.reader.tumour is not None and not self._same_cancer(tumour):
            entry = self.chart.entry("conditions")
            name = next((bare(text) for text in code.texts), tumour)
            entry.put("name", name, record.place.origin("code"))
            entry.put("date", when, record.place.origin("condition_start_date"))
            return
        else:
            histology = self.reader.meaning.histology(place[0], place[1])
            if histology is not None:
                self.chart.put("cancer.histology", histology, record.place.origin("code"))
        before = len(self.chart.skipped)
        read_condition(self._resource(record, data))
        if len(self.chart.skipped) > before:
            self.left_out.add("conditions")

    def _may_be_regional(self, code: FhirConcept) -> bool:
        """Return whether a diagnosis is cancer in nodes without saying whether they are regional."""
        names = " ".join(code.texts).lower()
        listed = [one.code for one in code.codings if one.system == "icd10"]
        return any(
            any(own.startswith(sign) for own in listed) or (sign.islower() and sign in names)
            for sign in self.reader.meaning.data.regional_nodes
        )

    def _same_cancer(self, tumour: str) -> bool:
        wider = self.reader.codes.knowledge.tumours.wider
        return self.reader.tumour is not None and (
            self.reader.tumour in wider(tumour) or tumour in wider(self.reader.tumour)
        )

    def _observation(self, record: Record) -> None:
        meaning = self.reader.meaning
        if record.table == "measurement":
            variable = self.reader.laboratory(_MEASURED(record.cells))
            if variable is not None and plain_lab(record, variable, meaning, self.chart):
                return
        data = observation_of(record, meaning, self.samples)
        one = self._resource(record, data)
        concept = meaning.known(record.get(f"{record.table}_concept_id"))
        if (
            concept is not None
            and _is_modifier(concept)
            and read_modifier(one, concept, meaning.data, data.get("effectiveDateTime"))
        ):
            return
        read_observation(one)

    def _procedures(self) -> None:
        before = len(self.chart.skipped)
        rules, meaning = self.reader.meaning.data.regimens, self.reader.meaning
        courses: dict[str, list[list[Record]]] = {}
        for record in sorted(self.table("procedure_occurrence"), key=lambda one: one.day("procedure_date") or ""):
            place = "|".join(
                record.get(f"procedure_{name}") for name in ("concept_id", "source_concept_id", "source_value")
            )
            known = courses.setdefault(place, [])
            if known and _gap(known[-1][-1], record) <= rules.radiotherapy_gap_days and self._is_radiotherapy(record):
                known[-1].append(record)
            else:
                known.append([record])
        for listed in courses.values():
            for course in listed:
                last = course[-1].day("procedure_end_date") or course[-1].day("procedure_date")
                data = procedure_of(
                    course[0], meaning, last if len(course) > 1 else course[0].day("procedure_end_date")
                )
                read_procedure(self._resource(course[0], data))
        if len(self.chart.skipped) > before:
            self.left_out.add("procedures")

    def _is_radiotherapy(self, record: Record) -> bool:
        code = procedure_of(record, self.reader.meaning, None)["code"]
        return (self.reader.codes.concept("procedure", code) or "").startswith("radiotherapy")

    def _episodes(self) -> None:
        """Read the episodes of the disease: first occurrence and recurrence."""
        roles = self.reader.meaning.data.episodes
        for record in self.table("episode"):
            role = roles.get(record.get("episode_concept_id"))
            when = record.day("episode_start_date")
            field = {"first": "cancer.diagnosed", "recurrence": "cancer.relapse_date"}.get(role or "")
            if field is not None:
                self.chart.put(
                    field, when if when and _date(when) else None, record.place.origin("episode_start_date"), when
                )
            elif role not in ("regimen", "cycle"):
                self.chart.skip(
                    record.place, ".episode_concept_id", f"episode not read: {role or record.get('episode_concept_id')}"
                )


def _is_modifier(concept: Concept | None) -> bool:
    return concept is not None and concept.vocabulary == "Cancer Modifier"


_REMEMBERED = 50_000
_contents = itemgetter(0, 2)
_NAMES = TABLES["measurement"]
_MEASURED = itemgetter(
    *(_NAMES.index(f"measurement_{name}") for name in ("concept_id", "source_concept_id", "source_value"))
)
_ENDS = frozenset({"/lln", "/uln", "unit"})
_COLUMNS = {"/lln": "range_low", "/uln": "range_high", "/unit": "unit_concept_id"}


def _columned(one: Sourced) -> Sourced:
    """Name the column of what several columns of a row make together."""
    column = _COLUMNS.get(one.path[-4:]) or _COLUMNS.get(one.path[-5:])
    if column is None or not one.origin.quote.startswith("measurement."):
        return one
    origin = one.origin
    return Sourced(one.path, one.value, Origin(origin.source, None, None, origin.line, f"measurement.{column}"))


def _gap(one: Record, other: Record) -> int:
    """Return the days between two procedures; far apart where a date is not full."""
    first = one.day("procedure_end_date") or one.day("procedure_date") or ""
    second = other.day("procedure_date") or ""
    if not (_exact(first) and _exact(second)):
        return 10_000
    return abs((date.fromisoformat(second) - date.fromisoformat(first)).days)


def _date(text: str) -> bool:
    try:
        PartialDate.parse(text)
    except ValueError:
        return False
    return True


def _exact(text: str) -> bool:
    return len(text) == 10 and _date(text)
