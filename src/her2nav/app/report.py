"""`report`: everything about one patient on one page; and the pages of single answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

from her2nav.app.ask import Answer
from her2nav.app.ask_result import Asked, next_tests, specimens, status, status_flags
from her2nav.app.ask_result import mutation as mutation_told
from her2nav.app.ask_safety import baseline, calendar, drug_warnings, lung_line, risks, symptoms
from her2nav.app.ask_treatment import option_told, options_missing
from her2nav.app.ask_trials import first_facts, nothing, trial_told
from her2nav.app.derived import Derived
from her2nav.app.take_along import TITLE, take_along
from her2nav.knowledge.questions import question_book
from her2nav.matching.results import Match
from her2nav.report.option_words import head_lines, option_words
from her2nav.report.pages import render
from her2nav.report.phrases import Register, closing_lines, day, status_line, verdict_line
from her2nav.report.sections import Page, Paper, Section, Table, Told, conflict_told, once, sources_section, written_day
from her2nav.report.timeline import entries, timeline_svg
from her2nav.therapy.options import Category

MOST_TRIALS = {"clinical": 10, "plain": 5}
"""Trials that are shown, by register; a patient reads few to the end."""
_POINTS = {"clinical": 5, "plain": 3}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_GROUPS = (Category.ON_LABEL, Category.GUIDELINE, Category.UNKNOWN)
_WORDS: dict[str, tuple[str, str]] = {
    "title": ("HER2 report: {name}", "Your HER2 report"),
    "status": ("HER2 status", "Your HER2 result"),
    "timeline": ("Specimens and therapies over time", "Your samples and treatments over time"),
    "next": ("What to find out next", "What to find out next"),
    "options": ("Options", "Treatments that may be a choice"),
    "trials": ("Trials", "Studies that may fit"),
    "monitoring": ("Monitoring", "Staying safe"),
    "disputed": ("Where the sources disagree", "Where what we read does not agree"),
    "sources": ("Sources", "Where this comes from"),
    "take_along": ("Questions to settle", "Questions to take with you"),
}


def report_page(derived: Derived, register: Register, paper: Paper = "A4", *, numbers: bool = False) -> str:
    """Return everything about a patient as one page.

    Args:
        derived: The patient with every answer.
        register: For clinicians or for the patient.
        paper: The sheet it is printed on.
        numbers: Show a patient the numbers of studies too.

    Raises:
        InputError: The record names no tumour type.
    """
    parts = [*report_sections(derived, register)]
    parts.append(sources_section(_word("sources", register), parts, derived.knowledge.sources, register))
    if register == "plain":
        parts += [Section("take-along", _word("take_along", register), parts=_lowered(take_along(derived)), fresh=True)]
    page = _page(derived, _word("title", register, name=derived.name), parts, register, paper)
    return render(replace(page, explained=True), derived.knowledge, numbers=numbers)


def report_sections(
    derived: Derived, register: Register, prefix: str = "", left_out: Collection[str] = ()
) -> Iterator[Section]:
    """Yield the parts of a report.

    Args:
        derived: The patient with every answer.
        register: For whom.
        prefix: Keeps the anchors of several patients on one page apart.
        left_out: Ids of parts that are not asked for, without the prefix; nothing is worked out for them.
    """
    asked = _asked(derived)
    parts: dict[str, Callable[[], Section]] = {
        "status": lambda: _status(derived, asked, register, prefix),
        "timeline": lambda: timeline_section(derived, register, prefix),
        "next": lambda: _next(asked, register, prefix),
        "options": lambda: _options(derived, asked, register, prefix),
        "trials": lambda: _trials(derived, register, prefix),
        "monitoring": lambda: _monitoring(asked, register, prefix),
    }
    for name, part in parts.items():
        if name not in left_out:
            yield part()
    yield from _disputed(derived, register, prefix)


def _status(derived: Derived, asked: Asked, register: Register, prefix: str) -> Section:
    first = (*status(asked), *(one for one in status_flags(asked) if one.strong))
    return Section(
        f"{prefix}status",
        _word("status", register),
        (*first, *specimens(asked), *mutation_told(asked)),
        cards=_cards(derived, register),
    )


def _next(asked: Asked, register: Register, prefix: str) -> Section:
    facts = _pick(register, "Facts that settle most trials", "Facts for the studies")
    return Section(
        f"{prefix}next",
        _word("next", register),
        parts=(
            Section(f"{prefix}tests", "Tests", tuple(next_tests(asked))),
            Section(f"{prefix}facts", facts, tuple(first_facts(asked))),
        ),
    )


def _asked(derived: Derived, drug: str | None = None) -> Asked:
    return Asked(derived, question_book(derived.knowledge).questions["monitoring"], drug)


def _word(key: str, register: Register, **values: str) -> str:
    return _pick(register, *_WORDS[key]).format(**values)


def _pick(register: Register, clinical: str, plain: str) -> str:
    return plain if register == "plain" else clinical


def _cards(derived: Derived, register: Register) -> tuple[tuple[str, str, str], ...]:
    """Return status, expression and variants in a few words each."""
    her2, words = derived.case.her2, derived.knowledge.words
    if her2 is None:
        return ()
    status, expression = her2.overall.status, her2.overall.expression
    told = words.status.get(status.shown, words.status["unknown"])
    amount = words.expression.get(expression.word, words.expression["unknown"])
    short = told.plain.split(".")[0]
    found = [
        (_pick(register, "Status", "Result"), _pick(register, told.clinical, short), status.shown),
        (_pick(register, "Expression", "Amount"), _pick(register, amount.clinical, amount.plain), status.shown),
    ]
    if her2.mutation.value == "found":
        count = len(her2.mutation.variants)
        found.append((_pick(register, "ERBB2 variants", "Changes in the gene"), f"{count} reported", ""))
    if her2.plasma.clinical:
        blood = _pick(register, "ERBB2 amplified", "Extra copies of the HER2 gene")
        found.append((_pick(register, "Plasma", "Blood test"), blood, ""))
    return tuple(found)


def timeline_section(derived: Derived, register: Register, prefix: str = "", *, brief: bool = False) -> Section:
    """Return specimens and therapies over time, as a picture and, unless brief, in a table."""
    case = derived.case
    if case.her2 is None:
        return Section(
            f"{prefix}timeline", _word("timeline", register), lead=("No HER2 rule is held for this tumour.",)
        )
    items = entries(case.patient, case.her2, case.as_of, register)
    svg = timeline_svg(items, case.as_of, derived.name) or ""
    if prefix:
        svg = svg.replace("timeline-title", f"{prefix}timeline-title").replace(
            "timeline-desc", f"{prefix}timeline-desc"
        )
    table = Table(
        _pick(register, "The same as a table", "The same in words"),
        ("When", "What"),
        tuple((_DAY.sub(lambda found: written_day(found[0]), item.when), item.says) for item in items),
    )
    legend = _pick(
        register,
        "Diamond positive, circle negative, triangle in between, square unknown; dashed: not final. Bars: therapies.",
        "Diamond: positive. Circle: negative. Triangle: in between. Bars: treatments.",
    )
    return Section(
        f"{prefix}timeline",
        _word("timeline", register),
        tables=(table,) if items and not (brief and svg) else (),
        svg=svg,
        quiet=(() if brief else (legend,)) if svg else ("The record holds no dated specimen and no dated therapy.",),
    )


def _options(derived: Derived, asked: Asked, register: Register, prefix: str) -> Section:
    answer, words = derived.options, option_words(derived.knowledge)
    lines = tuple(
        Told(one.clinical, one.plain) for one in head_lines(answer.advice, words, assumed=answer.assumed_country)
    )
    parts = []
    for category in _GROUPS:
        found = answer.advice.of(category)
        if found:
            said = words.category[category.value]
            parts.append(
                Section(
                    f"{prefix}options-{category.value.replace('_', '-')}",
                    _pick(register, said.clinical, said.plain),
                    tuple(option_told(asked, one) for one in found),
                )
            )
    unfit = answer.advice.of(Category.NOT_SUITABLE)
    if unfit:
        said = words.category[Category.NOT_SUITABLE.value]
        told = tuple(
            Told(f"{one.approval.regimen}: {one.against[0] if one.against else 'not met'}")
            for one in unfit
            if not one.other_setting
        )
        count = sum(one.other_setting for one in unfit)
        other = words.lines["other_setting"].clinical.format(
            n=count, names="; ".join(dict.fromkeys(one.approval.regimen for one in unfit if one.other_setting))
        )
        parts.append(
            Section(
                f"{prefix}options-not-suitable",
                _pick(register, said.clinical, said.plain),
                (
                    *told,
                    *([Told(other)] if count else []),
                    Told("", f"{len(unfit)} treatments. Your team can say why."),
                ),
            )
        )
    missing = tuple(options_missing(asked))
    if not parts or len(parts) == bool(unfit):
        lines += (
            Told(
                "No label and no recommendation held here fits or may fit on this record.",
                "We hold no HER2 treatment that fits your record today. Your team may know more.",
            ),
        )
    return Section(f"{prefix}options", _word("options", register), (*lines, *missing), parts=tuple(parts))


def _trials(derived: Derived, register: Register, prefix: str) -> Section:
    """Return the first trials with their open facts, HER2 trials first; why none fits where none does."""
    answer = derived.matched
    chosen = list(dict.fromkeys([*derived.her2_trials, *derived.trials]))[: MOST_TRIALS[register]]
    words, limit = derived.knowledge.words, answer.status_limit_days
    judged = len(answer.matches)
    lead = _pick(
        register,
        f"{len(derived.trials)} of {judged} trials judged fit or may fit and are not known to be closed; "
        f"{len(chosen)} are shown, those about HER2 first.",
        f"We looked at {judged} studies. {len(derived.trials)} could fit. You see {len(chosen)} of them here.",
    )
    table = Table(
        _pick(register, "Overview", "At a glance"),
        _pick(register, "Trial|Registry|Verdict|Status", "Study|Number|How it looks|Open or not").split("|"),  # type: ignore[arg-type]
        tuple(
            (
                match.trial.record.title,
                match.trial.record.nct_id,
                verdict_line(match, words, register),
                status_line(match, derived.case.as_of, limit),
            )
            for match in chosen
        ),
    )
    parts = [Section(f"{prefix}overview", table.caption, tables=(table,))] if chosen and register == "clinical" else []
    for number, match in enumerate(chosen, 1):
        told = trial_told(answer, match, points=_POINTS[register])
        title = f"{number}. {match.trial.record.title} ({match.trial.record.nct_id})"
        parts.append(Section(f"{prefix}trial-{number}", title, _with_places(told), quiet=_near(derived, match)))
    none = () if chosen else tuple(nothing(answer))
    return Section(f"{prefix}trials", _word("trials", register), none, (lead,), parts=tuple(parts))


def _with_places(told: Told) -> tuple[Told, ...]:
    """Return what belongs under a trial, its place beside the first line of each register."""
    seen: set[str] = set()
    found = []
    for one in told.items:
        side = "clinical" if one.clinical else "plain"
        found.append(one if side in seen else replace(one, places=told.places, strong=True))
        seen.add(side)
    return tuple(found)


def _near(derived: Derived, match: Match) -> tuple[str, ...]:
    """Say where the nearest recruiting site of a trial of the store is."""
    near = derived.sites.of(match)
    if near.nearest is None:
        return ()
    site, on = near.nearest.site, near.nearest.status_date
    known = f", recruiting on {day(on)}" if on else ", date of its status not known: check"
    return (f"Nearest site: {site.label}, {near.nearest.kilometres:,.0f} km{known}.",)


def _monitoring(asked: Asked, register: Register, prefix: str) -> Section:
    told = (
        *lung_line(asked),
        *drug_warnings(asked),
        *risks(asked),
        *symptoms(asked),
        *baseline(asked),
        *calendar(asked),
    )
    return Section(f"{prefix}monitoring", _word("monitoring", register), once(told))


def _disputed(derived: Derived, register: Register, prefix: str) -> Iterator[Section]:
    found = tuple(conflict_told(one) for one in derived.conflicts if register == "clinical" or one.plain)
    if found:
        yield Section(f"{prefix}disputed", _word("disputed", register), found)


# --- single answers ---------------------------------------------------------------------------------------------


def ask_page(
    derived: Derived, answer: Answer, register: Register, paper: Paper = "A4", *, numbers: bool = False
) -> str:
    """Return the answer to one question as a page."""
    parts = [Section("answer", _pick(register, "Answer", "Answer"), answer.told)]
    told = tuple(conflict_told(one) for one in answer.conflicts if register == "clinical" or one.plain)
    if told:
        parts.append(Section("disputed", _word("disputed", register), told))
    parts.append(sources_section(_word("sources", register), parts, derived.knowledge.sources, register))
    title = answer.plain if register == "plain" else answer.clinical
    return render(_page(derived, title, parts, register, paper), derived.knowledge, numbers=numbers)


def take_along_page(derived: Derived, register: Register, paper: Paper = "A4") -> str:
    """Return the questions to take along as a page with room for notes."""
    title = _pick(register, TITLE.clinical, TITLE.plain)
    notes = Section("notes", "Notes", boxes=(("What was said", ""), ("What happens next", ""), ("Who calls whom", "")))
    return render(_page(derived, title, [*take_along(derived), notes], register, paper), derived.knowledge)


def _lowered(sections: Sequence[Section]) -> tuple[Section, ...]:
    """Return sections with anchors of their own, for use inside another page."""
    return tuple(
        replace(
            one,
            id=f"ask-{one.id}",
            parts=tuple(replace(part, id=f"ask-{part.id}") for part in one.parts),
        )
        for one in sections
    )


def _page(derived: Derived, title: str, parts: Sequence[Section], register: Register, paper: Paper) -> Page:
    case = derived.case
    tumour = case.knowledge.tumours.types[case.tumour_id or ""]
    name = _pick(register, tumour.name, tumour.plain_name)
    warnings = tuple(f"Warning: {line}" for line in derived.read.warnings) if register == "clinical" else ()
    return Page(
        title=title,
        subtitle=f"{name} · {_pick(register, 'judged as on', 'looking at your record as of')} {day(case.as_of)}",
        register=register,
        sections=tuple(one for one in parts if one.told or one.parts or one.tables or one.svg or one.boxes or one.lead),
        versions=derived.versions,
        closing=tuple(closing_lines(case.knowledge.words, register, lung=derived.lung)),
        foot=warnings,
        paper=paper,
        names=tuple(one.trial.record.title for one in derived.matched.matches) if "matched" in derived.__dict__ else (),
    )
