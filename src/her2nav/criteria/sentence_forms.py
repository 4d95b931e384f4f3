"""Forms that a sentence as a whole may have, in the order in which they are tried.

A form answers with what the sentence states (which may be nothing), or says that the sentence is not of that form.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from her2nav.criteria import forms_of_remarks as remarks
from her2nav.criteria import forms_of_some as some
from her2nav.criteria.whole_sentence import Answer, Whole
from her2nav.kinds.reading.base import Section


class Form(NamedTuple):
    """One form.

    Attributes:
        read: Told a sentence, answers with what it states, or None where it is not of this form.
        section: Only there; None: in both.
        permits: Only among permissions (True), only where nothing is permitted (False), or both (None).
    """

    read: Callable[[Whole], Answer]
    section: Section | None = None
    permits: bool | None = False


FORMS = (
    Form(remarks.too_long, permits=None),
    Form(remarks.without_limit, permits=True),
    Form(remarks.behind_what_is_in_front),
    Form(some.cancer_in_front_of_a_demand, "inclusion"),
    Form(remarks.of_nobody),
    Form(remarks.any_number),
    Form(remarks.short_name, permits=None),
    Form(remarks.unless_first),
    Form(remarks.definition, "inclusion", permits=None),
    Form(remarks.reflex_test, "inclusion", permits=None),
    Form(remarks.remark, permits=None),
    Form(remarks.what_then, "exclusion", permits=None),
    Form(some.excluded_if, "exclusion"),
    Form(some.with_this_cancer, "exclusion"),
    Form(remarks.with_an_aside),
    Form(some.of_a_region),
    Form(some.of_cancers_listed, "inclusion"),
    Form(some.part_of_the_trial_in_front, "exclusion"),
    Form(some.only_for),
    Form(some.of_a_part, "inclusion"),
    Form(some.who_take, "inclusion"),
    Form(some.who_will_receive),
    Form(remarks.condition_cut_off, "inclusion"),
    Form(some.heads_what_stands_below, "inclusion"),
    Form(some.in_those_treated, "inclusion"),
    Form(some.of_a_setting, "inclusion"),
    Form(some.of_one_sex),
    Form(remarks.usual, "inclusion"),
    Form(some.guarded, "inclusion"),
    Form(remarks.unless_unfit, "inclusion"),
)


def answer(whole: Whole) -> Answer:
    """Return what the first form of which a sentence is makes of it; None where it is of none."""
    for form in FORMS:
        if form.section not in (None, whole.section) or form.permits not in (None, whole.permits):
            continue
        found = form.read(whole)
        if found is not None:
            return found
    return None
