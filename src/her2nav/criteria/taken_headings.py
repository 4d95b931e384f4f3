"""Lines that are headings: of a section, of a cohort or part, of a group of criteria; what follows stands under them."""

from __future__ import annotations

import re

from her2nav.criteria.headings import (
    FOR_ALL,
    NAMED_SECTION,
    OTHER_HEADING,
    REST,
    SHORT_SECTION,
    WHAT,
    WHOLE,
    has_verb,
    leads,
    names_some,
    tells_who_is_out,
)
from her2nav.criteria.nesting import LONGEST_HEADING, Nesting
from her2nav.criteria.outline import SectionName
from her2nav.criteria.part_labels import is_step, label_of, leads_a_list
from her2nav.criteria.scopes import (
    CANCER_STAGE,
    SCOPE,
    SCOPE_ONLY,
    inside,
    scopes_of,
)
from her2nav.criteria.titled_parts import title_at

_LONGEST_TITLE = 60
"""Of a cohort, in characters, where it may say more than what the cohort is."""


def _is_title(written: str) -> bool:
    """Whether a long line with a cohort in front only names it: "Cohort 2 - imaging of patients with …:"."""
    return not (has_verb(written) or leads_a_list(written) or WHAT.search(written))


class HeadingTaker(Nesting):
    """Takes the lines that head what follows."""

    def _takes_heading(self, body: int, last: int, first: int, *, bulleted: bool) -> bool:
        if last - body > LONGEST_HEADING:
            return False
        written = self._low[body:last]
        if written.startswith("[") and written.endswith("]") and (part := scopes_of(written)):
            # An escaped bracket is no indent.
            self._scope, self._outer, self._open = part, (), []
            self.headings.append((first, last))
            return True
        if self._takes_section(written, first, last):
            return True
        if (title := None if bulleted else title_at(self._text, body, last)) is not None:
            self._enter_scope((title[0],), bulleted)
            begins, ends = title[1]
            self.headings += [(first, begins), (ends, last)] if ends < last else [(first, begins)]
            self._item(begins, ends, self._indent * 4)
            self._open = []
            return True
        scope = None if CANCER_STAGE.match(written) else SCOPE.match(written)
        if scope and written.startswith("stage") and scope["only"] and not SCOPE_ONLY.fullmatch(scope["only"]):
            # "Stage 3 or 4 encephalopathy" is an illness, not a part of the trial.
            scope = None
        if scope and len(scope["only"] or "") > _LONGEST_TITLE and not _is_title(written):
            scope = None
        if scope and (written.endswith(":") or len(written) < 40):
            self._enter_scope(scopes_of(scope["scope"]), bulleted)
            said = scope.span("only")
            if (
                scope["only"]
                and not SCOPE_ONLY.fullmatch(scope["only"])
                and (not has_verb(scope["only"]) or "one of" in scope["only"] or "any of" in scope["only"])
            ):
                begins = body + said[0] + len(scope["only"]) - len(scope["only"].lstrip(" ,-"))
                self.headings.append((first, begins))
                self._scope_level = None
                self._item(begins, last, self._indent * 4)
                self._open = []
            else:
                self.headings.append((first, last))
            return True
        label = label_of(self._low, body, last) if written.endswith(":") and not leads_a_list(written) else None
        if label is not None and label[0] == last:
            self._enter_scope(label[1], bulleted)
            self.headings.append((first, last))
            return True
        if WHOLE.match(written):
            self._scope = self._outer = ()
            self.headings.append((first, last))
            self._open = []
            return True
        if OTHER_HEADING.match(written):
            if FOR_ALL.match(written):
                # What was limited to a part of the trial ends with its group of criteria, and so do its exclusions.
                self._scope = self._outer = ()
                self._section = "inclusion"
            self._heading = written.strip(" :")
            self.headings.append((first, last))
            self._open = []
            return True
        return False

    def _enter_scope(self, scope: tuple[str, ...], bulleted: bool) -> None:
        """Limit what follows to a cohort or part; a bullet under an indented heading names a cohort of its part."""
        if not bulleted:
            self._outer, self._floor = (scope, self._indent * 4) if self._indent else ((), 0)
        self._scope = inside(self._outer, scope) if bulleted else scope
        self._open = []

    def _takes_section(self, written: str, first: int, last: int) -> bool:
        found = WHAT.search(written)
        if found is None or has_verb(written[: found.start()]):
            # "cN2 disease is not eligible" states a criterion.
            return False
        if not leads(written[: found.start()]):
            return self._takes_named_section(written, found, first, last)
        rest = REST.fullmatch(written, found.end())
        if (
            rest is None
            or (has_verb(rest["rest"]) and not self._names_only(found["what"], rest["rest"]))
            or not (rest["colon"] or not rest["rest"].strip() or len(written) < 60 or scopes_of(rest["rest"]))
        ):
            return False
        if found["what"] == "eligibility":
            self.headings.append((first, last))
            return True
        self._enter("inclusion" if found["what"] == "inclusion" else "exclusion", first, last)
        group = label_of(written, found.end(), len(written))
        self._scope = scopes_of(written) or (group[1] if group else ())
        return True

    def _names_only(self, what: str, rest: str) -> bool:
        """Whether what stands behind the words of a heading asks for nothing, and leads to another section."""
        section = "inclusion" if what == "inclusion" else "exclusion"
        return tells_who_is_out(what, rest) or (what != "eligibility" and section != self._section and names_some(rest))

    def _takes_named_section(self, written: str, found: re.Match[str], first: int, last: int) -> bool:
        """Take "Nivolumab specific inclusion criteria for the MSI-H cohort:": it binds that group alone."""
        bulleted = last - first > len(written)
        short = None if bulleted else SHORT_SECTION.fullmatch(written)
        if short is not None and not has_verb(written):
            self._enter("inclusion" if found["what"] == "inclusion" else "exclusion", first, last)
            who = short["who"].strip()
            self._scope = scopes_of(written) or (() if is_step(who) else (who,))
            return True
        named = NAMED_SECTION.fullmatch(written)
        if named is None or found["what"] not in ("inclusion", "exclusion") or has_verb(named["for"] or ""):
            return False
        self._enter("inclusion" if found["what"] == "inclusion" else "exclusion", first, last)
        group = " ".join(f"{named['who'] or ''} {named['for'] or ''}".split()).removeprefix("for ").removeprefix("the ")
        self._scope = scopes_of(written) or (group,)
        return True

    def _enter(self, section: SectionName, start: int, end: int) -> None:
        self._section = section
        self._scope = self._outer = ()
        self._heading = ""
        self._open = []
        self._count = 0
        self.headings.append((start, end))
