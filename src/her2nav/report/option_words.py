"""Options as phrases in two registers, from one table of words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from her2nav.knowledge.load import Knowledge
from her2nav.knowledge.schema import Country, OptionWords, Wording
from her2nav.report.days import day

if TYPE_CHECKING:
    from her2nav.knowledge.approvals import Dated
    from her2nav.therapy.labels import LabelResult
    from her2nav.therapy.options import Advice

WORDS = "approvals/words.yaml"
_BETWEEN = "some time between"


def option_words(knowledge: Knowledge) -> OptionWords:
    """Return the table of words."""
    return knowledge.record(WORDS, OptionWords)


def dated(when: Dated | None) -> str:
    """Say a day, a month or a year as held, or the two days it lies between.

    >>> from her2nav.knowledge.approvals import Dated
    >>> dated(Dated.model_validate("2021-06")), dated(Dated.model_validate("2018"))
    ('Jun 2021', '2018')
    """
    if when is None:
        return "on a day not held here"
    first, last = when.earliest, when.latest
    if first == last:
        return day(first)
    if (first, last) == (date(first.year, 1, 1), date(first.year, 12, 31)):
        return str(first.year)
    if first.day == 1 and (last + timedelta(days=1)).day == 1 and (first.year, first.month) == (last.year, last.month):
        return f"{first:%b %Y}"
    return f"{_BETWEEN} {day(first)} and {day(last)}"


def _since(when: Dated | None) -> str:
    """Say since when; a first day that lies between two days stands after a comma."""
    if when is None:
        return ""
    text = dated(when)
    return f", begun {text}" if text.startswith(_BETWEEN) else f" since {text}"


def filled(wording: Wording, **values: str) -> Wording:
    """Return a phrase with its placeholders filled in, in both registers."""
    return Wording(clinical=wording.clinical.format(**values), plain=wording.plain.format(**values))


def approval_line(label: LabelResult, words: OptionWords) -> Wording:
    """Say what stands behind an option: kind of approval, since when, and what is not verified."""
    item, status = label.approval, words.status[label.status]
    if item.standing == "approved" and item.wording == "unverified":
        return filled(words.lines["wording_unverified"], when=dated(label.first))
    if item.standing == "approved" and label.held_back:
        return filled(words.lines["date_unverified"], when=dated(label.first))
    if item.standing == "guideline":
        return _recommended(label, words)
    where = "" if item.jurisdiction == "any" else f"{item.jurisdiction}: "
    since = _since(label.since)
    said = filled(status, since=since)
    return Wording(clinical=f"{where}{said.clinical}", plain=said.plain)


def _recommended(label: LabelResult, words: OptionWords) -> Wording:
    """Say that guidelines name it, what is not verified, and which labels cover it."""
    said = words.status["guideline"]
    parts = [words.lines["unverified"]] if label.approval.unverified else []
    found = label.coverage
    kind = "not_checked" if found is None else found.kind
    names = ", ".join(found.labels) if found is not None else ""
    key = f"guideline_{kind}" if kind != "depends" or not names else "guideline_depends_held"
    parts.append(filled(words.lines[key], labels=names))
    note = f" {found.note}" if found is not None and found.note else ""
    return Wording(
        clinical="; ".join((said.clinical, *(one.clinical for one in parts))) + note,
        plain=" ".join((said.plain, *(one.plain for one in parts))),
    )


def country_name(advice: Advice, knowledge: Knowledge) -> str:
    """Return the name of the country that was asked for or is on record."""
    rows = knowledge.table("vocabularies/countries.csv", Country)
    return next((row.name for row in rows if row.code == advice.country), advice.country or "this country")


def head_lines(advice: Advice, words: OptionWords, *, assumed: bool) -> list[Wording]:
    """Return what must be said before the list: whose labels, that nothing is held, that nothing is ranked."""
    case = advice.case
    from her2nav.therapy.book import therapy_book

    book = therapy_book(case.knowledge)
    found: list[Wording] = []
    if case.her2 is not None:
        found += [Wording(clinical=one.clinical, plain=one.plain) for one in case.her2.plasma.meaning]
    if assumed and advice.jurisdiction is not None:
        place = book.authorities[advice.jurisdiction]
        text = words.lines["default_country"]
        found.append(Wording(clinical=text.clinical.format(name=place.name), plain=text.plain.format(name=place.plain)))
    if advice.jurisdiction is None:
        known, country = ", ".join(book.authorities), country_name(advice, case.knowledge)
        found.append(filled(words.lines["no_labels"], country=country, known=known))
    if advice.nothing_held and case.tumour_id is not None:
        tumour, text = case.knowledge.tumours.types[case.tumour_id], words.lines["nothing_held"]
        found.append(
            Wording(
                clinical=text.clinical.format(tumour=tumour.name.lower()),
                plain=text.plain.format(tumour=tumour.plain_name),
            )
        )
    found += [Wording(clinical=one.remark.clinical, plain=one.remark.plain) for one in advice.gaps]
    found.append(words.lines["not_ranked"])
    return found
