"""Words that frame what is told of treatments and events: how it was measured, who judged it, that it stays so.

Rows as in `framing_rows`: beside the kinds they name their words change no answer.
"""

from __future__ import annotations

from her2nav.criteria.framing_rows import ILLNESSES, Row

_ILLNESS = frozenset(ILLNESSES.split())
_PREGNANCY_TEST = r"(?:serum |urine |blood |laboratory |or )*(?:(?:beta|β)[- ]?)?(?:human chorionic gonadotropin|hcg|pregnancy)(?: \((?:β-?)?hcg\))?(?: laboratory)? tests?"

ROWS_OF_EVENTS = (
    Row(
        frozenset({"washout"}),
        r"\b(?:or )?concomitant(?:ly)? with (?:this|the) (?:present |current )?(?:study|trial)\b(?=\W*(?:[.;]|$|\())",
    ),
    Row(
        frozenset({"procedure"}),
        r"\((?:i\.? ?e\.?,? )?(?:defined as )?requiring (?:a )?general an(?:a)?esthe(?:sia|tic)\)",
    ),
    Row(_ILLNESS, r"\(i\.? ?e\.?,? ?active\)|(?<=illness )such that\b(?= the (?:patient|subject|participant) is)"),
    Row(
        frozenset({"concomitant_medication", "immune"}),
        r"\banticipat(?:ion|ed) (?:of )?(?:the )?need for such\b(?= (?:an? )?(?:live |attenuated |live-attenuated )*vaccin)",
    ),
    Row(
        frozenset({"cardiac_history", "qtc"}),
        r"(?:(?<=relevant )|(?<=significant ))by (?:the )?(?:treating |study |principal )?(?:investigator|physician)\b",
    ),
    Row(
        frozenset({"qtc"}),
        r"\b(?:the |an? )?(?:triplicate )?(?:average|mean)(?: of)?\b(?= (?:baseline |screening |resting )*(?:qtc|fridericia|bazett))|\btriplicate\b(?= (?:average|mean|baseline))",
    ),
    Row(
        frozenset({"peripheral_neuropathy"}),
        r"\bnci common toxicity criteria(?: \(ctc\))?|\((?:national cancer institute )?common toxicity criteria(?: version \d(?:\.\d)?)?(?: [\[(][^()\[\]]{2,20}[\])])?\)",
    ),
    Row(
        frozenset({"gastrointestinal"}),
        r"\bother\b(?= (?:conditions?|disorders?|diseases?) (?:that|which) (?:would|could|might|may) (?:interfere|affect|impair|alter|limit))",
    ),
    Row(
        frozenset({"pregnancy"}),
        rf"\b(?:as )?evidenced by\b(?= (?:an? )?positive {_PREGNANCY_TEST})|\(i\.? ?e\.?,? (?:an? )?positive {_PREGNANCY_TEST}\)",
    ),
)
