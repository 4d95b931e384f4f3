"""Broken texts thrown at the reader: whatever comes, it answers, and every span lies in the text.

Some dozens in a usual run, thousands with HYPOTHESIS_PROFILE=soak; HER2NAV_SEED chooses others. The number tried is
printed (pytest -s).
"""

import os
import random

import pytest

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
SIGNS = "()[]<>≥≤=+-/\\|*^%&;:,.'\"#@~_{}$"
FOREIGN = "אבגשלום مرحبا \u202e\u202d\u200f\u2066 中文試驗 Ωµß ﬁ İ ﾊ 𝟛 \u0301\u0000\ufeff\ue000\uf8ff"
LOOKS_LIKE = {"l": "1", "O": "0", "0": "O", "1": "l", "rn": "m", "5": "S", "B": "8", "e": "c", "≥": "2", " ": ""}


def garbled(text: str, chance: random.Random) -> str:
    """Delete, double, swap and replace characters."""
    out = list(text)
    for _ in range(chance.randint(1, 120)):
        at = chance.randrange(len(out)) if out else 0
        match chance.randrange(5):
            case 0 if out:
                del out[at]
            case 1:
                out.insert(at, chance.choice(SIGNS + FOREIGN + "\n\n  \t0123456789"))
            case 2 if len(out) > 1:
                other = chance.randrange(len(out))
                out[at], out[other] = out[other], out[at]
            case 3 if out:
                end = min(len(out), at + chance.randint(1, 40))
                out[at:at] = out[at:end]
            case 4 if out:
                del out[at : at + chance.randint(1, 60)]
    return "".join(out)


def scanned(text: str, chance: random.Random) -> str:
    """Confuse letters that look alike, as a scanner does."""
    for seen, taken in LOOKS_LIKE.items():
        text = "".join(taken if part == seen and chance.random() < 0.3 else part for part in _parts(text, seen))
    return text


def _parts(text: str, sign: str) -> list[str]:
    return [item for part in text.split(sign) for item in (part, sign)][:-1]


def shuffled(text: str, chance: random.Random) -> str:
    words = text.split(" ")
    chance.shuffle(words)
    return " ".join(words)


def lines(text: str, chance: random.Random) -> str:
    """Mix lines of the text, and lose or multiply their indent and marks."""
    found = [
        line.lstrip("*- ") if chance.random() < 0.3 else " " * chance.randint(0, 9) + line for line in text.split("\n")
    ]
    chance.shuffle(found)
    return chance.choice(["\n", "\r\n", " ", "\n\n"]).join(found)


def binary(_: str, chance: random.Random) -> str:
    return bytes(chance.randrange(256) for _ in range(chance.randint(0, 2000))).decode("latin-1")


def foreign(text: str, chance: random.Random) -> str:
    return "".join(chance.choice(FOREIGN) if chance.random() < 0.2 else sign for sign in text)


def brackets(text: str, chance: random.Random) -> str:
    return "".join(
        sign + (chance.choice("()[]:;") * chance.randint(1, 3) if chance.random() < 0.05 else "") for sign in text
    )


def numbers(text: str, chance: random.Random) -> str:
    return "".join(str(chance.choice([0, 9, 10**20, -1, 1e-9])) if sign.isdigit() else sign for sign in text)


WAYS = {
    "garbled": garbled,
    "scanned": scanned,
    "shuffled": shuffled,
    "lines": lines,
    "binary": binary,
    "foreign": foreign,
    "brackets": brackets,
    "numbers": numbers,
    "capitals": lambda text, chance: garbled(text.upper(), chance),
    "reversed": lambda text, _: text[::-1],
    "cut": lambda text, chance: text[chance.randrange(len(text)) :][: chance.randrange(len(text))],
    "empty": lambda _, chance: chance.choice(["", " ", "\n", "*", ".", "\u200b", "Inclusion Criteria:", "()", "¬"]),
    "twice": lambda text, chance: garbled(text, chance) + garbled(text, chance),
}


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
