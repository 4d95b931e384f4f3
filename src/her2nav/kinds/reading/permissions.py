"""Sentences that only allow something, without a condition: they ask nothing of the patient."""

from __future__ import annotations

from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.language.sought import Sought

TOPIC = "what the trial allows"
_BARE = Sought(
    r"\b(?:allowed|permitted|acceptable|permissible|(?:may|can) (?:also |still )?(?:receive|continue|have (?:previously |also )?(?:received|had)|participate|be (?:approved|considered))|optional|not (?:an )?exclusion(?:ary)?)\b"
)
_BOUND = Sought(
    r"\b(?:if|provided|as long as|unless|except\w*|only|until|must|should|but|when|after|before|prior to|within|at least|more than|less than|no|not(?! (?:an )?exclusion)|since|stable|off|complet\w+|without|however|maximum|up to|"
    r"limit\w*|other than|requir\w+|minimum|earlier|later|once|while|during|until|than|whose|controlled|low|discontinu\w+|stop\w*|agree\w*|negative|positive|eligible|approv\w+|discretion|consult\w*|agreement|agreed|brain|cns|meta\w+|her-?2\S*)\b|\d|[≥≤<>]"
)
"""What may be a condition: then the sentence asks something of those whom it lets in."""
_UNLIMITED = Sought(
    r"\b(?:with )?(?:no|without(?: any)?) (?:upper )?(?:limits?|limitations?|restrictions?)(?: (?:on|to|in|as to|regarding)(?: the| their)? (?:number|amount|type|kind|duration|timing)s?(?: of(?: (?:prior|previous|earlier|lines|regimens|therapies|treatments|courses|doses|chemotherapy|systemic|therapy|or|and))*)?)?(?=\W*\Z)"
    r"|\bmay be approved\b|,? (?:after|upon|following) (?:prior )?(?:consultation|discussion|agreement|approval) (?:with|by|of|from) (?:the )?(?:study |overall |medical |principal )*(?:sponsor|investigator|monitor|chair|pi)s?\b|(?:that|which) (?:do|does) not contain (?:an? )?(?:live vir\w+|live organisms?)|\W*\ba (?:\d|one|two)[- ]weeks? wash-?out is (?:permitted|allowed)(?= for palliative radi)|\(≤ ?\d weeks? of radi\w+\)|\bto non-?cns disease\b"
    r"|,? (?:but|and)(?: (?:is|are|it is))? not (?:required|mandatory|necessary)\b"
    r"|,? (?:at|with|per|by|after|upon) (?:the )?(?:discretion|approval|agreement|permission|judge?ment|decision) (?:of|from|by) (?:the |an? |your )?(?:(?:principal|treating|study|local|responsible|medical|overall) )*(?:investigators?|physicians?|oncologists?|pi|monitors?|doctors?|sponsor|chair|clinicians?)\b|,? (?:at|per) (?:the )?(?:(?:principal|treating|study|local) )*(?:investigator|physician|pi|doctor)(?:'s)? (?:discretion|judge?ment|decision)"
    r"|\b(?:while|during|throughout)(?: on| participating in| participation in)?(?: the| this)? (?:study|trial|protocol)(?: (?:treatment|therapy|period|participation))?(?=\W*\Z)"
)
"""Words behind a permission that tie it to nothing the patient must fulfil."""
_OF_TREATMENT = Sought(
    r"\bher-?2[ -](?:targeted|directed|targeting) (?:therap\w+|treatments?|agents?|drugs?|antibod\w+)|\banti-? ?her-?2\b[ -]*(?:(?:targeted|directed) )?(?:therap\w+|treatments?|agents?|drugs?|antibod\w+)"
    r"|(?<=therapy |ication )(?:for|of|in|to) (?:the )?(?:treatment of )?(?:bone metasta\w+|metastatic (?:breast cancer|disease|bone disease|cancer))|(?<=sphonates )(?:for|of|in) (?:the )?(?:treatment of )?(?:bone metasta\w+|metastatic bone disease)|(?<=nosumab )(?:for|of|in) (?:the )?(?:treatment of )?bone metasta\w+"
    r"|(?:therap\w+|chemo\w+|treatments?|regimens?|radiation|[a-z]+mab|taxanes?|[a-z]+cyclines?)\b[^.;]{0,80}?\b(?:for|in)(?: the)? metastatic (?:breast cancer|disease|setting|cancer)\b|(?:for|in) (?:the |either )*(?:\(?neo\)?-?)?adjuvant (?:or|and|and/or) metastatic (?:disease|setting)\b"
    r"|\b(?:whole[- ])?brain (?=radi|irradi)|\blow[- ](?:dose|molecular)\b|\b[a-z]+-?[a-z]*\d[a-z\d/-]*|\(\s?\d+ ?mg\s?\)"
)
"""What is treated, what a drug is aimed at or called: no state of the patient that the permission would let in."""
_LONGEST = 260


def is_bare(sentence: Sentence) -> bool:
    """Whether a sentence allows something and ties it to nothing."""
    if not sentence.permits or len(sentence.text) > _LONGEST or _BARE.search(sentence.text) is None:
        return False
    return _BOUND.search(_OF_TREATMENT.sub(" ", _UNLIMITED.sub(" ", sentence.text))) is None


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    text = sentence.text
    if not is_bare(sentence):
        return
    begin = len(text) - len(text.lstrip(" .*-"))
    yield Stretched(begin, len(text.rstrip(" .;")), leaf("judgement", topic=TOPIC))


SCANNERS = (
    Scanner(
        "judgement.permission",
        ("allowed", "permitted", "acceptable", "permissible", "receive", "continue", "participate", "approved", "have", "eligible", "optional", "exclusion", "exclusionary"),
        _scan,
        priority=-5,
        texts=(("Tumour tissue is required", None),),
    ),
)  # fmt: skip
