"""`ask`: a question about a patient, answered from the same derivations as every other command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from her2nav.app import ask_answers as shapes
from her2nav.app import ask_result, ask_safety, ask_treatment, ask_trials, take_along
from her2nav.app.answers import EvidenceItem, Versions
from her2nav.app.ask_recognise import Recognised, asked_of, recognise
from her2nav.app.ask_result import Asked, Part
from her2nav.app.conflict_item import conflict
from her2nav.app.derived import Derived
from her2nav.app.disputed import disputed_interpretation
from her2nav.app.plan_answers import PhraseItem
from her2nav.app.session import Session
from her2nav.evidence.library import library
from her2nav.knowledge.citations import locator_of, source_of
from her2nav.knowledge.conflicts import Conflict, by_severity, conflicts_for
from her2nav.knowledge.questions import Line, Question, question_book
from her2nav.model.errors import DataError, UnknownName
from her2nav.model.provenance import Confidence
from her2nav.report.sections import Place, Told, title_of

PARTS: dict[str, Part] = {
    **ask_result.PARTS,
    **ask_treatment.PARTS,
    **ask_safety.PARTS,
    **ask_trials.PARTS,
    **take_along.PARTS,
}
"""Every derivation that an answer can be made of, by the name that `data/questions/` uses."""
LISTED = "her2nav ask --list"
_SHORT = 5
"""A word of no more letters is no misspelt drug."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question.

    Attributes:
        asked: What was asked of whom.
        clinical: The question as a clinician would put it.
        plain: As a patient would put it.
        told: The statements.
        conflicts: Where the sources disagree on what is shown; a plain sentence only where an answer changes.
    """

    asked: Asked
    clinical: str
    plain: str
    told: tuple[Told, ...]
    conflicts: tuple[Conflict, ...]


def ask(derived: Derived, written: str) -> Answer:
    """Answer a question, given by its id or in words.

    Raises:
        UnknownName: Nothing here answers it, or it names no drug or trial where it has to.
        InputError: The record names no tumour type, or the trial is not among those judged.
    """
    found = recognise(written, derived.knowledge)
    if found.question is None:
        raise _unknown(derived, written, found)
    return answer(derived, _with_own(derived, found.question, found, written))


def answer(derived: Derived, asked: Asked) -> Answer:
    """Answer a question that is known, with what it names."""
    question = asked.question
    names = {
        "drug": derived.knowledge.drugs.name(asked.drug) if asked.drug else "",
        "trial": asked.trial or "",
        "score": asked.score or "an IHC score",
    }
    told = tuple(one for line in question.lines if _concerns(line, asked) for one in _told(line, asked))
    told = told or (_nothing(derived),)
    disputed = _disputed(derived, question)
    clinical = _filled(question.clinical, names, "HER2-directed therapy")
    plain = _filled(question.plain, names, "HER2 treatment")
    return Answer(asked, clinical, plain, told, disputed)


def _nothing(derived: Derived) -> Told:
    """Say that nothing is held; an answer is never empty."""
    tumour = derived.knowledge.tumours.types[derived.case.tumour_id or ""]
    return Told(
        f"Nothing is held here on this question for {tumour.name.lower()}, and the record says nothing of it.",
        f"We hold nothing on this for {tumour.plain_name}. Ask your team.",
    )


def _disputed(derived: Derived, question: Question) -> tuple[Conflict, ...]:
    """Return the conflicts on the facts of a question.

    One on a rule of status keeps its plain sentence only where it changes this patient's answer.
    """
    mine = {one.id: one for one in disputed_interpretation(derived.case)}
    found = by_severity(conflicts_for(derived.knowledge, question.facts, derived.case.tumour_id))
    on_rules = [one.id for one in found if all(fact.startswith("rule:") for fact in one.facts)]
    return tuple(
        mine.get(one.id, one.model_copy(update={"plain": None})) if one.id in on_rules else one for one in found
    )


def _filled(text: str, names: dict[str, str], drug: str) -> str:
    return text.format(**{**names, "drug": names["drug"] or drug, "score": names["score"]})


def _unknown(derived: Derived, written: str, found: Recognised) -> UnknownName:
    near = ", ".join(one.id for one in _three(derived, found))
    drugs = [name for word in written.split() if len(word) > _SHORT for name in _near_drugs(derived, word)]
    near = "; ".join(part for part in (f"did you mean {drugs[0]}?" if drugs else "", near) if part)
    return UnknownName(
        f"'{written}' is not among the questions that can be answered here",
        place="QUESTION",
        allowed=f"{near}; all of them: {LISTED}",
        code="unknown_question",
    )


def nearest(derived: Derived, written: str) -> list[tuple[str, str, str]]:
    """Return the three nearest questions: id, words for clinicians, words for patients; what they name in capitals."""
    names = [("{drug}", "DRUG"), ("{trial}", "TRIAL"), ("{score}", "SCORE")]
    found = []
    for one in _three(derived, recognise(written, derived.knowledge)):
        clinical, plain = one.clinical, one.plain
        for place, name in names:
            clinical, plain = clinical.replace(place, name), plain.replace(place, name)
        found.append((one.id, clinical, plain))
    return found


def _three(derived: Derived, found: Recognised) -> list[Question]:
    """Return three questions: those that are near, then those that everybody may ask."""
    book = question_book(derived.knowledge)
    general = [book.questions[name] for name in book.words.always_near]
    return list({one.id: one for one in (*found.near, *general)}.values())[:3]


def _near_drugs(derived: Derived, word: str) -> tuple[str, ...]:
    """Return drugs that a word may misspell."""
    return derived.knowledge.drugs.resolve(word.strip("?!.,;:")).nearest


def _with_own(derived: Derived, question: Question, found: Recognised, written: str) -> Asked:
    """Fill in what a question does not name from the patient's record, where that is clear."""
    drug = found.drug if question.slot == "drug" else None
    if question.slot == "drug" and question.needs_slot and drug is None:
        own = derived.own_drugs
        if len(own) != 1:
            example = derived.knowledge.drugs.name(own[0]) if own else "a drug"
            near = [name for word in written.split() for name in _near_drugs(derived, word)]
            raise UnknownName(
                "the question names no drug that is known",
                place="QUESTION",
                allowed=f"did you mean {near[0]}?" if near else f"for example '{question.id} {example}'",
                code="unknown_question",
            )
        (drug,) = own
    if question.slot == "trial" and found.trial is None:
        raise UnknownName(
            "the question names no trial",
            place="QUESTION",
            allowed=f"a registry number, for example '{question.id} {derived.session.trials[0].record.nct_id}'",
            code="unknown_question",
        )
    score = found.score if question.slot == "score" else None
    if question.slot == "score" and score is None:
        score = _own_score(derived)
    return Asked(derived, question, drug, found.trial if question.slot == "trial" else None, score)


def _own_score(derived: Derived) -> str | None:
    her2 = derived.case.her2
    for one in her2.specimens if her2 is not None else ():
        if her2 is not None and one.path in her2.overall.standing and one.ihc_called:
            return one.ihc_called[0].split("_")[0]
    return None


# --- lines ----------------------------------------------------------------------------------------------------------


def _concerns(line: Line, asked: Asked) -> bool:
    """True when the conditions of a line hold of the patient and of what was asked."""
    case, her2 = asked.derived.case, asked.derived.case.her2
    wider = case.knowledge.tumours.wider(case.tumour_id) if case.tumour_id is not None else frozenset()
    status = her2.overall.status.shown if her2 is not None else "unknown"
    expression = her2.overall.expression.shown if her2 is not None else "unknown"
    mutation = her2.mutation.value if her2 is not None else "unknown"
    return (
        (not line.tumours or bool(wider.intersection(line.tumours)))
        and (not line.status or status in line.status)
        and (not line.expression or expression in line.expression)
        and (not line.mutation or mutation in line.mutation)
        and (not line.scores or asked.score in line.scores)
    )


def _told(line: Line, asked: Asked) -> Iterator[Told]:
    if line.part is not None:
        yield from PARTS[line.part](asked)
        return
    if line.figure is None:
        checked = question_book(asked.derived.knowledge).checked_on[asked.question.id].isoformat()
        places = tuple(_place(one, line.confidence, checked) for one in line.cite)
        yield Told(line.clinical, line.plain, places, numbers=line.numbers, unverified=line.confidence.unverified)
        return
    figure = next((one for one in library(asked.derived.knowledge).figures if one.id == line.figure), None)
    if figure is None:
        raise DataError(f"no figure is called '{line.figure}'", place=asked.question.id)
    values = {name: _number(getattr(figure, name)) for name in ("value", "low", "high")}
    places = tuple(_place(one, figure.confidence, None) for one in figure.cite)
    said = {**values, "says": figure.says or ""}
    yield Told(
        line.clinical.format(**said),
        line.plain.format(**said),
        places,
        numbers=line.numbers,
        unverified=figure.confidence.unverified,
    )


def _number(value: Decimal | None) -> str:
    return f"{value.normalize():f}" if value is not None else ""


def _place(citation: str, confidence: Confidence, checked: str | None) -> Place:
    source, locator = source_of(citation), locator_of(citation)
    return Place(source, locator, confidence.value, confidence.unverified, checked)


# --- JSON -----------------------------------------------------------------------------------------------------------


def ask_json(derived: Derived, found: Answer) -> shapes.AskAnswer:
    """Return an answer in its documented shape."""
    asked = found.asked
    return shapes.AskAnswer(
        patient=derived.case.patient.id,
        as_of=derived.case.as_of.isoformat(),
        question=asked.question.id,
        asks=PhraseItem(clinical=found.clinical, plain=found.plain),
        drug=asked.drug,
        trial=asked.trial,
        score=asked.score,
        statements=statements(found.told, derived.session),
        conflicts=[conflict(one) for one in found.conflicts],
        next=list(asked.question.next),
        warnings=list(derived.read.warnings),
        versions=Versions.model_validate(derived.versions),
    )


def statements(told: Iterable[Told], session: Session) -> list[shapes.StatementItem]:
    """Return statements as plain data."""
    return [
        shapes.StatementItem(
            clinical=one.clinical,
            plain=one.plain,
            numbers=one.numbers,
            unverified=one.unverified,
            sources=[
                shapes.PlaceItem(
                    source=place.source,
                    title=title_of(place.source, session.knowledge.sources),
                    locator=place.locator,
                    confidence=place.confidence,
                    unverified=place.unverified,
                    checked_on=place.checked_on,
                )
                for place in one.places
            ],
            evidence=[EvidenceItem(path=item.path, value=item.value, date=item.date) for item in one.record],
            items=statements(one.items, session),
        )
        for one in told
    ]


def listed(session: Session) -> shapes.QuestionList:
    """Return every question that can be asked, by subject."""
    groups = [
        shapes.QuestionGroup(
            clinical=file.group.clinical,
            plain=file.group.plain,
            questions=[_question(one) for one in file.questions],
        )
        for file in question_book(session.knowledge).files
    ]
    return shapes.QuestionList(groups=groups, versions=Versions.model_validate(session.versions(trials=False)))


def _question(one: Question) -> shapes.QuestionItem:
    names: Sequence[str] = [one.slot] if one.slot else []
    return shapes.QuestionItem(
        question=one.id,
        clinical=one.clinical,
        plain=asked_of(one, names),
        names=one.slot,
        phrasings=list(one.phrasings),
    )
