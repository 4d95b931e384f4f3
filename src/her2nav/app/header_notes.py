"""What is said of a trial of which only the head is held: its criteria are not at hand, so nobody is judged by them."""

from __future__ import annotations

from her2nav.app.choice import TreeNote
from her2nav.matching.rank_parts import header_only
from her2nav.model.trial import Trial

_SETTINGS = {
    "neoadjuvant": "before surgery",
    "adjuvant": "after surgery",
    "post_neoadjuvant": "after surgery with remaining tumour",
    "locally_advanced": "cancer that cannot be operated on",
    "metastatic": "cancer that has spread",
    "recurrent": "cancer that has come back",
}


def header_note(trial: Trial) -> TreeNote | None:
    """Say what the head of an entry names whose criteria are not at hand; None where there are criteria."""
    if not header_only(trial):
        return None
    record = trial.record
    her2 = [f"HER2-{one.replace('_', ' ')}" for one in record.her2 if one != "any"]
    settings = [one for one in record.setting if one != "any"]
    named = " or ".join(her2) + (f" ({', '.join(one.replace('_', ' ') for one in settings)})" if settings else "")
    plain = " or ".join(her2) + (f"; {', '.join(_SETTINGS[one] for one in settings)}" if settings else "")
    if not named.strip():
        return TreeNote("criteria not at hand", "we do not have the rules of this study")
    return TreeNote(
        f"criteria not at hand, so neither HER2 nor setting is judged; the entry's header names {named.strip()}",
        f"we do not have the rules of this study; it is meant for: {plain.removeprefix('; ')}",
    )
