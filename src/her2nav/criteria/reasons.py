"""Why a trial asks something: "because these patients are at increased risk of infections" asks nothing more."""

from __future__ import annotations

import re
from collections.abc import Sequence

from her2nav.criteria.framing_measured import CORRECTED
from her2nav.criteria.readings import Reading
from her2nav.language.sought import Sought
from her2nav.model.tree import leaves

REASON = Sought(
    r"[,(]?\s*\b(?:because(?: of)? (?:(?:the|an?|their|its) )?(?:potential|possib\w+|risks?|increased|higher|unknown|these|such|they|this|it|lack|safety|effects?|agents?|there (?:is|are)|poor prognosis|patients|participants|interactions?|systemic treatment|\w+ (?:is|are|may|might|could|would) )"
    r"|(?:(?<=excluded )|(?<=permitted )|(?<=allowed )|(?<=ineligible )|(?<=prohibited ))due to|due to (?:(?:the|an?|their) )?(?:(?:serious |known )?(?:drug )?interactions?|potential|possib\w+|unknown|increased risk|concerns?|lack of (?:data|information)|risk of|fact that)"
    r"|since (?:the(?:se|y|re)?|this|it|such|patients|participants) (?!(?:[\w-]+ ){0,3}(?:last|latest|date|completion|end|start|beginning|initiation|time|first|prior|previous|(?:most )?recent|diagnosis|biops\w+|surg\w+|operation|discontinuation|cessation|resolution|event|doses?|treatment|therapy|administration)\b(?! (?:menstr|menses|period)))|given (?:the |their |its )?(?:concerns?|potential(?:ly)?|risks?|lack|increased)|(?:this|that) (?:is|requirement is|criterion is) (?:to (?:avoid|prevent|minimi[sz]e|reduce|ensure|protect)|due to|because)"
    r"|(?:(?<=eligible )|(?<=eligible, )|(?<=excluded )|(?<=excluded, ))and (?:they |these patients )?should (?:instead |rather )?(?:be (?:treated|offered|given|considered|referred|managed)|receive)"
    r"|as (?:[\w-]+ ){1,3}(?:is|are|can be) (?:potentially |known to be |also )*(?:\w+toxic|teratogenic|contraindicated|metaboli[sz]ed|excreted)"
    r"|(?<!long )(?<!soon )(?<!far )as (?:these|they|this|it|such patients|such individuals) (?:may|might|could|can|would|are|is|has|have))\b[^.;]*"
)
"""Words that give a reason, or say what becomes of those who are shut out, to the end of the sentence."""


_CORRECTED = Sought(CORRECTED)


def without_corrections(text: str, readings: list[Reading]) -> list[Reading]:
    """Return what was read of a sentence without values that a bracket lets be corrected: the limit before it stands."""
    for found in _CORRECTED.finditer(text):
        inside = [item for item in readings if item.start >= found.start() and item.end <= found.end()]
        before = any(item.end <= found.start() and _measures(item) for item in readings)
        if before and inside and all(_measures(item) for item in inside):
            readings = [item for item in readings if item not in inside]
    return readings


def _measures(item: Reading) -> bool:
    return all(one.kind == "lab_value" for one in leaves(item.node))


def without_reasons(text: str, readings: list[Reading]) -> list[Reading]:
    """Return what was read of a sentence without what stands in a reason for it.

    A sentence that begins with its reason, or of which nothing else was read, keeps everything.
    """
    for found in REASON.finditer(text):
        inside = [item for item in readings if item.start >= found.start() and item.end <= found.end()]
        before = [item for item in readings if item.end <= found.start()]
        if inside and before and not _starts_a_sentence(text, found):
            return [item for item in readings if item not in inside]
    return readings


def _starts_a_sentence(text: str, found: re.Match[str]) -> bool:
    """Whether a reason comes first: "due to the risk, A is not allowed"."""
    return text[: found.start()].rstrip().endswith((".", ";", ":"))


def reasons(text: str, readings: Sequence[Reading]) -> list[tuple[int, int]]:
    """Return the stretches that give a reason behind what was read."""
    return [
        found.span()
        for found in REASON.finditer(text)
        if not _starts_a_sentence(text, found)
        and any(item.end <= found.start() for item in readings)
        and not any(item.end > found.start() for item in readings)
    ]
