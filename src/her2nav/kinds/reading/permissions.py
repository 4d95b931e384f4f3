"""Sentences that only allow something, without a condition: they ask nothing of the patient."""

from __future__ import annotations

from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.language.sought import Sought

TOPIC = "what the trial allows"
_BARE = Sought(
    r"\b(?:allowed|permitted|acceptable|permissible|may (?:receive|continue)|optional|not (?:an )?exclusion(?:ary)?)\b"
)
_BOUND = Sought(
    r"\b(?:if|provided|as long as|unless|except\w*|only|until|must|should|but|when|after|before|prior to|within|at least|more than|less than|no|not(?! (?:an )?exclusion)|since|stable|off|complet\w+|without|however|maximum|up to|"
    r"limit\w*|other than|requir\w+|minimum|earlier|later|once|while|during|until|than|whose|controlled|low|discontinu\w+|stop\w*|agree\w*|negative|positive|eligible|approv\w+|discretion|consult\w*|agreement|agreed|brain|cns|meta\w+|her-?2\S*)\b|\d|[≥≤<>]"
)
"""What may be a condition: then the sentence asks something of those whom it lets in."""
_LONGEST = 220


def is_bare(sentence: Sentence) -> bool:
    """Whether a sentence allows something and ties it to nothing."""
    text = sentence.text
    return sentence.permits and len(text) <= _LONGEST and _BARE.search(text) is not None and _BOUND.search(text) is None


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    text = sentence.text
    if not is_bare(sentence):
        return
    begin = len(text) - len(text.lstrip(" .*-"))
    yield Stretched(begin, len(text.rstrip(" .;")), leaf("judgement", topic=TOPIC))


SCANNERS = (
    Scanner(
        "judgement.permission",
        ("allowed", "permitted", "acceptable", "permissible", "receive", "continue", "have", "eligible", "optional", "exclusion", "exclusionary"),
        _scan,
        priority=-5,
        texts=(("Tumour tissue is required", None),),
    ),
)  # fmt: skip
