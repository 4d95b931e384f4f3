"""Items of one text gathered into groups: those that "or" joins, and lists that lost their indent under their leads."""

from __future__ import annotations

import itertools
import re

from her2nav.criteria.group_headings import MOST, OF_A_GROUP, names_a_group
from her2nav.criteria.outline import Item, Outline
from her2nav.criteria.scopes import of_part
from her2nav.criteria.statement_nodes import UNWANTED
from her2nav.criteria.statements import Statements
from her2nav.kinds.reading.menopause import definition_at, is_entry, leads_ways
from her2nav.kinds.reading.treatment_listed import leads_times
from her2nav.language.view import View
from her2nav.model.tree import Leaf, leaves

LEAD = re.compile(
    r"(?::|\bfollowing\b[^.:]{0,60}[.:]?|\bdefined (?:as|by)\b[^.:]{0,30}:?|\bbelow[.:]?|(?:criteria|conditions)[.:]|\b(?:except|excepting|exceptions?)(?: (?:of|for|are|include))?(?: the)?)\s*-?\s*$"
)
ANY = re.compile(
    r"\b(?:any|one or more|at least one|(?:any )?(?:one|1)|either|some) of (?:the )?(?:following|these|below)|\bany of\b|\b(?:may|can) (?:be|have)\W*\Z|\beither\b|\bone of\b"
)
DENIES = re.compile(
    r"\W*(?:(?:patients?|participants?|subjects?) )?(?:(?:with|who have|must have|should have|has|have|having|there is) )?(?:no|none|without|absence of|not have|free of)\b"
    r"|\W*(?:patients?|participants?|subjects?) (?:(?:must|should|may|will|do|does) not|cannot) (?:have|have had|suffer|exhibit)\b"
)
"""A lead that shuts out what stands under it."""
_NAMES_SOME = re.compile(r"\b(?:including|includes?|such as|limited to)\b[^.;]{0,40}$")
DEFINED = re.compile(r"\bdefined (?:as|by)\b|\bdefinition\b|\b(?:as|is) follows\b|\bmeans?\b")
OR_LAST = re.compile(r"\bor\s*[:,;.]?\s*$")
OR_FIRST = re.compile(r"(?:-\s?)?(?:and ?/ ?)?or\b(?! (?:more|less|greater|fewer|higher|lower|equal))")
OWN_FORCE = re.compile(
    r"^\W*(?:no|not|none|without|must|at least|more than|able|willing|free)\b|\b(?:must|should|will|allowed|permitted|eligible|excluded|required|may|negative|adequate|stable|prior|since|\w*measurable)\b"
)
"""What begins a criterion of its own."""
NOT_COUNTED = re.compile(
    r"\b(?:following|these|below)\b[^.;]{0,40}\b(?:is|are|will|do|does|cannot|should|may|can)\b[^.;]{0,30}(?:\bnot\b|\bnon|(?<=can)not\b)[^.;]{0,30}(?:\b|(?<=non))(?:measurable|evaluable|count\w*|target lesions?)|\b(?:non-?\s?|un)measurable (?:disease|lesions?)\b[^.;]{0,60}(?:includes?|following|defined|:)"
    r"|\blesions? (?:that|which) (?:are|is) (?:considered )?(?:to be )?(?:non-?\s?|not )measurable\b[^.;]{0,30}(?:includes?|following|:)"
)
"""A lead of lesions that are not measurable: nobody must have them."""
_BAD_VALUES = frozenset({"vital_sign", "lvef", "qtc"})


def _bad(value: Leaf) -> bool:
    """Whether a measured value is one that no trial asks for: a high blood pressure, a low ejection fraction."""
    if value.kind == "vital_sign":
        return value.params.op in (">", ">=")
    return value.kind not in ("lvef", "qtc") or (value.kind == "lvef" and value.params.op in ("<", "<="))


_OF_CANCERS = re.compile(
    r"\b(?:(?:one|any) of )?(?:the )?following (?:[\w-]+ ){0,3}(?:tumou?rs?|tumou?r types|types|subtypes|cancers?|cancer types|malignanc(?:y|ies)|indications|histologies|diagnoses)\s*:\s*\Z"
)
"""A lead of a list of cancers: its entries are alternatives, whatever is understood of them."""
_OWN_DEMAND = re.compile(
    r"\W*(?:(?:all |the )?(?:patients?|participants?|subjects?)\b|(?:must|should|at least|age|aged|ecog|eastern|karnofsky|life expectancy|measurable|able|willing|adequate|written|signed|provision|histologic|prior|no |not )\b)"
)
_WITH_A_TIME = re.compile(
    r"[^.;:≥>≤<]{3,120}?(?::| |\()\s*(?:(?:≥|>|at least|more than|(?:a )?minimum(?: of)?)\s*)?\d{1,2} ?(?:-\d{1,2} ?)?(?:days?|weeks?|months?)\b"
)
"""A treatment and its time: "chemotherapy: at least 3 weeks"."""
_BARE = re.compile(
    r"[\W\d]*(?:(?:all )?(?:patients?|participants?|subjects?) )?(?:(?:must|should) )?(?:(?:meets?|meeting|have|has|fulfil\w*|satisf\w+|with|be) )?(?:at least |any )?(?:one|1|either|any)(?: or more)? of the following(?: (?:criteria|conditions|characteristics|features))?\W*"
)
"""A lead that says nothing but that there is a choice: "Meets 1 of the following criteria:"."""
_OF_THE_CANCER = frozenset({"tumour_type", "disease_setting", "metastatic_site", "unread", "judgement"})
_EVERYWHERE = frozenset({"disease_setting", "judgement"})
_LONGEST_LEAD = 400
_LONGEST_TITLE = 60
_MOST_ENTRIES = 12
_MOST_BETWEEN = 2
_FEWEST = 2
"""Entries that make a list."""


class Groups:
    """Sees which items of a text belong together."""

    def __init__(self, taken: Outline, statements: Statements) -> None:
        self._outline = taken
        self._statements = statements

    def groups(self, items: list[Item]) -> list[list[Item]]:
        """Return the items, those together that "or" joins, with lists that lost their indent under their leads."""
        groups: list[list[Item]] = []
        for item in self.gathered(items):
            last = groups[-1][-1] if groups else None
            if (
                last is not None
                and last.section == item.section
                and last.scope == item.scope
                and self._joins(last, item)
            ):
                groups[-1].append(item)
            else:
                groups.append([item])
        return groups

    def _joins(self, item: Item, following: Item) -> bool:
        return OR_LAST.search(self.end_of(item)) is not None or (
            OR_FIRST.match(self.written(following)) is not None and not LEAD.search(self.end_of(item))
        )

    def gathered(self, items: list[Item]) -> list[Item]:
        """Put entries that stand at the level of their lead ("one of the following:") under it: those of one kind."""
        out: list[Item] = []
        at = 0
        while at < len(items):
            item = items[at]
            at += 1
            out.append(item)
            if item.children:
                continue
            if self.not_counted(item):
                entries = self._lesions(item, items[at:])
                item.children.extend(entries)
                at += len(entries)
                continue
            if names_a_group(self.written(item)):
                item.children.extend(entries := self._of_the_group(item, items[at:]))
                item.of_group = bool(entries)
                at += len(entries)
                continue
            if self._denies(item):
                entries = self._denied(item, items[at:])
            elif leads_times(self.written(item)):
                entries = self._timed(item, items[at:])
                if entries and entries[0].children:
                    item.children.extend(entries[0].children)
                    self._outline.headings.append((entries[0].start, entries[0].end))
                    at += 1
                    continue
            elif item.section == "inclusion" and (
                definition_at(self.written(item)) >= 0 or leads_ways(self.written(item))
            ):
                entries = self._ways_to_be_postmenopausal(item, items[at:])
            elif self._opens(item):
                entries = self._entries(item, items[at:])
                if len(entries) < _FEWEST and self._offers(item, items[at:]):
                    # Where the list ends is not known: what stands first in it is no demand.
                    item.frayed = True
                    first = self._fewest(item, items[at:])
                    entries = [*first, *self._describing(item, items[at + len(first) :])]
                    item.children.extend(entries)
                    at += len(entries)
                    continue
            elif self._of_a_part(item):
                # What such a lead asks for stays open, so that one entry too many or too few does no harm.
                item.children.extend(entries := self._entries(item, items[at:]))
                at += len(entries)
                continue
            elif item.section == "exclusion" and (sort := self._names_illness(item)):
                entries = self._entries(item, items[at:], sort)
            else:
                continue
            if len(entries) >= _FEWEST:
                item.children.extend(entries)
                at += len(entries)
        return out

    def _of_the_group(self, heading: Item, following: list[Item]) -> list[Item]:
        """The items behind a heading of a group: those on the cancer and its treatment, up to the next heading."""

        def is_one(item: Item) -> bool:
            alike = (item.section, item.scope, item.level) == (heading.section, heading.scope, heading.level)
            if not alike or item.children or self.written(item).rstrip().endswith(":"):
                return False
            node = self._statements.statement(self.view(item), item.section)
            return node is None or {inner.kind for inner in leaves(node)} <= OF_A_GROUP

        return list(itertools.takewhile(is_one, following[:MOST]))

    def _timed(self, lead: Item, following: list[Item]) -> list[Item]:
        """The items behind the lead of a list of washouts, as far as they are treatments with a time."""

        def is_one(item: Item) -> bool:
            alike = (item.section, item.scope) == (lead.section, lead.scope) and item.level >= lead.level
            return alike and not item.children and _WITH_A_TIME.match(self.written(item)) is not None

        found = list(itertools.takewhile(is_one, following))
        if not found and following and (entries := following[0].children):
            # "Washout as follows:" and "Prior therapy:", with the list under the second.
            heading = self.written(following[0])
            timed = all(_WITH_A_TIME.match(self.written(item)) for item in entries)
            if timed and heading.rstrip().endswith(":") and len(heading) < _LONGEST_TITLE:
                return [following[0]]
        return found

    def _ways_to_be_postmenopausal(self, lead: Item, following: list[Item]) -> list[Item]:
        """The items behind a lead that says what "postmenopausal" means, as far as they are ways to be so."""

        def is_one(item: Item) -> bool:
            alike = (item.section, item.scope, item.level) == (lead.section, lead.scope, lead.level)
            return alike and not item.children and is_entry(self.written(item))

        return list(itertools.takewhile(is_one, following))

    def _opens(self, item: Item) -> bool:
        written = self.written(item)
        return (
            written.rstrip().endswith((":", "following", "following.", "below", "below."))
            and (ANY.search(written) or DEFINED.search(written) or _OF_CANCERS.search(written)) is not None
            and len(written) < _LONGEST_LEAD
        )

    def _offers(self, lead: Item, following: list[Item]) -> bool:
        """Whether a lead of alternatives stands over an entry that is none of the same sort as the next."""
        return (
            lead.section == "inclusion"
            and ANY.search(self.written(lead)) is not None
            and bool(following)
            and (following[0].section, following[0].scope, following[0].children) == (lead.section, lead.scope, [])
            and following[0].level == lead.level
            and (
                _BARE.fullmatch(self.written(lead)) is not None or _OWN_DEMAND.match(self.written(following[0])) is None
            )
        )

    def _fewest(self, lead: Item, following: list[Item]) -> list[Item]:
        """The items that a lead of alternatives needs: one, or the two of a choice where it says nothing else."""
        second = following[1] if len(following) > 1 else None
        if second is None or _BARE.fullmatch(self.written(lead)) is None or _OWN_DEMAND.match(self.written(second)):
            return following[:1]
        alike = (second.section, second.scope, second.level) == (lead.section, lead.scope, lead.level)
        return following[:2] if alike and not second.children else following[:1]

    def _describing(self, lead: Item, following: list[Item]) -> list[Item]:
        """The items behind the first entry that only describe the cancer: they may be entries of the same list."""
        found: list[Item] = []
        for item in following[:_MOST_ENTRIES]:
            written = self.written(item)
            alike = (item.section, item.scope, item.level) == (lead.section, lead.scope, lead.level)
            if not alike or item.children or OWN_FORCE.search(written) or _OWN_DEMAND.match(written):
                break
            node = self._statements.statement(self.view(item), item.section)
            if node is None or not {inner.kind for inner in leaves(node)} <= _OF_THE_CANCER:
                break
            found.append(item)
        return found

    def _of_a_part(self, item: Item) -> bool:
        """Whether a lead without a list under it binds a part of the trial: "for the expansion cohorts, one has to have:"."""
        written = self.written(item)
        return (
            item.section == "inclusion"
            and written.rstrip().endswith(":")
            and len(written) < _LONGEST_LEAD
            and of_part(written) is not None
        )

    def _denies(self, item: Item) -> bool:
        """Whether an item of the inclusion section shuts out a list: "no heart disease, including the following:"."""
        written = self.written(item)
        return (
            item.section == "inclusion"
            and written.rstrip().endswith((":", "following"))
            and DENIES.match(written) is not None
            and (ANY.search(written) is not None or _NAMES_SOME.search(written) is not None)
            and len(written) < _LONGEST_LEAD
        )

    def not_counted(self, item: Item) -> bool:
        """Whether an item leads a list of lesions that are not measurable."""
        written = self.written(item)
        return written.rstrip().endswith((":", "following", "measurable", "measurable disease")) and (
            NOT_COUNTED.search(written) is not None
        )

    def _lesions(self, lead: Item, following: list[Item]) -> list[Item]:
        """The items behind a lead of lesions: those with its place in the outline and no verb of their own."""
        found: list[Item] = []
        for item in following[:_MOST_ENTRIES]:
            alike = (item.section, item.scope, item.heading) == (lead.section, lead.scope, lead.heading)
            if not alike or item.level < lead.level or item.children or OWN_FORCE.search(self.written(item)):
                break
            found.append(item)
        return found

    def _names_illness(self, item: Item) -> set[str]:
        """The kinds of illness that an exclusion with a colon and nothing below it names: "active cardiac disease:"."""
        written = self.written(item)
        if not written.rstrip().endswith(":") or DENIES.match(written):
            return set()
        found = self._kinds(item) - {"judgement"}
        return found if found <= UNWANTED else set()

    def _denied(self, lead: Item, following: list[Item]) -> list[Item]:
        """The items behind a lead that shuts them out: those that name what nobody is asked to have, and bring no verb of their own."""
        found: list[Item] = []
        certain = 0
        for item in following[:_MOST_ENTRIES]:
            written = self.written(item)
            if (
                item.section != lead.section
                or item.scope != lead.scope
                or item.heading != lead.heading
                or item.level < lead.level
                or item.children
                or OWN_FORCE.search(written)
            ):
                break
            node = self._statements.statement(self.view(item), "exclusion")
            kinds = {inner.kind for inner in leaves(node)} - {"judgement"} if node is not None else set()
            if not kinds or kinds - UNWANTED - _BAD_VALUES - {"unread"}:
                break
            if kinds & _BAD_VALUES and not all(map(_bad, leaves(node))):  # type: ignore[arg-type]
                break
            found.append(item)
            certain = len(found) if kinds != {"unread"} else certain
        return found[:certain]

    def _entries(self, lead: Item, following: list[Item], of: set[str] | None = None) -> list[Item]:
        """The items behind a lead that say things of the same sort; of the sort of the lead itself where that is given."""
        found: list[Item] = []
        between: list[Item] = []
        sort: set[str] = set(of or ())
        cancers = _OF_CANCERS.search(self.written(lead)) is not None
        for item in following[:_MOST_ENTRIES]:
            # "(Dose escalation only) colon cancer" behind "one of the following" is one of them too.
            narrower = bool(found) and not lead.scope and ANY.search(self.written(lead)) is not None
            if item.section != lead.section or not (item.scope == lead.scope or narrower):
                break
            if item.level < lead.level or self._opens(item):
                break
            if cancers:
                if _OWN_DEMAND.match(self.written(item)):
                    break
                found.append(item)
                continue
            kinds = self._kinds(item)
            offered = narrower and lead.section == "inclusion"
            if offered and not kinds and not OWN_FORCE.search(self.written(item)) and len(between) < _MOST_BETWEEN:
                # What is not understood is an entry where one of the same sort follows it.
                between.append(item)
                continue
            joined = bool(found) and self._joins(found[-1], item)
            if (found or of) and not joined and not (kinds & sort):
                break
            if not found and not kinds:
                break
            sort |= kinds
            found += [*between, item]
            between.clear()
        return found

    def _kinds(self, item: Item) -> set[str]:
        node = self._statements.statement(self.view(item), item.section)
        kinds = {inner.kind for inner in leaves(node)} if node is not None else set()
        # Amplification is one of the results that make a HER2 status.
        return {"her2_status" if kind == "her2_amplification" else kind for kind in kinds} - {"unread", *_EVERYWHERE}

    def written(self, item: Item) -> str:
        """Return the plain words of an item, without what is nested."""
        return self._outline.plain[item.start : item.end]

    def said(self, span: tuple[int, int]) -> str:
        """Return the plain words of a span."""
        return self._outline.plain[slice(*span)]

    def end_of(self, item: Item) -> str:
        """Return the last plain words of an item or of what is nested in it."""
        last = item
        while last.children:
            last = last.children[-1]
        return self._outline.plain[max(last.start, last.end - 40) : last.end]

    def view(self, item: Item) -> View:
        """Return the view of an item's own words."""
        return View.of(self._outline.plain, item.start, item.end)
