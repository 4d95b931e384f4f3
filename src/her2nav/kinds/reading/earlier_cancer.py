"""An earlier cancer of the kind that the trial treats, as a reason to exclude: "prior history of breast cancer".

Every patient of the trial has such a cancer on record, so that only a person can tell the earlier one from the present.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.language.sought import Sought

EARLIER = "an earlier cancer of the kind that the trial treats"
_SOUGHT = Sought(r"\A\W*(?:\w+ ){0,4}(?:history of|prior|previous)\b")
_FRONT = re.compile(
    r"\A\W*(?:(?:patients?|participants?|subjects?|women|with|who|have|had|has|any|an?|known|personal|documented)\s+)*"
    r"(?:(?:prior|previous|past|personal)\s+)*(?:history of|prior|previous)\s+(?:an?\s+)?"
    r"(?:(?:ipsilateral|contralateral|invasive|non-?invasive|in situ|primary|or|and|and/or|either|any)[\s,]+)*\Z"
)
_TAIL = re.compile(
    r"(?:\s*\([^()]{1,12}\))?(?:[\s,]*(?:in|of|on) (?:the )?(?:either|same|ipsilateral|contralateral|other) (?:breast|side))?\W*\Z"
)


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    own = frozenset(sentence.tumours)
    for hit in sentence.hits:
        if not own & frozenset(hit.ids("tumour")) or _TAIL.match(sentence.text, hit.end) is None:
            continue
        front = _FRONT.match(sentence.text, 0, hit.start)
        if front is not None:
            begin = len(sentence.text) - len(sentence.text.lstrip(" -*.,"))
            yield Stretched(begin, hit.end, leaf("judgement", topic=EARLIER))


SCANNERS = (
    Scanner(
        "judgement.earlier_cancer",
        ("tumour",),
        _scan,
        priority=1,
        section="exclusion",
        sought=(_SOUGHT,),
        texts=(("Prior history of breast cancer, in a trial of which no cancer is known", None),),
    ),
)
