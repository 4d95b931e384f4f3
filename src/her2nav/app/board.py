"""`board`: a pack for a tumour board: the agenda with what is outstanding, then one page for each case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from her2nav.app.ask_result import Asked, status, status_flags, test_told
from her2nav.app.ask_safety import drug_warnings
from her2nav.app.ask_trials import nothing, trial_told
from her2nav.app.board_decisions import Decision, Decisions
from her2nav.app.derived import Derived
from her2nav.app.patient_source import patient_of
from her2nav.app.report import timeline_section
from her2nav.app.session import Session
from her2nav.app.what_if import what_if
from her2nav.knowledge.questions import question_book, supposed_results
from her2nav.matching.changed import Effect
from her2nav.model.errors import FileError, InputError
from her2nav.model.provenance import Provenance
from her2nav.model.tree import leaves
from her2nav.model.truth import Truth
from her2nav.report.option_words import option_words
from her2nav.report.pages import render
from her2nav.report.phrases import closing_lines, day, status_line, verdict_line
from her2nav.report.sections import Page, Paper, Place, Section, Table, Told, of_provenance, sources_section
from her2nav.testing.results import Item
from her2nav.therapy.options import Category

SUFFIXES = (".yaml", ".yml", ".json")
_TRIALS = 3
_OPTIONS = 6
_LINES = 2
_EFFECTS = {
    Effect.FITS: "then fit",
    Effect.OPENS: "open",
    Effect.CLOSES: "close",
    Effect.PAUSES: "pause",
    Effect.CLEARER: "become clearer",
}
_HER2_KINDS = frozenset({"her2_status", "her2_amplification", "her2_mutation"})


@dataclass(frozen=True, slots=True)
class BoardCase:
    """A case of the pack.

    Attributes:
        name: How the pack calls it: the patient's id, with the file's name where two share one.
        derived: The patient with every answer.
        order: The test to order before the meeting; None: nothing is due.
        decides: What that test decides, in words.
    """

    name: str
    derived: Derived
    order: Item | None
    decides: str

    @property
    def asked(self) -> str:
        """What the pack asks of the board about it."""
        return self.order.clinical if self.order is not None else "Choice of treatment"


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that could not be read or judged; it stands on the agenda all the same."""

    file: str
    why: str


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack before it is written.

    Attributes:
        meeting: Day of the meeting.
        cases: In the order of the agenda: those with a test to order first.
        refused: Files that could not be used.
        decisions: What earlier meetings left.
    """

    meeting: date
    cases: tuple[BoardCase, ...]
    refused: tuple[Refused, ...]
    decisions: Decisions


def case_files(paths: Iterable[Path], apart: Path) -> list[Path]:
    """Return the patient files: those named, and those in the folders named, sorted; the file of decisions left out.

    Raises:
        FileError: A path does not exist.
        InputError: No patient file is found.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(one for one in path.iterdir() if one.suffix.lower() in SUFFIXES and one.is_file())
        elif path.exists():
            found.append(path)
        else:
            raise FileError("no such file", file=str(path), code="no_such_file")
    kept = [one for one in dict.fromkeys(found) if one.resolve() != apart.resolve()]
    if not kept:
        raise InputError("no patient file is found", allowed="a folder of patient files (.yaml, .json), or files")
    return kept


def pack(
    session: Session,
    files: Sequence[Path],
    meeting: date,
    decisions: Decisions,
    country: str | None = None,
    tick: Callable[[int, int], None] | None = None,
) -> Pack:
    """Judge every case as on the day of the meeting, or today where that lies ahead.

    Args:
        session: Knowledge, trials, clock.
        files: Patient files.
        meeting: Day of the meeting.
        decisions: Of earlier meetings.
        country: Whose labels count; None: as on each record.
        tick: Told how many cases are done, and of how many.

    Raises:
        InputError: None of the files could be used.
    """
    on = min(meeting, session.today())
    cases: list[BoardCase] = []
    refused: list[Refused] = []
    for number, file in enumerate(files, 1):
        try:
            derived = Derived(session, patient_of(session, file, on), country)
            cases.append(_case(derived, file, {one.name for one in cases}))
        except InputError as problem:
            refused.append(Refused(file.name, str(problem)))
        if tick is not None:
            tick(number, len(files))
    if not cases:
        raise InputError(f"none of the {len(files)} files can be used; the first: {refused[0].why}")
    order = sorted(cases, key=lambda one: one.order is None)
    return Pack(meeting, tuple(order), tuple(refused), decisions)


def _case(derived: Derived, file: Path, taken: set[str]) -> BoardCase:
    name = derived.case.patient.id or file.stem
    while name in taken:
        name = f"{name} ({file.stem})" if f"{name} ({file.stem})" not in taken else f"{name}+"
    order = _order(derived)
    return BoardCase(name, derived, order, _decides(derived, order))


def _order(derived: Derived) -> Item | None:
    """Return the test to order first: a HER2 test that a decision waits for, else the first that is due."""
    due = derived.due
    needed = [item for item in due if item.group == "her2" and item.strength == "needed"]
    strong = [item for item in due if item.strength != "consider"]
    return next(iter((*needed, *strong)), None)


def _decides(derived: Derived, order: Item | None) -> str:
    """Say what a test decides: its first reason, and the labels and trials that wait for HER2."""
    if order is None:
        open_, fit = len(derived.open_options()), len(derived.trials)
        choice = _number(open_, "label or recommendation", "labels or recommendations")
        return f"no test is due; open on this record: {choice}, and {_number(fit, 'trial')} that may fit"
    why = order.reasons[0].clinical.rstrip(".")
    if order.group != "her2":
        return why
    labels = {
        one.approval.regimen
        for one in derived.open_options()
        if any(gate.gate.about == "her2" for gate in one.label.with_truth(Truth.UNKNOWN))
    }
    waiting = [
        match
        for match in derived.trials
        if any(
            _HER2_KINDS & {leaf.kind for leaf in leaves(item.criterion.node)}
            for item in match.criteria
            if item.truth is Truth.UNKNOWN
        )
    ]
    counts = f"{_number(len(labels), 'label')} and {_number(len(waiting), 'trial')}"
    then = "".join(f"; {line}" for line in _supposed(derived, order.test))
    return f"{why}; {counts} wait for HER2{then}"


def _number(count: int, one: str, more: str = "") -> str:
    """Return a number of things in words."""
    return f"{count or 'no'} {one if count == 1 else more or one + 's'}"


def _supposed(derived: Derived, test: str) -> Iterator[str]:
    """Say what each result of a test would do to the trials."""
    for result in supposed_results(derived.knowledge, test):
        found = what_if(derived.session, derived.case, derived.matched.chosen.compiled, result.suppose)
        told = [f"{count} {word}" for effect, word in _EFFECTS.items() if (count := len(found.with_effect(effect)))]
        yield f"trials if {result.says}: {', '.join(told) if told else 'no change'}"


# --- the page ---------------------------------------------------------------------------------------------------


def pack_page(found: Pack, session: Session, paper: Paper = "A4") -> str:
    """Return the pack as one page to print: the agenda, then a sheet for each case."""
    sections = [*_agenda(found)]
    sections += [_sheet(one, number, found) for number, one in enumerate(found.cases, 1)]
    sources = sources_section("Sources", sections, session.knowledge.sources, "clinical")
    warnings = [f"Warning, {one.name}: {line}" for one in found.cases for line in one.derived.read.warnings]
    lung = any(one.derived.lung for one in found.cases)
    page = Page(
        title=f"Tumour board, {day(found.meeting)}",
        subtitle=f"{len(found.cases)} cases, judged as on {day(found.cases[0].derived.case.as_of)}",
        register="clinical",
        sections=(*sections, _fresh(sources)),
        versions=session.versions(snapshot=found.cases[0].derived.matched.chosen.snapshot),
        closing=tuple(closing_lines(session.knowledge.words, "clinical", lung=lung)),
        foot=tuple(warnings),
        paper=paper,
        contents=False,
        dense=True,
    )  # fmt: skip
    return render(page, session.knowledge)


def _fresh(section: Section) -> Section:
    return replace(section, fresh=True)


def _agenda(found: Pack) -> Iterable[Section]:
    left = found.decisions.outstanding(found.meeting)
    if left:
        yield Section(
            "outstanding",
            f"Outstanding from earlier meetings ({len(left)})",
            tables=(_outstanding(left, found.meeting),),
        )
    rows = tuple(_row(number, one) for number, one in enumerate(found.cases, 1))
    table = Table(
        "One row for each case, those with a test to order first",
        ("Case", "Tumour", "HER2 status", "Order before the meeting", "What it decides"),
        rows,
    )
    told = tuple(Told(f"Not in the pack: {one.file}. {one.why}", strong=True) for one in found.refused)
    yield Section("agenda", "Agenda", told, tables=(table,))


def _outstanding(left: Sequence[Decision], meeting: date) -> Table:
    rows = []
    for one in left:
        state = f"decided: {one.decision}" if one.decision else "NO DECISION RECORDED"
        due = day(one.due) if one.due else "no day set"
        late = " (overdue)" if one.due and one.due < meeting else ""
        rows.append(
            (one.case, day(one.meeting), one.asked or "not stated", state, one.owner or "nobody", f"{due}{late}")
        )
    return Table("Not done, or not decided", ("Case", "Meeting", "Asked", "Decision", "Owner", "Due"), tuple(rows))


def _row(number: int, one: BoardCase) -> tuple[str, ...]:
    case = one.derived.case
    words, tumour = case.knowledge.words, case.knowledge.tumours.types[case.tumour_id or ""]
    if one.order is None:
        # What is only to be considered is for the board itself, not to be ordered before it meets.
        maybe = "; ".join(item.clinical for item in one.derived.due)
        order = f"nothing; to consider: {maybe}" if maybe else "nothing is due"
    else:
        on = "; ".join(target.clinical for target in one.order.targets)
        order = f"{one.order.clinical}" + (f" on {on}" if on else "") + f" ({one.order.effort})"
    said = "no HER2 rule is held"
    if case.her2 is not None:
        overall = case.her2.overall
        said = words.status.get(overall.status.shown, words.status["unknown"]).clinical
        if overall.expression.shown in ("low", "ultralow"):
            said += f", {words.expression[overall.expression.shown].clinical}"
        if case.her2.mutation.value == "found":
            said += ", ERBB2 variant reported"
        if case.her2.plasma.clinical:
            said += f", {case.her2.plasma.clinical}"
        if not overall.status.final and overall.status.value in ("positive", "negative"):
            said += " (not final)"
    return (f"{number}. {one.name}", tumour.name, said, order, one.decides)


def _sheet(one: BoardCase, number: int, found: Pack) -> Section:
    """Return the page of a case, with the box for the decision."""
    derived, prefix = one.derived, f"case-{number}-"
    asked = Asked(derived, question_book(derived.knowledge).questions["monitoring"])
    case = derived.case
    tumour = case.knowledge.tumours.types[case.tumour_id or ""].name
    earlier = tuple(
        Told(
            f"{day(item.meeting)}: {item.asked or 'not stated'}: {item.decision or 'no decision recorded'}"
            + (f"; {item.owner}" if item.owner else "")
            + (f"; done {day(item.done)}" if item.done else "; not done")
        )
        for item in found.decisions.of(one.name)
        if item.meeting < found.meeting
    )
    parts = [
        timeline_section(derived, "clinical", prefix, brief=True),
        Section(f"{prefix}tests", "What to find out", tuple(_tests(asked))),
        Section(f"{prefix}options", "Options and the doors they close", tuple(_options(derived))),
        Section(f"{prefix}trials", "Trials", _trials(derived)),
    ]
    warnings = tuple(drug_warnings(asked))
    if warnings:
        parts.append(Section(f"{prefix}warnings", "Values that ask for action", warnings))
    if earlier:
        parts.append(Section(f"{prefix}earlier", "Earlier decisions", earlier))
    parts.append(_box(one, found, prefix))
    first = (*status(asked), *(told for told in status_flags(asked) if told.strong))
    return Section(f"case-{number}", f"{number}. {one.name}: {tumour}", tuple(first), parts=tuple(parts), fresh=True)


def _tests(asked: Asked) -> Iterator[Told]:
    """Return the tests that are due with their first reason, and those that depend on something in one line."""
    for item in asked.derived.due:
        told = test_told(item)
        yield replace(told, items=tuple(one for one in told.items if one.clinical)[:_LINES])
    perhaps = [item for item in asked.derived.plan.now if not item.certain]
    if perhaps:
        first = dict.fromkeys(phrase.clinical for item in perhaps for phrase in item.depends_on)
        names = "; ".join(item.clinical for item in perhaps)
        yield Told(f"Perhaps: {names}" + (f" (depends on: {'; '.join(first)})." if first else "."))
    if not asked.derived.plan.now:
        yield Told("No test is due on this record.")


def _options(derived: Derived) -> Iterator[Told]:
    """Return one line for each option: what stands behind it, what is open, what it closes if given today."""
    words = option_words(derived.knowledge)
    found = derived.open_options()
    for option in found[:_OPTIONS]:
        item, closes = option.approval, derived.options.closes.get(option.approval.id)
        parts = [f"{words.category[option.category.value].clinical.split(' (')[0]}: {item.regimen}"]
        wanted = "; ".join(change.what.rstrip(".") for change in option.to_find_out)
        parts += [f"find out: {wanted}"] if wanted else []
        if closes is not None and (closes.labels or closes.trials):
            labels = f"{len(closes.labels)} label{'' if len(closes.labels) == 1 else 's'}" if closes.labels else ""
            shut = " and ".join(part for part in (labels, ", ".join(closes.trials)) if part)
            parts.append(f"given today it closes {shut}")
        yield Told(f"{'. '.join(part[:1].upper() + part[1:] for part in parts)}.", places=_short(item.provenance))
    if len(found) > _OPTIONS:
        yield Told(f"{len(found) - _OPTIONS} more: her2nav options.")
    unfit = derived.options.advice.of(Category.NOT_SUITABLE)
    if not found:
        yield Told("No label and no recommendation held here fits or may fit on this record.")
    yield Told(f"Not suitable on this record: {len(unfit)} (her2nav options says why).")


def _short(lines: Iterable[Provenance]) -> tuple[Place, ...]:
    """Return the documents of a fact, each once; the places in them stand in the patient's report."""
    return tuple(
        {
            one.source: Place(one.source, "", one.confidence, one.unverified, one.checked_on)
            for one in of_provenance(lines)
        }.values()
    )


def _trials(derived: Derived) -> tuple[Told, ...]:
    """Return the first trials about HER2, with two open points each."""
    answer = derived.matched
    chosen = list(dict.fromkeys([*derived.her2_trials, *derived.trials]))[:_TRIALS]
    if not chosen:
        return tuple(nothing(answer))
    words, limit = derived.knowledge.words, answer.status_limit_days
    told = []
    for match in chosen:
        whole = trial_told(answer, match, points=2)
        open_ = "; ".join(
            one.clinical.removeprefix("Open: ") for one in whole.items if one.clinical.startswith("Open: ")
        )
        verdict = f"{verdict_line(match, words, 'clinical')}. {status_line(match, derived.case.as_of, limit)}"
        told.append(Told(f"{whole.clinical}. {verdict}." + (f" Open: {open_}." if open_ else ""), places=whole.places))
    more = len(derived.trials) - len(chosen)
    return (*told, *([Told(f"{more} more fit or may fit: her2nav match.")] if more > 0 else []))


def _box(one: BoardCase, found: Pack, prefix: str) -> Section:
    known = next(iter(found.decisions.of(one.name, found.meeting)), None)
    decision = known.decision if known else None
    return Section(
        f"{prefix}decision",
        "Decision",
        boxes=(
            ("Asked", one.asked),
            ("Decision", decision or ""),
            ("Owner", (known.owner if known else None) or ""),
            ("Date", day(known.due) if known and known.due else ""),
        ),
        keep=True,
    )
