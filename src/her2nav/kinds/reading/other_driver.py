"""Driver alterations without a gene's name: those with a therapy that could be given."""

from __future__ import annotations

from her2nav.kinds.reading.base import Found, Rule, leaf
from her2nav.model.tree import Node


def _driver(found: Found) -> Node | None:
    return leaf("other_driver", only_if_therapy_available=True)


RULES = (
    Rule(
        "other_driver.with_therapy",
        (
            (
                "(actionable|targetable|druggable) (oncogenic|driver|genomic|genetic|molecular|gene|[driver] oncogene)[ ][tumor|tumour][ ][driver](mutation*|alteration*|aberration*|drivers)"
                "[(with|for which|that have|having) [an|a|any|other] [locally] (approved|available|targeted|effective) [and] [approved|available] [targeted|standard] (therap*|treatment*)[ (is|are) available]]"
            ),
            "(actionable|targetable) (mutation*|alteration*)[(with|for which) [an|a|any|other] [locally] (approved|available|targeted|effective) [and] [approved|available] [targeted|standard] (therap*|treatment*)[ (is|are) available]]",
        ),
        _driver,
        priority=2,
        texts=(
            ("actionable genomic alterations", {"other_driver": {}}),
            ("targetable alterations with approved available therapy", {"other_driver": {}}),
        ),
    ),
)
