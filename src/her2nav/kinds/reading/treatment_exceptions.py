"""Exceptions to a statement about treatment: drugs that are let in, or a setting and a time that are."""

from __future__ import annotations

from her2nav.kinds.reading.treatment_names import Treatment
from her2nav.kinds.reading.treatment_said import Group, Said
from her2nav.kinds.reading.treatment_words import Token

_SETTING_WORDS = frozenset({"item", "setting", "frame", "or", "and", "comma", "noun", "prior", "close", "open"})


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
        if kinds - {"item", "frame", "or", "and", "comma", "noun", "examples", "prior", "close", "open"} or any(
            item.procedure or not item.drugs for item in items
        ):
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
