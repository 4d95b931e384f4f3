"""Types and histologies that a list of names means together."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from her2nav.kinds.reading.base import Sentence, leaf
from her2nav.language.dictionary import Hit
from her2nav.model.tree import AllOf, AnyOf, Node

_NON_SQUAMOUS = re.compile(r"\bnon-? ?squamous\b")


@dataclass(frozen=True, slots=True)
class Atom:
    """A name or a word on the extent of the disease, with how it is joined to what stands before."""

    kind: str
    start: int
    end: int
    joint: frozenset[str]
    depth: int
    hit: Hit | None = None
    value: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of disease words."""

    atoms: tuple[Atom, ...]
    start: int
    end: int


_ADJECTIVES = frozenset({"in_situ", "diffuse", "intestinal", "mixed"})
"""Histologies whose names say much else too: "intestinal infection", "mixed genotypes"."""


def is_organ(atom: Atom) -> bool:
    """Whether a name means an organ: a cancer only beside a word that says so."""
    assert atom.hit is not None
    if set(atom.hit.ids("histology")) & _ADJECTIVES and not atom.hit.ids("tumour"):
        return True
    return bool(atom.hit.ids("site") or atom.hit.ids("tumour_site") or atom.value == "organ")


def tumour_of(sentence: Sentence, names: list[Atom]) -> Node | None:
    """Types and histologies of a list of names."""
    if not names:
        return None
    if _is_mixture(sentence, names):
        of = {one for atom in names if atom.hit is not None for one in atom.hit.ids("tumour")[:1]}
        mixture = leaf("unread", note="a mixture of histologies")
        return AllOf((leaf("tumour_type", types=[*of]), mixture)) if len(of) == 1 else mixture
    types: list[str] = []
    histologies: list[str] = []
    other: list[str] = []
    examples: list[str] = []
    own: dict[str, list[str]] = {}
    own_other: dict[str, list[str]] = {}
    held: dict[str, list[list[str]]] = {}
    """What the names of each type hold of histologies, one list for each name."""
    attached = True
    for i, atom in enumerate(names):
        assert atom.hit is not None
        ids = atom.hit.ids("tumour")[:1] or atom.hit.ids("tumour_site")[:1]
        owner = _owner(names, i) or _beside(names, i)
        if _in_situ_too(sentence, names, i):
            # "DCIS or invasive breast cancer" takes both.
            continue
        if atom.kind == "not_name":
            (other if owner is None else own_other.setdefault(owner, [])).extend(atom.hit.ids("histology"))
        elif ids:
            types += ids
            sorts = _within_name(sentence, atom)
            held.setdefault(ids[0], []).append(sorts)
            if _NON_SQUAMOUS.search(sentence.text[atom.start : atom.end]):
                other.append("squamous_cell")
        elif sentence.section == "inclusion" and _example(names, i) and not _of_them(sentence, names, i):
            examples += atom.hit.ids("histology")
        elif owner is not None:
            own.setdefault(owner, []).extend(atom.hit.ids("histology"))
        else:
            histologies += atom.hit.ids("histology")
            attached = attached and (
                _attaches(names, i) or _of_them(sentence, names, i) or _shares_organ(sentence, names, i)
            )
    for item, lists in held.items():
        if all(lists):  # where a type stands without one too, it is any
            own.setdefault(item, []).extend(one for found in lists for one in found)
    types, histologies, other = _without_both(sentence, types, histologies, other)
    own, own_other = _not_in(own, own_other), _not_in(own_other, own)
    if (own or own_other) and len(types) > 1:
        return AnyOf(
            tuple(
                leaf(
                    "tumour_type",
                    types=[item],
                    histologies=own.get(item, []),
                    **_but([*other, *own_other.get(item, [])]),
                )
                for item in types
            )
        )
    histologies += [item for found in own.values() for item in found]
    other += [item for found in own_other.values() for item in found]
    alone, histologies, other = _without_both(sentence, types[:1] if len(types) == 1 else [], histologies, other)
    types = _of_breast(sentence, alone or types, histologies, names)
    common = _but(other)
    if histologies and any(_shares_organ(sentence, names, i) for i in range(len(names) - 1)):
        # The last name says a histology too: "carcinoma of the pancreas" lets in any.
        last = sentence.text[names[-1].start : names[-1].end]
        histologies = [*histologies, "adenocarcinoma"] if "adenocarcinoma" in last else []
    if types and histologies and not attached:
        return AnyOf((leaf("tumour_type", types=types, **common), leaf("tumour_type", histologies=histologies)))
    if types == ["inflammatory_breast"] and not histologies and not common:
        # It is a state of a breast cancer: a category below T4 tells that it is none, whatever the tumour type says.
        return AllOf((leaf("tumour_type", types=["breast"]), leaf("disease_setting", inflammatory=True)))
    if on_both_sides(types) and JUNCTION_OUT.search(sentence.text) is None:
        # Between stomach and gullet lies the junction: where both are taken, so is what lies between.
        types.append("gej")
    if examples and types and not histologies:
        # Of histologies that are not among the examples it is not said.
        named = leaf("tumour_type", types=types, histologies=list(dict.fromkeys(examples)), **common)
        return AnyOf((named, AllOf((leaf("tumour_type", types=types, **common), leaf("unread", note=_EXAMPLES)))))
    return leaf("tumour_type", types=types, histologies=[*histologies, *examples], **common)


_ABOVE_JUNCTION = frozenset({"oesophageal", "oesophageal_adenocarcinoma"})


def on_both_sides(types: Collection[str]) -> bool:
    """Whether cancers of the stomach and of the gullet are taken, and no others of the junction are named."""
    return "gastric" in types and not _ABOVE_JUNCTION.isdisjoint(types) and "gej" not in types


JUNCTION_OUT = re.compile(
    r"\b(?:exclud\w+|except\w*|other than|without|not|no|non)\b[^.;]{0,60}(?:junction|\bge?j\b|\bgoj\b|\begj\b)|(?:junction\w*|\bge?j\b|\bgoj\b|\begj\b)[^.;]{0,60}\b(?:exclud\w+|ineligible|not)\b"
)
"""Words that take the junction out of a list."""

_EXAMPLES = "whether the histologies named are examples"


def _example(names: list[Atom], place: int) -> bool:
    """Whether a histology is one of the examples behind a cancer: "lung cancer, including adenocarcinoma" is any."""
    given = next((i for i, atom in enumerate(names) if i and "examples" in atom.joint), None)
    return (
        given is not None
        and place >= given
        and any(atom.hit is not None and atom.hit.ids("tumour") for atom in names[:given])
    )


_IN_SITU = frozenset({"in_situ", "ductal_in_situ", "lobular_in_situ"})
_EITHER = re.compile(r"\bor\b|/")
_INVASIVE = re.compile(r"\b(?:invasive|infiltrating)\b")


def _in_situ_too(sentence: Sentence, names: list[Atom], place: int) -> bool:
    """Whether a cancer in situ stands beside the invasive one: "DCIS or early invasive breast cancer"."""
    atom, following = names[place], names[place + 1] if place + 1 < len(names) else None
    if atom.hit is None or following is None or atom.hit.ids("tumour"):
        return False
    alone = set(atom.hit.ids("histology")) <= _IN_SITU and bool(atom.hit.ids("histology"))
    between = sentence.text[atom.end : following.start]
    return (
        alone
        and following.hit is not None
        and bool(following.hit.ids("tumour"))
        and _EITHER.search(between) is not None
        and _INVASIVE.search(sentence.text, atom.end, following.end) is not None
    )


def _without_both(
    sentence: Sentence, types: list[str], histologies: list[str], other: list[str]
) -> tuple[list[str], list[str], list[str]]:
    """Return lists without histologies that are taken and left out: "squamous or non-squamous" is any."""
    ontology, own = sentence.knowledge.tumours.types, list[str]()
    wide: list[str] = []
    for item in types:
        histology = ontology[item].histology
        taken = histology is not None and histology in other
        own += [histology] if histology is not None and taken else []
        wide += (ontology[item].parents[:1] or (item,)) if taken else (item,)
    both = {*histologies, *own} & set(other)
    return (
        list(dict.fromkeys(wide)),
        [item for item in dict.fromkeys(histologies) if item not in both],
        [item for item in other if item not in both],
    )


def _not_in(taken: dict[str, list[str]], left_out: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the histologies that each cancer has in brackets without those that its brackets also name otherwise.

    "Lung cancer (squamous or non-squamous)" is any lung cancer.
    """
    kept = {name: [item for item in found if item not in left_out.get(name, ())] for name, found in taken.items()}
    return {name: found for name, found in kept.items() if found}


_DUCTAL, _LOBULAR = "ductal", re.compile(r"\blobular\b")


def _of_breast(sentence: Sentence, types: list[str], histologies: list[str], names: list[Atom]) -> list[str]:
    """Name the two common histologies of breast cancer in full: "ductal" alone is a word for the pancreas too."""
    breast = {"breast", *sentence.knowledge.tumours.narrower("breast")}
    if _DUCTAL in histologies and types and set(types) <= breast:
        said = ["invasive_ductal"]
        if _LOBULAR.search(sentence.text, names[0].start, min(len(sentence.text), names[-1].end + _NEAR)):
            said.append("invasive_lobular")
        histologies[:] = [item for item in histologies if item not in (_DUCTAL, *said)] + said
    return types


_NEAR = 40


def _but(histologies: list[str]) -> dict[str, object]:
    return {"except_histologies": list(dict.fromkeys(histologies))} if histologies else {}


_OWN_SORT = frozenset({"metaplastic", "paget"})
"""Histologies that few cancers of a type have: a name that holds one means no other."""


def _within_name(sentence: Sentence, atom: Atom) -> list[str]:
    """Histologies that the name of a type holds: "metaplastic breast cancer" is not every breast cancer."""
    assert atom.hit is not None
    found = [item for item in atom.hit.ids("histology") if item in _OWN_SORT]
    if "in situ" in sentence.text[atom.start : atom.end] and not found:
        found = ["in_situ"]
    if not found and not _OF_MANY_SORTS.isdisjoint(atom.hit.ids("tumour")):
        words = _SORT.search(sentence.text, atom.start, atom.end)
        told = sentence.knowledge.histologies.find(_SHORT.get(words[0], words[0])) if words is not None else None
        found = [told] if told is not None else []
    return found


_OF_MANY_SORTS = frozenset({"ovarian", "endometrial"})
"""Types whose names in the vocabulary hold their histology: "high grade serous ovarian cancer" is not every one."""
_SORT = re.compile(
    r"\b(?:(?:high|low)[- ]grade serous|serous|clear[- ]cell|endometrioid|mucinous|carcinosarcoma|hgsoc|hgsc|lgsoc|lgsc)\b"
)
_SHORT = {"hgsoc": "hgsc", "lgsoc": "lgsc"}


_MIXED = re.compile(r"\b(?:mixed|mixture of|mixtures of|combined|combination of)\b")


_MIXED_PAIR = re.compile(r"\b(?:mixed|combined)\b[^,;.]{2,60}/[ a-z]")
"""Two parts of a mixture with a stroke between them."""
_TWO = 2


def _is_mixture(sentence: Sentence, names: list[Atom]) -> bool:
    """Whether several names are parts of one tumour: "mixed small cell and non-small cell", "mixed SCLC/NSCLC"."""
    before = sentence.text[max(0, names[0].start - 12) : names[-1].end]
    if len(names) < _TWO or _MIXED.search(before) is None:
        return False
    return any("and" in atom.joint for atom in names[1:]) or _MIXED_PAIR.search(before) is not None


def _owner(names: list[Atom], place: int) -> str | None:
    """The type before the bracket that a histology stands in: "lung cancer (adenocarcinoma or squamous)"."""
    depth = names[place].depth
    if not depth:
        return None
    for before in reversed(names[:place]):
        assert before.hit is not None
        ids = before.hit.ids("tumour")
        if before.depth < depth:
            return ids[0] if ids else None
    return None


_PARTED = frozenset({"comma", "or", "and", "slash"})


def _beside(names: list[Atom], place: int) -> str | None:
    """The type right behind a histology that a list of other types stands before: "gastric, small cell lung"."""
    earlier = [atom for atom in names[:place] if atom.hit is not None and atom.hit.ids("tumour")[:1]]
    following = names[place + 1] if place + 1 < len(names) else None
    if not earlier or following is None or following.hit is None or following.joint or not names[place].joint & _PARTED:
        return None
    ids = following.hit.ids("tumour")[:1] or following.hit.ids("tumour_site")[:1]
    return ids[0] if ids else None


_WITH_HISTOLOGY = re.compile(r"\bwith (?:\w+ )?(?:histolog|subtype|features)")


def _of_them(sentence: Sentence, names: list[Atom], place: int) -> bool:
    """Whether the words say that histologies are those of the cancer in front: "with histologies including clear cell"."""
    return _WITH_HISTOLOGY.search(sentence.text, names[0].start, names[place].start) is not None


_OF_ORGAN = re.compile(r"\b(?:of|in) (?:the )?\w")


def _shares_organ(sentence: Sentence, names: list[Atom], place: int) -> bool:
    """Whether the organ behind the next name binds this one too: "adenocarcinoma or carcinoma of the pancreas"."""
    following = names[place + 1 :]
    if not following or "or" not in following[-1].joint:
        return False
    *between, last = following
    bare = all(item.hit is not None and not item.hit.ids("tumour") for item in between)
    named = last.hit is not None and bool(last.hit.ids("tumour"))
    return bare and named and _OF_ORGAN.search(sentence.text, last.start, last.end) is not None


def _attaches(names: list[Atom], place: int) -> bool:
    """Whether a histology narrows the types beside it ("adenocarcinoma of the stomach") or stands beside them."""
    atom = names[place]
    before = names[place - 1] if place else None
    if len(names) == 1:
        return True
    if before is not None and is_organ(before) and not atom.joint & {"comma", "or", "and", "slash"}:
        return True
    if before is not None and not atom.joint & {"comma", "or", "and", "slash"}:
        return True
    for later in names[place + 1 :]:
        if later.hit is not None and (later.hit.ids("tumour") or later.hit.ids("tumour_site")):
            return "of" in later.joint or not later.joint & {"comma", "or", "and", "slash"}
    return bool(before is not None and is_organ(before))
