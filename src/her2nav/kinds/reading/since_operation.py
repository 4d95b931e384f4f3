"""How long after an operation somebody may be entered: "randomised within 84 days of definitive surgery".

The length of time is a limit from above, on the day of entry. Which of several operations is meant, a person says.
"""

from __future__ import annotations

from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, days_of, leaf
from her2nav.language.patterns import MACROS
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf

_TIME = rf"(?P<time{{n}}>{MACROS['time']})(?: \([^()]{{{{1,14}}}}\))?"
_OPERATION = (
    r"(?:the )?(?:(?:date|day|time|completion) of )?(?:the )?(?:(?:last|final|definitive|primary|most recent|initial|curative|breast|breast cancer|major|complete) )*"
    r"(?:surger(?:y|ies)|surgical procedures?|operations?|(?:surgical )?resection|mastectomy|lumpectomy)\b(?: (?:for|of) (?:the )?(?:primary |their |early )?(?:breast )?(?:cancer|tumou?r|disease)(?: (?:staging|treatment)(?: or (?:staging|treatment))?)?)?"
)
_ENTRY = r"(?:the )?(?:(?:date|day|time|start) of )?(?:the )?(?:study |trial |protocol )?(?:randomi[sz]ation|registration|enrol+ment|inclusion|entry)\b"
_AT_MOST = r"(?P<op{n}>no (?:more|longer|greater|later) than|not (?:be )?(?:more|longer|later) than|less than|fewer than|at most|not exceed(?:ing)?|≤|<|within|up to)"
_SOUGHT = Sought(
    rf"(?:the )?(?:(?:maximum|time) )*(?:interval|window|time|period)(?: of time)? (?:between|from) {_OPERATION} (?:and|to|until) {_ENTRY},? (?:(?:must|should|has to|will|shall|is|may|can) )*(?:be )?{_AT_MOST.format(n=1)} ?{_TIME.format(n=1)}"
    rf"|(?:(?:all )?(?:patients|participants|subjects|women|they) )?(?:(?:must|should|will|have to|has to|to) )*be (?:randomi[sz]ed|registered|enrol+ed|entered|included) (?:(?:in|into|on|onto) (?:the |this )?(?:study|trial) )?{_AT_MOST.format(n=2)} ?{_TIME.format(n=2)} (?:of|from|after|following|since) {_OPERATION}"
)
WHICH = "whether it was the operation that the trial counts from"


def _since(sentence: Sentence) -> Iterator[Stretched]:
    if sentence.section != "inclusion":
        return
    for found in _SOUGHT.finditer(sentence.text):
        place = "1" if found["time1"] else "2"
        days = days_of(found[f"time{place}"])
        if days is None or days < 2:
            continue
        strict = found[f"op{place}"] in ("less than", "fewer than", "<")
        done = leaf("procedure", kinds=("surgery",), within_days=days - strict)
        yield Stretched(*found.span(), AllOf((done, leaf("judgement", topic=WHICH))))


SCANNERS = (
    Scanner(
        "procedure.before_entry",
        (
            "interval",
            "window",
            "time",
            "period",
            "randomized",
            "randomised",
            "registered",
            "enrolled",
            "entered",
            "included",
        ),
        _since,
        priority=7,
        section="inclusion",
        sought=(_SOUGHT,),
        texts=(
            (
                "The interval between surgery and randomisation must be no more than 84 days",
                {"all_of": [{"procedure": {"kinds": ["surgery"], "within_days": 84}}, {"judgement": {"topic": WHICH}}]},
            ),
            (
                "Must be registered within 60 days of definitive surgery",
                {"all_of": [{"procedure": {"kinds": ["surgery"], "within_days": 60}}, {"judgement": {"topic": WHICH}}]},
            ),
            ("Must be registered within 60 days of diagnosis", None),
        ),
    ),
)
