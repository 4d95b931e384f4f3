"""Ways of breaking a text: what scanners, copying and chance make of it."""

import random
from collections.abc import Callable

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


WAYS: dict[str, Callable[[str, random.Random], str]] = {
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
