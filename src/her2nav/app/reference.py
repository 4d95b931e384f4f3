"""What the program knows, without a patient, as sections of pages: trials, drugs, studies, rules, variants, search."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from her2nav.app.catalogue import curated, question_of
from her2nav.app.evidence import Query, conflicts_answer, evidence, read_setting, read_terms, read_tumour
from her2nav.app.paging import Paged, paged
from her2nav.app.session import Session
from her2nav.catalogue.queries import find
from her2nav.interpret.tables import Guideline
from her2nav.interpret.tables import Table as DecisionTable
from her2nav.knowledge.schema import Drug
from her2nav.model.errors import InputError
from her2nav.model.tree import children
from her2nav.model.trial import Trial
from her2nav.report.criterion_lines import node_line
from her2nav.report.sections import Place, Section, Table, Told, title_of

NOT_FOUND = "not_found"
STUDIES = 15
CONFLICTS = 20
"""Entries of a page."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something with a page of its own: where it is, what it is called, and one line about it."""

    place: str
    name: str
    about: str


def tumours(session: Session) -> list[tuple[str, str]]:
    """Return the tumour types that the catalogue, the rules or the studies name, by name."""
    knowledge = session.knowledge
    used = {tumour for trial in session.trials for tumour in trial.record.tumours}
    used |= {name.split("/")[1] for name in knowledge.bundle.folder("guidelines/")}
    found = [(one, knowledge.tumours.types[one].name) for one in used if one in knowledge.tumours.types]
    return sorted(found, key=lambda item: item[1])


def trials(session: Session, asked: Mapping[str, str], *, open_only: bool = False) -> list[Entry]:
    """Return the trials of the catalogue that are meant."""
    names = [[asked[name]] if asked.get(name) else [] for name in ("tumour", "her2", "setting", "drug")]
    question = question_of(session.knowledge, names[0], names[1], names[2], names[3], open_only)
    return [_trial_entry(trial) for trial in find(session.trials, question, session.knowledge)]


def _trial_entry(trial: Trial) -> Entry:
    record = trial.record
    status = f"{record.status.value.value.replace('_', ' ').lower()} on {record.status.date.isoformat()}"
    about = f"{status}; HER2 {', '.join(record.her2) or 'not named'}; {', '.join(record.tumours)}"
    return Entry(f"/explore/trials/{record.nct_id}", f"{record.title} ({record.nct_id})", about.replace("_", " "))


def trial(session: Session, nct_id: str) -> tuple[str, list[Section]]:
    """Return title and sections of a trial of the catalogue.

    Raises:
        InputError: It is not there.
    """
    try:
        found = curated(session.knowledge, nct_id)
    except InputError as error:
        raise InputError(error.message, allowed=error.allowed, code=NOT_FOUND) from None
    record, knowledge = found.record, session.knowledge
    facts = [
        Told(f"Status: {record.status.value.value.replace('_', ' ').lower()} on {record.status.date.isoformat()}"),
        Told(f"Phase: {', '.join(record.phase).lower() or 'not stated'}"),
        Told(f"Countries: {', '.join(record.countries) or 'not stated'}"),
        Told(f"Tumours: {', '.join(knowledge.tumours.types[one].name for one in record.tumours)}"),
        Told(f"HER2: {', '.join(record.her2) or 'not named'}"),
        Told(
            f"Curation: {record.curation}, {record.review.state.replace('_', ' ')} of {record.review.date.isoformat()}"
        ),
        Told("Registry record", places=(Place(record.url, ""),)),
    ]
    arms = [
        Told(f"{arm.label}: {', '.join(knowledge.drugs.name(drug) for drug in arm.drugs) or 'drugs not mapped'}")
        for arm in record.arms
    ]
    parts = [Section("facts", "Facts", tuple(facts))]
    if arms:
        parts.append(Section("arms", "Arms", tuple(arms)))
    for name in ("inclusion", "exclusion", "registry"):
        told = tuple(_criterion(item, session) for item in found.criteria if item.section == name)
        if told:
            parts.append(Section(name, f"{name.capitalize()} criteria", told))
    if record.notes:
        parts.append(Section("notes", "Curator's notes", tuple(Told(note) for note in record.notes)))
    return f"{record.title} ({record.nct_id})", parts


def _criterion(criterion: Any, session: Session) -> Told:
    role = "" if criterion.role.value == "decides" else f" ({criterion.role.value})"
    lines = (Told(line) for line in _lines(criterion.node, session))
    return Told(f"{criterion.id}{role}: {criterion.text}", items=tuple(lines))


def _lines(node: Any, session: Session, depth: int = 0) -> Iterator[str]:
    yield f"{'· ' * depth}{node_line(node, '', session.knowledge).text}"
    for part in children(node):
        yield from _lines(part, session, depth + 1)


def drugs(session: Session) -> list[Entry]:
    """Return the drugs directed at HER2, then all others, by name."""
    ontology = session.knowledge.drugs
    rows = sorted(ontology.drugs.values(), key=lambda one: ("anti_her2" not in ontology.terms_of(one.id), one.name))
    return [_drug_entry(one, session) for one in rows]


def _drug_entry(one: Drug, session: Session) -> Entry:
    names = ", ".join(session.knowledge.drugs.name(item) for item in one.classes)
    return Entry(f"/explore/drugs/{one.id}", one.name, names)


def drug(session: Session, identifier: str) -> tuple[str, list[Section]]:
    """Return title and sections of a drug.

    Raises:
        InputError: It is not known.
    """
    knowledge = session.knowledge
    one = knowledge.drugs.drugs.get(identifier)
    if one is None:
        raise InputError(f"no drug '{identifier}'", allowed="one of the list of drugs", code=NOT_FOUND)
    places = tuple(
        Place(item.source, item.locator or "", item.confidence.value, item.confidence.unverified)
        for item in one.provenance
    )
    facts = [Told(f"Class: {', '.join(knowledge.drugs.name(item) for item in one.classes)}", places=places)]
    facts += [Told(one.plain_name)] if one.plain_name else []
    named = [*one.names, *(brand.name for brand in one.brands)]
    facts += [Told(f"Also called: {', '.join(named)}")] if named else []
    facts += [Told(f"Targets: {', '.join(one.targets)}")] if one.targets else []
    facts += [Told(one.note)] if one.note else []
    given = [trial for trial in session.trials if any(identifier in arm.drugs for arm in trial.record.arms)]
    parts = [Section("facts", "Facts", tuple(facts))]
    if given:
        told = tuple(
            Told(f"{item.record.title} ({item.record.nct_id})", places=(Place(item.record.url, ""),)) for item in given
        )
        parts.append(Section("trials", "Trials of the catalogue", told))
    found = evidence(session, Query(terms=(identifier,)))
    if found.studies:
        parts.append(_studies(found.studies))
    return one.name, parts


def studies_query(session: Session, asked: Mapping[str, str]) -> Query:
    """Return which studies are meant.

    Raises:
        InputError: A name that nothing is called by.
    """
    return Query(
        tumour=read_tumour(session, asked.get("tumour") or None),
        terms=read_terms(session, asked.get("drug") or None),
        setting=read_setting(asked.get("setting") or None),
        study=asked.get("study") or None,
    )


def studies(session: Session, asked: Mapping[str, str], number: int = 1) -> tuple[list[Section], Paged[Any]]:
    """Return a page of the studies that are meant, with the results of their arms, and where in the list it stands."""
    found = evidence(session, studies_query(session, asked))
    shown = paged(found.studies, STUDIES, number)
    return [_studies(shown.rows, shown.total), *_cautions(found)], shown


def _studies(items: Sequence[Any], count: int | None = None) -> Section:
    rows = [
        (
            f"{item.name}: {arm.name}",
            str(arm.n or item.n or ""),
            _spaced(arm.gate),
            arm.regimen,
            _results(arm),
            _source(item),
        )
        for item in items
        for arm in item.arms
    ]
    head = ("Study and arm", "n", "HER2", "Treatment", "Results", "Source")
    shown = f"{len(items)} of {count} studies" if count and count > len(items) else f"{len(items)} studies"
    table = Table(shown, head, tuple(rows))
    return Section(
        "studies", "Studies", tables=(table,), quiet=("Results of different studies are not comparable side by side.",)
    )


def _results(arm: Any) -> str:
    return "; ".join(_result(one) for one in arm.results)


def _result(one: Any) -> str:
    if one.value is None:
        return f"{one.label}: {one.note or 'not reported'}"
    between = f" ({one.low} to {one.high})" if one.low and one.high else ""
    unit = f" {one.unit}" if one.unit not in ("", "%") else one.unit
    return f"{one.label} {one.sign or ''}{one.value}{unit}{between}"


def _source(item: Any) -> str:
    return f"{item.source} ({item.confidence}{', unverified' if item.unverified else ''})"


def _cautions(found: Any) -> Iterator[Section]:
    told = tuple(Told(one.says) for one in found.cautions)
    if told:
        yield Section("cautions", "Before comparing", told)


def conflicts(session: Session, tumour: str | None, number: int = 1) -> tuple[list[Section], Paged[Any]]:
    """Return a page of where sources disagree, and where in the list it stands."""
    answer = conflicts_answer(session, read_tumour(session, tumour))
    shown = paged(answer.conflicts, CONFLICTS, number)
    told = []
    for one in shown.rows:
        claims = tuple(Told(f"{claim.says} [{claim.source}]") for claim in one.claims)
        used = Told(f"Used here: {one.used}. Why: {one.why}.", unverified=one.unverified)
        told.append(Told(f"{one.conflict}: {one.title}", items=(*claims, used)))
    title = f"{len(answer.conflicts)} contradictions of the sources"
    return [Section("conflicts", title, tuple(told))], shown


def _guidelines(session: Session) -> list[Guideline]:
    knowledge = session.knowledge
    return [knowledge.record(name, Guideline) for name in knowledge.bundle.folder("guidelines/")]


def rules(session: Session) -> list[Entry]:
    """Return the guidelines whose tables decide a status."""
    return [
        Entry(f"/explore/rules/{one.id}", one.title, f"in force from {one.effective_from}; {len(one.tables)} tables")
        for one in sorted(_guidelines(session), key=lambda one: (one.folder, one.effective_from))
    ]


def rule(session: Session, identifier: str) -> tuple[str, list[Section]]:
    """Return title and tables of a guideline.

    Raises:
        InputError: It is not known.
    """
    for one in _guidelines(session):
        if one.id == identifier:
            return one.title, [_decision(name, table, session) for name, table in one.tables.items()]
    raise InputError(f"no guideline '{identifier}'", allowed="one of the list", code=NOT_FOUND)


def _decision(name: str, table: DecisionTable, session: Session) -> Section:
    sources = list(dict.fromkeys(row.source for row in table.rows))
    head = ("Row", *table.inputs, *(f"gives {output}" for output in table.outputs), "Place")
    rows = []
    for row in table.rows:
        conditions = [_spaced(" or ".join(map(str, row.when.get(key, ("any",))))) for key in table.inputs]
        weak = ", unverified" if row.confidence.unverified else ""
        number = f"[{sources.index(row.source) + 1}] " if len(sources) > 1 else ""
        place = f"{number}{row.locator} ({row.confidence.value}{weak})"
        rows.append((row.id, *conditions, *(_spaced(row.then[output]) for output in table.outputs), place))
    numbers = [f"[{number}] " if len(sources) > 1 else "" for number in range(1, len(sources) + 1)]
    titles = [title_of(source, session.knowledge.sources) for source in sources]
    said = "Source: " + "; ".join(f"{number}{title}" for number, title in zip(numbers, titles, strict=True))
    spaced = tuple(_spaced(word) for word in head)
    shown = Table(f"{table.title}: {len(rows)} {'row' if len(rows) == 1 else 'rows'}", spaced, tuple(rows))
    return Section(name.replace("_", "-"), table.title, lead=(said,), tables=(shown,))


def _spaced(word: str) -> str:
    return word.replace("_", " ")


def search(session: Session, words: str) -> list[Entry]:
    """Return what is called by all of these words: trials, drugs, studies, rules."""
    wanted = words.casefold().split()
    if not wanted:
        return []
    makers: Iterable[Callable[[], list[Entry]]] = (
        lambda: drugs(session),
        lambda: trials(session, {}),
        lambda: rules(session),
        lambda: _study_entries(session),
    )
    found = [one for make in makers for one in make() if _has(f"{one.name} {one.about}", wanted)]
    known = session.knowledge.drugs.resolve(words)
    named = [_drug_entry(session.knowledge.drugs.drugs[item], session) for item in known.drugs]
    return list(dict.fromkeys((*named, *found)))


def _study_entries(session: Session) -> list[Entry]:
    return [
        Entry(f"/explore/studies?study={item.study}", item.name, f"{', '.join(item.tumours)}; {item.regimen}")
        for item in evidence(session, Query(every=True)).studies
    ]


def _has(text: str, wanted: Sequence[str]) -> bool:
    low = text.casefold()
    return all(word in low for word in wanted)


def variant_sections(session: Session, text: str, tumour: str | None) -> list[Section]:
    """Return what is known of an ERBB2 variant as written.

    Raises:
        InputError: It cannot be read as a variant, or the tumour is not known.
    """
    from her2nav.app.variant import variant, variant_json

    answer = variant_json(session, variant(session, [text], tumour))
    calls = answer.get("variants", [answer])
    return [_variant(number, call) for number, call in enumerate(calls, 1)]


def _variant(number: int, call: Mapping[str, Any]) -> Section:
    told = [Told(call["summary"], strong=True)] if call.get("summary") else []
    told += [
        Told(f"{label}: {_value(call[key])}") for key, label in _VARIANT if call.get(key) not in (None, [], "", {})
    ]
    rows = tuple(
        (one["name"], one["tumour_name"], _spaced(one["effect"]), _rest(one)) for one in call.get("actionability") or ()
    )
    head = ("Drug", "Tumour", "Effect", "Level, condition, source")
    tables = (Table("What it means for treatment", head, rows),) if rows else ()
    title = call.get("hgvs_p") or call.get("input") or "Variant"
    return Section(f"variant-{number}", str(title), tuple(told), tables=tables)


_VARIANT = (
    ("gene", "Gene"),
    ("short", "Short"),
    ("hgvs_c", "Coding change"),
    ("hgvs_c_examples", "Coding change, for example"),
    ("transcript", "Transcript"),
    ("protein", "Protein"),
    ("exons", "Exon"),
    ("exon_note", "Note on the exon"),
    ("domain_name", "Domain"),
    ("in_kinase_domain", "In the kinase domain"),
    ("class_words", "Class"),
    ("activating", "Activating"),
    ("exon20_insertion", "Exon 20 insertion"),
    ("acquired_resistance", "Known from acquired resistance"),
    ("candidates", "May be"),
    ("needs_confirmation", "To be confirmed"),
    ("confidence", "Confidence"),
    ("unverified", "Unverified"),
)
"""What is shown of a variant, in this order, by key of its answer."""
_TRUTHS = {"met": "yes", "not_met": "no", "unknown": "not known"}


def _rest(one: Mapping[str, Any]) -> str:
    weak = ", unverified" if one.get("unverified") else ""
    source = f"{one['source']}, {one['locator']} ({one['confidence']}{weak})"
    return "; ".join(part for part in (one.get("level"), one.get("condition"), one.get("note"), source) if part)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        inside = ((key, inner) for key, inner in value.items() if inner not in (None, [], ""))
        return ", ".join(f"{_spaced(key)} {_value(inner)}" for key, inner in inside)
    if isinstance(value, list):
        return "; ".join(_value(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _TRUTHS.get(value) or str(value)
