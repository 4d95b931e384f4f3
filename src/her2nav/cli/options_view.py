"""How options look on a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from her2nav.app.options import Closes, OptionsAnswer
from her2nav.cli.common import console, indented
from her2nav.cli.disputed_view import show_disputed
from her2nav.files.writing import write_whole
from her2nav.knowledge.approvals import BrainRule, IntracranialResult
from her2nav.knowledge.schema import OptionWords, Wording
from her2nav.matching.results import Match
from her2nav.model.errors import InputError
from her2nav.model.truth import Truth
from her2nav.report.ctdna_svg import ctdna_svg
from her2nav.report.option_words import approval_line, country_name, dated, head_lines, option_words
from her2nav.report.phrases import Register, closing_lines, day, status_line, verdict_line
from her2nav.therapy.book import therapy_book
from her2nav.therapy.labels import WORDING_UNVERIFIED
from her2nav.therapy.options import Category, Option
from her2nav.therapy.remarks import Said, terms_of

_FEW = 4
"""Remarks shown for an option unless everything is asked for."""


_ALWAYS = (Category.ON_LABEL, Category.INVESTIGATIONAL)
"""Groups that say so when they are empty; "nothing on label" is no answer where no label is held."""


class _View:
    """One answer on one terminal in one register."""

    def __init__(self, answer: OptionsAnswer, *, plain: bool, full: bool) -> None:
        self.answer = answer
        self.out: Console = console()
        self.plain = plain
        self.full = full
        self.knowledge = answer.case.knowledge
        self.words: OptionWords = option_words(self.knowledge)

    @property
    def register(self) -> Register:
        return "plain" if self.plain else "clinical"

    def said(self, wording: Wording) -> str:
        return wording.plain if self.plain else wording.clinical

    def heading(self, title: str) -> None:
        self.out.print()
        self.out.print(Text(title, "bold underline"))

    def line(self, text: str, columns: int = 4, style: str = "") -> None:
        self.out.print(indented(Text(text, style), columns))


def show_options(answer: OptionsAnswer, versions: dict[str, Any], *, plain: bool = False, full: bool = False) -> None:
    """Print the answer of `options`."""
    view = _View(answer, plain=plain, full=full)
    _head(view)
    for category in Category:
        _category(view, category)
    _elsewhere(view)
    _remarks(view)
    _brain(view)
    _ctdna(view)
    show_disputed(view.out, view.answer.conflicts, view.words.lines["disputed"], plain=view.plain, full=view.full)
    _foot(view, versions)


def write_ctdna(answer: OptionsAnswer, path: Path) -> None:
    """Write the longest series as SVG.

    Raises:
        InputError: The record holds no plasma result.
    """
    series = max(answer.advice.ctdna, key=lambda one: len(one.points), default=None)
    if series is None:
        raise InputError("the record holds no plasma result to plot", place="--ctdna", allowed="ctdna: [...]")
    write_whole(path, [ctdna_svg(series)])


def _head(view: _View) -> None:
    advice, case = view.answer.advice, view.answer.case
    name = case.patient.id or "patient"
    place = advice.jurisdiction or country_name(advice, view.knowledge)
    labels = "approvals of" if view.plain else "labels:"
    view.out.print(Text.assemble((f"Options for {name}", "bold"), f" · as of {day(case.as_of)} · {labels} {place}"))
    tumour = case.knowledge.tumours.types[case.tumour_id or ""]
    view.out.print(f"Your cancer: {tumour.plain_name}" if view.plain else tumour.name)
    for line in head_lines(advice, view.words, assumed=view.answer.assumed_country):
        view.line(view.said(line), 0, "yellow")


def _category(view: _View, category: Category) -> None:
    found = view.answer.advice.of(category)
    trials = view.answer.trials if category is Category.INVESTIGATIONAL else ()
    hidden = [one for one in found if one.other_setting and category is Category.NOT_SUITABLE]
    shown = found if view.full else [one for one in found if one not in hidden]
    always = (Category.INVESTIGATIONAL,) if view.answer.advice.jurisdiction is None else _ALWAYS
    if not found and not trials and category not in always:
        return
    view.heading(f"{view.said(view.words.category[category.value])} ({len(found) + len(trials)})")
    if not found and not trials:
        view.line(view.said(view.words.lines["empty"]), 2)
    for option in shown:
        _option(view, option)
    for match in trials:
        _trial(view, match)
    if hidden and not view.full:
        names = "; ".join(dict.fromkeys(one.approval.regimen for one in hidden))
        text = view.said(view.words.lines["other_setting"]).format(n=len(hidden), names=names)
        view.line(text, 2, "dim")


def _option(view: _View, option: Option) -> None:
    item, label = option.approval, option.label
    title = f"{item.regimen}: {item.plain}" if view.plain else f"{item.regimen}  [{item.id}]"
    now = f"  ({view.said(view.words.lines['given_now'])})" if option.given_now else ""
    view.out.print(indented(Text.assemble("• ", (title, "bold"), (now, "cyan")), 1))
    view.line(view.said(approval_line(label, view.words)), 4, "" if not label.held_back else "yellow")
    if option.category is Category.NOT_SUITABLE:
        _why_not(view, option)
    else:
        _gates(view, option)
    if option.category is Category.NOT_SUITABLE and not view.full:
        return
    _details(view, option)


def _why_not(view: _View, option: Option) -> None:
    if view.plain:
        told = [reason.plain for reason in option.reasons if reason.decides]
        told += [said.remark.plain for said in option.remarks if said.decides]
        asks = view.words.lines["asks_for"].plain
        # What nobody can change comes first: a HER2-negative tumour does not need the earlier treatment either.
        against = sorted(option.label.with_truth(Truth.NOT_MET), key=lambda gate: gate.gate.about != "her2")
        told += [asks.format(gate=gate.gate.plain) for gate in against]
        for text in dict.fromkeys(told if view.full else told[:1]):
            view.line(f"✘ {text}")
        return
    for text in option.against if view.full else option.against[:3]:
        view.line(f"✘ {text}")


def _gates(view: _View, option: Option) -> None:
    met = option.label.with_truth(Truth.MET)
    if met and not view.full:
        names = ", ".join(gate.gate.plain if view.plain else gate.gate.clinical for gate in met)
        view.line(f"✔ {names}")
    for gate in option.label.gates:
        if gate.truth is Truth.MET and not view.full:
            continue
        sign = {Truth.MET: "✔", Truth.NOT_MET: "✘", Truth.UNKNOWN: "?"}[gate.truth]
        if view.plain:
            if gate.finding.code == WORDING_UNVERIFIED and gate.as_read is Truth.NOT_MET:
                view.line(f"{sign} {gate.gate.plain}: {view.words.lines['not_as_read'].plain}")
            elif gate.finding.code != WORDING_UNVERIFIED:
                view.line(f"{sign} {gate.gate.plain}" + (": not known yet" if gate.truth is Truth.UNKNOWN else ""))
            continue
        change = gate.finding.change
        ask = f" -> {change.what}" if gate.truth is Truth.UNKNOWN and change is not None else ""
        view.line(f"{sign} {gate.gate.clinical}: {gate.finding.reason}{ask} [{gate.confidence.value}]")


def _details(view: _View, option: Option) -> None:
    item = option.approval
    for reason in option.reasons:
        if not reason.decides:
            mark = " (unverified)" if reason.unverified and not view.plain else ""
            view.line(f"! {reason.plain if view.plain else reason.clinical}{mark}", 4, "yellow")
    remarks = option.remarks if view.full else option.remarks[:_FEW]
    for said in remarks:
        _remark(view, said, 4, "! " if said.remark.effect in ("caution", "against") else "· ")
    if option.specific_first:
        text = view.said(view.words.lines["specific_first"])
        view.line(text.format(labels=", ".join(option.specific_first)), 4, "yellow")
    if view.plain:
        return
    studies = ", ".join(view.knowledge.sources[one].title for one in item.pivotal)
    on = view.answer.case.as_of
    evidence = "; ".join(part for part in (studies, *item.results_on(on)) if part)
    for lead, text in (("evidence", evidence), ("dose", item.dose or ""), ("note", " ".join(item.notes_on(on)))):
        if text:
            view.line(f"{lead}: {text}")
    for product in item.products:
        if product.valid_from.reached(view.answer.case.as_of) is not Truth.NOT_MET:
            view.line(f"also: {product.name} ({dated(product.valid_from)}, {product.confidence.value})")
    # The partners have rules of their own: a tablet against HER2 is not safe because the tablet alone is.
    named = [drug for drug in item.drugs if drug in view.knowledge.drugs.drugs]
    if named:
        view.line(f"safety: her2nav monitor PATIENT --drug {'+'.join(named)}")
    closes = view.answer.closes.get(item.id)
    if closes is not None:
        _closes(view, closes)
    sources = "; ".join(
        f"{line.source}, {line.locator}, {line.confidence.value}"
        + (" unverified" if line.confidence.unverified else "")
        for line in item.provenance
    )
    view.line(f"[{sources}; checked {max(line.checked_on for line in item.provenance)}]", 4, "dim")


def _closes(view: _View, closes: Closes) -> None:
    for lead, names in (
        ("closes labels", closes.labels),
        ("closes trials", closes.trials),
        ("pauses trials", [f"{name} until {until.isoformat()}" for name, until in closes.pauses]),
        ("opens labels", closes.opens_labels),
        ("opens trials", closes.opens_trials),
    ):
        if names:
            why = ", ".join(f"{name} {count}" for name, count in closes.because) if lead == "closes trials" else ""
            view.line(f"given today it {lead}: {', '.join(names)}{f' ({why})' if why else ''}", 4, "magenta")
    if closes.not_recruiting:
        count = len(closes.not_recruiting)
        which = "1 trial that does" if count == 1 else f"{count} trials that do"
        view.line(f"not counted: {which} not recruit, or may not", 4, "dim")


def _trial(view: _View, match: Match) -> None:
    case, record = view.answer.case, match.trial.record
    limit = view.knowledge.words.status_age_limit_days
    view.out.print(indented(Text.assemble("• ", (record.title, "bold"), f"  {record.nct_id}"), 1))
    view.line(verdict_line(match, view.knowledge.words, view.register))
    view.line(status_line(match, case.as_of, limit))


def _remark(view: _View, said: Said, columns: int, lead: str) -> None:
    remark = said.remark
    if view.plain:
        mark = " (not checked)" if remark.unverified else ""
        view.line(f"{lead}{remark.plain}{mark}", columns)
        return
    source = "; ".join(f"{line.source}, {line.locator}, {line.confidence.value}" for line in remark.provenance)
    mark = "UNVERIFIED: " if remark.unverified else ""
    level = remark.level.replace("_", " ") + (f", {remark.when}" if remark.when and remark.when != "either" else "")
    text = Text.assemble(lead, (mark, "yellow"), remark.clinical, f" ({level})", (f"  [{source}]", "dim"))
    view.out.print(indented(text, columns))


def _sourced(view: _View, text: str, fact: BrainRule | IntracranialResult) -> None:
    """Print a fact on brain metastases with its sources; one that nobody checked says so."""
    if view.plain:
        view.line(f"{text} (not checked)" if fact.unverified else text, 2)
        return
    source = "; ".join(f"{line.source}, {line.locator}, {line.confidence.value}" for line in fact.provenance)
    mark = "UNVERIFIED: " if fact.unverified else ""
    view.out.print(indented(Text.assemble((mark, "yellow"), text, (f"  [{source}]", "dim")), 2))


def _group(view: _View, title: str, items: Iterable[Said], *, state: bool = False) -> None:
    found = list(items)
    if not found:
        return
    view.heading(title)
    for said in found:
        name = {Truth.MET: "route_met", Truth.UNKNOWN: "route_unknown"}.get(said.truth) if state else None
        known = view.said(view.words.lines[name]) if name is not None else ""
        _remark(view, said, 2, f"• {known}")


def _elsewhere(view: _View) -> None:
    # What is not verified even in its own country is for clinicians.
    labels = [one for one in view.answer.advice.elsewhere if not (view.plain and one.label.held_back)]
    if not labels:
        return
    view.heading("Approved in other places" if view.plain else "Labels of other jurisdictions, open or met")
    places = therapy_book(view.knowledge).authorities
    for one in labels:
        item, says = one.label.approval, view.said(approval_line(one.label, view.words))
        place = places[item.jurisdiction].plain if view.plain else item.jurisdiction
        view.line(f"• {item.regimen} ({place}): {says.removeprefix(f'{item.jurisdiction}: ')}", 2)


def _remarks(view: _View) -> None:
    advice, plain = view.answer.advice, view.plain
    _group(view, "HER2 and the treatment before" if plain else "HER2 as the cause of failure", advice.causes)
    _group(view, "What to ask to be tested" if plain else "What to test at progression", advice.tests)
    _group(view, "Other test results that matter" if plain else "Co-biomarkers", advice.markers)
    if not plain:
        _group(view, "Resistance to the drugs above", advice.mechanisms)
        _group(view, "Combination ideas (ideas, not advice)", advice.ideas)
    _group(view, view.said(view.words.lines["routes"]), advice.routes, state=True)


def _brain(view: _View) -> None:
    brain = view.answer.advice.brain
    if brain.present is not Truth.MET and not brain.remarks:
        return
    view.heading(view.said(view.words.lines["brain_open" if brain.present is Truth.MET else "brain_imaging"]))
    if not view.plain:
        view.line(brain.finding.reason, 2)
    if brain.local:
        view.line(view.said(view.words.lines["local_options"]), 2)
    for one in brain.local:
        sign = "✔" if one.truth is Truth.MET else "?"
        open_ = f" (open: {', '.join(one.open)})" if one.open and not view.plain else ""
        _sourced(view, f"{sign} {one.rule.plain if view.plain else one.rule.clinical}{open_}", one.rule)
    # For patients one line for a drug, and only for a drug that may still be given.
    told = {drug for one in view.answer.advice.options if not one.against for drug in one.approval.key_drugs}
    for result in brain.intracranial:
        if view.plain and result.drug not in told:
            continue
        told.discard(result.drug)
        drug = view.knowledge.drugs.name(result.drug)
        text = (
            f"{drug}: {result.plain}" if view.plain else f"{drug}, {result.study}, {result.population}: {result.result}"
        )
        _sourced(view, f"· {text}", result)
    for said in brain.remarks:
        _remark(view, said, 2, "• ")


def _ctdna(view: _View) -> None:
    if not view.answer.advice.ctdna:
        return
    view.heading("Blood tests for tumour DNA" if view.plain else "ctDNA series")
    for series in view.answer.advice.ctdna:
        view.line(f"• {series.marker}: {series.plain if view.plain else series.reason}", 2)
        if view.plain:
            continue
        shown = ", ".join(
            f"{point.day} {'not detected' if point.detected is False else f'{point.vaf_percent} %'}"
            for point in series.points
        )
        view.line(shown, 4)
        if series.treatment and series.start:
            view.line(f"read against {series.treatment} from {day(series.start)}", 4)
        if len(series.assays) > 1:
            view.line(f"! several assays ({', '.join(series.assays)}): numbers are not comparable", 4, "yellow")


def _foot(view: _View, versions: dict[str, Any]) -> None:
    answer = view.answer
    view.out.print()
    if answer.advice.other_tumours and view.full:
        view.line(view.said(view.words.lines["other_tumours"]).format(n=answer.advice.other_tumours), 0)
    drugs = {drug for one in answer.advice.options if not one.against for drug in one.approval.drugs}
    drugs |= {drug for one in answer.advice.elsewhere for drug in one.label.approval.drugs}
    drugs |= {drug for match in answer.trials for arm in match.trial.record.arms for drug in arm.drugs}
    terms = terms_of({drug for drug in drugs if view.knowledge.drugs.is_term(drug)}, view.knowledge.drugs)
    lung = bool(terms & set(view.knowledge.lung_warning.terms))
    for text in closing_lines(view.knowledge.words, view.register, lung=lung):
        view.out.print(Text(text, "italic"))
    if not view.plain:
        view.out.print(Text(f"her2nav {versions['her2nav']}, knowledge {versions['knowledge']}", "dim"))
