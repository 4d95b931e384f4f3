"""Exceptions to a statement about treatment: drugs that are let in, or a setting and a time that are."""

from __future__ import annotations

from her2nav.kinds.reading.base import Sentence, both_ways
from her2nav.kinds.reading.treatment_groups import said
from her2nav.kinds.reading.treatment_names import Treatment
from her2nav.kinds.reading.treatment_proposition import made_of
from her2nav.kinds.reading.treatment_said import Group, Said
from her2nav.kinds.reading.treatment_words import Token
from her2nav.model.tree import Node

_SETTING_WORDS = frozenset({"item", "setting", "frame", "or", "and", "comma", "noun", "prior", "close", "open"})


_NAMED = frozenset({"item", "frame", "or", "and", "comma", "noun", "examples", "prior", "close", "open"})
_MINOR = ("major", False)


def _without(group: Group, items: list[Treatment]) -> bool:
    """Let out minor operations: "surgery (except for minor operations)" is major surgery; other procedures are not told."""
    if not all(item.procedure == "surgery" and _MINOR in item.params for item in items):
        return False
    plain = [one for one in group.items if one.procedure == "surgery" and not one.params]
    group.items = [
        one.model_copy(update={"params": (("major", True),)}) if one in plain else one for one in group.items
    ]
    return bool(plain)


def _same(items: list[Treatment], group: Group) -> bool:
    """Whether an exception names again what the group names."""
    meant = [item.drugs for item in group.items]
    return len(meant) == 1 and all(not item.procedure and item.drugs == meant[0] for item in items)


def excepted(whole: Said, left: list[Token]) -> Said | None:
    """A statement with an exception: drugs that are let in, or a setting and time that are."""
    if len(whole.groups) != 1:
        return None
    group = whole.groups[0]
    kinds = {token.kind for token in left}
    if "item" in kinds:
        items = [token.value for token in left if token.kind == "item"]
        settings = tuple(dict.fromkeys(one for token in left if token.kind == "setting" for one in token.value))
        if settings and not kinds - _SETTING_WORDS and _same(items, group):
            # "Chemotherapy, except adjuvant chemotherapy": the setting is what lets in.
            group.except_settings = settings
            return whole
        if not kinds - _NAMED and all(item.procedure for item in items):
            return whole if _without(group, items) else None
        if kinds - _NAMED or any(item.procedure or not item.drugs for item in items):
            return None
        group.except_drugs = tuple(dict.fromkeys(drug for item in items for drug in item.drugs))
        return whole
    settings = tuple(dict.fromkeys(one for token in left if token.kind == "setting" for one in token.value))
    windows = [token.value for token in left if token.kind == "window"]
    if (
        not (settings or windows)
        or len(windows) > 1
        or kinds
        - {
            "setting",
            "window",
            "frame",
            "or",
            "and",
            "noun",
            "allowed",
            "expose",
            "prior",
            "comma",
            "line",
            "disease",
            "open",
            "close",
        }
    ):
        return None
    if windows and (not windows[0].elapsed or windows[0].days is None or windows[0].half_lives is not None):
        return None
    group.except_settings, group.except_window = settings, windows[0] if windows else None
    return whole


def with_last_time(front: list[Token], behind: list[Token]) -> tuple[list[Token], list[Token]]:
    """Give a time behind a comma to what stands before the exception: "A, except B, within 2 weeks"."""
    left = [token for token in behind if token.kind != "frame"]
    if len(left) < 3 or [token.kind for token in left[-2:]] != ["comma", "window"]:
        return front, behind
    if any(token.kind == "window" for token in (*front, *left[:-1])):
        return front, behind
    return [*front, left[-1]], behind[: behind.index(left[-2])]


def partly_excepted(sentence: Sentence, run: list[Token], left: list[Token], denied: bool) -> Node | None:
    """Read 'Any therapy aside from first-line A within 6 weeks': other drugs count, whether A does is left open."""
    items = [token.value for token in left if token.kind == "item"]
    kinds = {token.kind for token in left}
    if not items or kinds - _NARROWER or any(item.procedure or not item.drugs for item in items):
        return None
    drugs = tuple(dict.fromkeys(drug for item in items for drug in (*item.drugs, *item.together)))
    whole, other = said(sentence, run, denied), said(sentence, run, denied)
    if whole is None or other is None or len(other.groups) != 1 or other.groups[0].window is not None:
        return None
    group = other.groups[0]
    group.except_drugs = drugs
    # "Any therapy other than A for metastatic disease": the setting may bind all of it.
    group.settings = group.settings or tuple(
        dict.fromkeys(one for token in left if token.kind == "setting" for one in token.value)
    )
    one, wide = made_of(other, sentence), made_of(whole, sentence)
    doubt = "what is let in, too, at another time"
    return both_ways(one, wide, doubt) if one is not None and wide is not None else None


_NARROWER = frozenset(
    {"item", "frame", "or", "and", "comma", "noun", "examples", "prior", "close", "open", "ordinal", "window", "setting", "line", "count",
     "disease", "disease_name", "combined", "expose", "use", "aside", "anchor", "together", "given", "with_or_without", "narrow", "purpose"}
)  # fmt: skip
"""What may stand in an exception that lets in only some courses of the drugs it names."""
