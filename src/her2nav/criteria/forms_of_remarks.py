"""Sentences that ask nothing of anybody, or something beside what they remark: definitions, advice, asides."""

from __future__ import annotations

from her2nav.criteria import statement_words as words
from her2nav.criteria.asides import aside_of
from her2nav.criteria.cutting import LONGEST_SENTENCE
from her2nav.criteria.logic import all_of, any_of
from her2nav.criteria.remarks import asks_nobody, front, surely_nothing
from her2nav.criteria.sentences import part
from her2nav.criteria.some_bound import usual_treatment
from her2nav.criteria.whole_sentence import Answer, Whole
from her2nav.kinds.reading.base import leaf
from her2nav.language.sought import Several
from her2nav.model.tree import Leaf, leaves

_MOST_BRACKETS = 60


def too_long(whole: Whole) -> Answer:
    """What is too long is no sentence."""
    long = len(whole.text) > LONGEST_SENTENCE or whole.text.count("(") > _MOST_BRACKETS
    return (whole.open(),) if long else None


def without_limit(whole: Whole) -> Answer:
    """Read "any number of earlier lines is allowed"."""
    if not words.NO_LIMIT.fullmatch(whole.text):
        return None
    return (whole.open() if words.BUT.search(whole.text) else None,)


def behind_what_is_in_front(whole: Whole) -> Answer:
    """What stands in front of the sentence itself says nothing."""
    at = front(whole.text, whole.section)
    return (whole.read(whole.behind(at)),) if at else None


def of_nobody(whole: Whole) -> Answer:
    """What the study does, and asks of nobody."""
    if not asks_nobody(whole.text, whole.section):
        return None
    return (None if surely_nothing(whole.text, whole.section) else whole.open(),)


def any_number(whole: Whole) -> Answer:
    """Read a demand behind which stands "and may have had any number of earlier lines"."""
    free = words.ANY_NUMBER.search(whole.text)
    return (whole.read((0, free.start())),) if free is not None else None


def short_name(whole: Whole) -> Answer:
    """Leave out the short name of a group of patients: "cohort 1 (DDI): …"."""
    named = words.SHORT_NAME.match(whole.text)
    if named is None:
        return None
    name = whole.by_rules(named.span("name"))
    if name is not None and any(inner.kind != "unread" for inner in leaves(name)):
        return None
    rest = whole.behind(named.end())
    return (whole.reader.sentence(part(whole.view, *rest), whole.section, permits=whole.permits),)


def unless_first(whole: Whole) -> Answer:
    """Read "unless contraindicated, patients must have received A": the main clause keeps its sign."""
    fronted = words.UNLESS_FIRST.match(whole.text)
    if fronted is None:
        return None
    main = whole.read(fronted.span("main"))
    if main is None:
        return (None,)
    escape = whole.open(fronted.span("unless"))
    return (all_of([main, escape]) if whole.excludes else any_of([main, escape]),)


def unless_unfit(whole: Whole) -> Answer:
    """Read "must have received A, unless A was not indicated": what follows "unless" lets off, whatever it names."""
    found = words.UNLESS_UNFIT.fullmatch(whole.text)
    if found is None:
        return None
    main = whole.read(found.span("main"))
    return (any_of([main, whole.open(found.span("unless"))]) if main is not None else None,)


def definition(whole: Whole) -> Answer:
    """What "2+ is considered negative" says is what a word means, and asks nothing."""
    defines = words.DEFINES.search(whole.text)
    if defines is None or (whole.permits and not (" not " in defines[0] or "non" in defines[0])):
        return None
    return None if words.ASKS.search(whole.text) else (whole.open(),)


def reflex_test(whole: Whole) -> Answer:
    """A test that a result calls for: the result itself is asked for elsewhere."""
    if not words.REFLEX_ALONE.fullmatch(whole.text):
        return None
    called = leaf("judgement", topic=words.CALLED_FOR).params
    return (Leaf("judgement", called, whole.view.span(0, len(whole.text))),)


_REMARKS = (words.ADVISES, words.GENES_ARE, words.IN_THAT_CASE, words.REFLEX, words.IS_DISEASE)
_ANY_REMARK = Several(_REMARKS)
_ANY_REMARK_OF_DEMANDS = Several((*_REMARKS, words.FOR_PURPOSES, words.BOTH_ELIGIBLE, words.STRATIFIES))


def remark(whole: Whole) -> Answer:
    """What is recorded, advised, or meant by a word."""
    recorded = words.RECORDS.match(whole.text)
    kinds = _ANY_REMARK if whole.excludes else _ANY_REMARK_OF_DEMANDS
    if recorded is None and not any(kinds.match(whole.text)):
        return None
    told = whole.by_rules() if recorded is not None else None
    judged = told is not None and {item.kind for item in leaves(told)} == {"judgement"}
    return (told if judged else whole.open(),)


def what_then(whole: Whole) -> Answer:
    """What happens if something is so, but was otherwise before."""
    return (whole.open(),) if words.IF_BUT.match(whole.text) else None


def with_an_aside(whole: Whole) -> Answer:
    """A demand and a remark beside it of which nothing was read."""
    aside = aside_of(whole.text, whole.section)
    if aside is None:
        return None
    open_ = whole.open(aside.rest)
    main = whole.read(aside.what) if whole.text[slice(*aside.what)].strip() else None
    if aside.empty:
        return (main,)
    if main is None:
        return (open_,)
    return (any_of([main, open_]) if aside.frees and not whole.excludes else all_of([main, open_]),)


def condition_cut_off(whole: Whole) -> Answer:
    """A condition cut off from what it binds."""
    return (whole.open(),) if words.BARE_IF.fullmatch(whole.text) else None


def usual(whole: Whole) -> Answer:
    """A treatment, and in which patients it is the usual one."""
    return (whole.open(),) if usual_treatment(whole.text) else None
