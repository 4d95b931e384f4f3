"""Broken texts thrown at the reader: whatever comes, it answers, and every span lies in the text.

Some dozens in a usual run, thousands with HYPOTHESIS_PROFILE=soak; HER2NAV_SEED chooses others. The number tried is
printed (pytest -s).
"""

import os
import random

import pytest

from broken_texts import WAYS
from her2nav.criteria.outline import Outline
from her2nav.criteria.reader import ReadText, reader
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import leaves

TRIED = 3000 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 40
SEED = int(os.environ.get("HER2NAV_SEED") or 20261121)
SOUND = """Inclusion Criteria:

* Women or men aged 18 years or older with HER2-positive (IHC 3+, or IHC 2+ and ISH positive) metastatic breast cancer
* At least one, but no more than three, earlier lines of therapy, one of them with trastuzumab and a taxane
* Measurable disease by RECIST 1.1; ECOG performance status 0-1
* Adequate organ function, defined as:
   1. ANC ≥ 1.5 x 10^9/L
   2. AST and ALT ≤ 2.5 x ULN (≤ 5 x ULN with liver metastases)
   3. LVEF ≥ 50 % within 28 days before randomisation

Exclusion Criteria:

- Brain metastases, unless treated and stable for 4 weeks
- History of (non-infectious) ILD that required steroids
- Cohort B only: earlier anti-HER2 therapy within 4 weeks or 5 half-lives, whichever is shorter
- HIV, HBV or HCV infection; uncontrolled hypertension; pregnancy
"""


def unaccounted(taken: Outline, read: ReadText) -> list[int]:
    """Places of signs that belong to no item and no heading, and ends of spans that lie outside the text."""
    text = taken.text
    kept = [False] * len(text)
    for start, end in (*taken.headings, *((inner.start, inner.end) for item in taken.items for inner in item.walk())):
        kept[start:end] = [True] * (end - start)
    lost = [at for at, sign in enumerate(taken.plain) if not kept[at] and not sign.isspace()]
    spans = [item.span for item in read.criteria if item.span]
    spans += [inner.span for item in read.criteria for inner in leaves(item.node) if inner.span]
    return lost + [start for start, end in spans if not 0 <= start <= end <= len(text)]


@pytest.mark.parametrize("way", WAYS)
def test_whatever_comes_is_answered(way: str) -> None:
    chance = random.Random(f"{SEED} {way}")
    taken = reader(load_knowledge())
    failed: list[str] = []
    for _ in range(TRIED):
        text = WAYS[way](SOUND, chance)
        try:
            read = taken.read(text)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a fault of the reader
            failed.append(f"{type(error).__name__}: {error}: {text!r}")
            continue
        if unaccounted(read.outline, read):
            failed.append(f"lost or outside: {text!r}")
    print(f"{way}: {TRIED} texts tried, seed {SEED}, {len(failed)} failed")
    assert failed == []
