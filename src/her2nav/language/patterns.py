r"""Patterns over text, written so that a clinician can read them.

A pattern is words and signs in their order; single spaces stand for any spaces or hyphens.

| written | matches |
|---|---|
| `word` | the whole word; `word*` any word that begins so |
| `(a\|b c)` | one of the alternatives |
| `[a]` | a, or nothing |
| `{name}` | a macro (`num`, `op`, `time`) or any name of a vocabulary (`drug`, `condition`) |
| `{name+}` | a list of names of a vocabulary: commas, "and", "or", brackets and filler words between them |
| `{name:x}`, `(a\|b):x` | the same, kept under the name x |
| `..` | up to 60 characters that do not end the sentence; `..20` up to 20 |
| `\(` | the sign itself |
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from her2nav.language.dictionary import Dictionary
from her2nav.language.numbers import WORDS
from her2nav.language.pieces import COMMON
from her2nav.language.sought import Sought

_NUMBER_WORDS = "|".join(sorted((word for word in WORDS if len(word) > 2), key=len, reverse=True))
MACROS: dict[str, str] = {
    "num": rf"(?:(?<![\d.])(?:\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?|\.\d+)(?!\d|\.\d)|\b(?:{_NUMBER_WORDS})\b)",
    "digits": r"(?:(?<![\d.])(?:\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|\.\d+)(?!\d|\.\d))",
    "op": (
        r"(?:[><] ?or equal(?: to)?|[≥≤><=]|\b(?=[abefghilmnosu])(?:is |are |of |must be |should be |being )?(?:at or above|at or below|at least|at most|no (?:more|less|greater|lower|higher|fewer) "
        r"(?:than|(?=\d))|not (?:more|less|greater|lower|higher|exceeding) than|not exceeding|not exceed|(?:more than|above|below) or equal to|(?:greater|less|higher|"
        r"lower|more|fewer|larger|smaller) than(?: or equal(?: to)?)?|equal(?:s)? (?:to )?or (?:greater|less|higher|lower|more) than|"
        r"(?:superior|greater|inferior|less|lower) or equal(?: to)?|equal or (?:superior|greater|inferior|less|lower)(?: (?:to|than))?|superior to|inferior to|above|below|under|over|exceed(?:s|ing)?|up to|a minimum of|minimum(?: of)?|a maximum of|maximum(?: of)?|"
        r"equal to or (?:above|below)|equal to))"
    ),
    "time": (
        rf"(?:(?:\d+(?:\.\d+)?|\b(?:{_NUMBER_WORDS}|a|an)\b)(?: ?\(\d+\))?[ -]*"
        r"(?:hours?|hrs?|calendar days?|days?|weeks?|wks?|months?|mos?|years?|yrs?)\b)"
    ),
}
_WORD = re.compile(r"[a-z0-9α-ω]+")
_LIST_FILLER = (
    r"(?:[ ,;/+()&-]|\band\b|\bor\b|\bwith\b|\bplus\b|\bother\b|\bany\b|\be\.g\.?|\bi\.e\.?|\beg\b|\bsuch as\b|\bincluding\b|"
    r"\bbut not limited to\b|\bbased\b|\bcontaining\b|\btherap(?:y|ies)\b|\btreatments?\b|\bagents?\b|\bdrugs?\b|\bregimens?\b|"
    r"\binhibitors?\b|\ba\b|\ban\b|\bthe\b|\beither\b|\bboth\b|\bof\b|\bprior\b|\bprevious\b|\bmedications?\b|\bdisease\b)"
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern.

    Attributes:
        written: What the author wrote.
        expression: Its regular expression, over masked text, tried only where it can match.
        cues: Words and marks; where none of them occurs the pattern cannot match. Empty: not known.
    """

    written: str
    expression: Sought
    cues: frozenset[str]


class PatternError(ValueError):
    """A pattern that is not well formed."""


class PatternCompiler:
    """Compiles patterns over the vocabularies of a dictionary.

    Args:
        dictionary: Vocabularies that `{name}` may mean.
        macros: Further names for expressions, beside `MACROS`.
    """

    def __init__(self, dictionary: Dictionary, macros: Mapping[str, str] | None = None) -> None:
        self._dictionary = dictionary
        self._macros = {**MACROS, **(macros or {})}
        self._categories = frozenset(dictionary.categories)

    def compile(self, written: str) -> Pattern:
        """Return the compiled pattern.

        Raises:
            PatternError: Brackets that do not close or a name that is neither macro nor vocabulary.
        """
        parser = _Parser(written, self._name)
        expression, cues = parser.parse()
        return Pattern(written, Sought(expression), cues)

    def _name(self, name: str, many: bool) -> tuple[str, frozenset[str]]:
        if name in self._macros:
            return self._macros[name], frozenset()
        if name not in self._categories:
            known = ", ".join(sorted({*self._macros, *self._categories}))
            raise PatternError(f"'{{{name}}}' is neither a macro nor a vocabulary; known: {known}")
        marks = self._dictionary.marks(name)
        one = f"[{marks}]++"
        if many:
            return f"{one}(?:{_LIST_FILLER}{{1,12}}{one})*", frozenset(marks)
        return one, frozenset(marks)


class _Parser:
    """Recursive descent over one pattern; each method returns an expression and the cues of what it read."""

    def __init__(self, written: str, name: object) -> None:
        self._text = written
        self._at = 0
        self._name = name

    def parse(self) -> tuple[str, frozenset[str]]:
        expression, cues = self._alternatives("")
        if self._at < len(self._text):
            raise PatternError(f"'{self._text}': '{self._text[self._at]}' at {self._at} closes nothing")
        return expression, cues

    def _alternatives(self, closing: str) -> tuple[str, frozenset[str]]:
        branches = [self._sequence(closing)]
        while self._peek() == "|":
            self._at += 1
            branches.append(self._sequence(closing))
        cues = (
            frozenset().union(*(found for _, found in branches)) if all(found for _, found in branches) else frozenset()
        )
        return "|".join(expression for expression, _ in branches), cues

    def _sequence(self, closing: str) -> tuple[str, frozenset[str]]:
        out: list[str] = []
        best: frozenset[str] = frozenset()
        while (sign := self._peek()) and sign != "|" and sign != closing:
            if sign == " ":
                self._at += 1
                out.append("[ -]*")
                continue
            if sign in ")]}":
                raise PatternError(f"'{self._text}': '{sign}' at {self._at} closes nothing")
            expression, cues = self._element()
            if expression.endswith(")?") and self._peek() == " ":
                self._at += 1
                expression = f"(?:{expression[:-1]}[ -]*)?" if expression.startswith("(?:") else f"{expression}[ -]*"
            out.append(expression)
            best = _better(best, cues)
        return "".join(out), best

    def _element(self) -> tuple[str, frozenset[str]]:
        sign = self._text[self._at]
        if sign == "(":
            return self._kept(*self._inside("(", ")"))
        if sign == "[":
            expression, _ = self._inside("[", "]")
            name = self._label()
            return (f"(?P<{name}>{expression})?" if name else f"(?:{expression})?"), frozenset()
        if sign == "{":
            return self._named()
        if self._text.startswith("..", self._at):
            self._at += 2
            size = re.compile(r"\d+").match(self._text, self._at)
            self._at = size.end() if size else self._at
            return rf"[^.;]{{0,{size[0] if size else 60}}}?", frozenset()
        if sign == "\\":
            self._at += 2
            return re.escape(self._text[self._at - 1]), frozenset()
        if sign == "^":
            self._at += 1
            return r"\A[^\w\ue000-\uf8ff]*", frozenset()
        word = _WORD.match(self._text, self._at)
        if word is None:
            self._at += 1
            return re.escape(sign), frozenset()
        self._at = word.end()
        if self._peek() == "*":
            self._at += 1
            return rf"\b{word[0]}\w*", frozenset()
        return rf"\b{word[0]}\b", frozenset({word[0]})

    def _inside(self, opening: str, closing: str) -> tuple[str, frozenset[str]]:
        self._at += len(opening)
        expression, cues = self._alternatives(closing)
        if self._peek() != closing:
            raise PatternError(f"'{self._text}': '{opening}' is not closed")
        self._at += 1
        return expression, cues

    def _named(self) -> tuple[str, frozenset[str]]:
        end = self._text.find("}", self._at)
        if end < 0:
            raise PatternError(f"'{self._text}': '{{' is not closed")
        name, _, label = self._text[self._at + 1 : end].partition(":")
        self._at = end + 1
        expression, cues = self._name(name.removesuffix("+"), name.endswith("+"))  # type: ignore[operator]
        return (f"(?P<{label}>{expression})" if label else f"(?:{expression})"), cues

    def _kept(self, expression: str, cues: frozenset[str]) -> tuple[str, frozenset[str]]:
        name = self._label()
        return (f"(?P<{name}>{expression})" if name else f"(?:{expression})"), cues

    def _label(self) -> str:
        label = re.compile(r":([a-z_0-9]+)").match(self._text, self._at)
        if label is None:
            return ""
        self._at = label.end()
        return label[1]

    def _peek(self) -> str:
        return self._text[self._at] if self._at < len(self._text) else ""


def _better(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """Return the cues that occur more rarely: names of vocabularies and long words before common words."""
    return max((one, other), key=_rarity)


def _rarity(cues: frozenset[str]) -> float:
    if not cues:
        return -1.0
    return (
        min(0.0 if cue in COMMON else (20.0 if cue >= "\ue000" else float(len(cue))) for cue in cues) - len(cues) / 50
    )
