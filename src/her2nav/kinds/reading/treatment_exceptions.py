"""Exceptions to a statement about treatment: drugs that are let in, or a setting and a time that are."""

from __future__ import annotations

from her2nav.kinds.reading.treatment_said import Said
from her2nav.kinds.reading.treatment_words import Token


def excepted(whole: Said, left: list[Token]) -> Said | None:
    """A statement with an exception: drugs that are let in, or a setting and time that are."""
    if len(whole.groups) != 1:
        return None
    group = whole.groups[0]
    kinds = {token.kind for token in left}
    if "item" in kinds:
        items = [token.value for token in left if token.kind == "item"]
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
