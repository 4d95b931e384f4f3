"""Live vaccines by the names that the list of substances holds: "immunization with attenuated live vaccines".

Such a name hides the word "vaccine" from the rules of treatments, which would not look at the sentence.
"""

from __future__ import annotations

from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched
from her2nav.kinds.reading.treatment import statements

_LIVE = "live_vaccine_any"


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    if any(_LIVE in hit.ids("substance") for hit in sentence.hits):
        yield from statements(sentence)


SCANNERS = (
    Scanner(
        "immune.live_vaccine",
        ("substance",),
        _scan,
        priority=3,
        texts=(
            (
                "No immunization with attenuated live vaccines within 10 days",
                {"immune": {"any_of": ["live_vaccine"], "within_days": 10}},
            ),
            ("Vitamins within 10 days", None),
        ),
    ),
)
