"""How a stretch of disease words is parted: cancers with demands of their own, and extents that bind one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.kinds.reading.base import Sentence, both_ways
from her2nav.kinds.reading.tumour_extent import extent_node
from her2nav.kinds.reading.tumour_names import Atom, Run, tumour_of
from her2nav.model.tree import AllOf, AnyOf, Node

_OWN_DEMAND = re.compile(
    r",? ?(?:patients?|participants?|subjects?|tumou?rs?)? ?(?:who|that|which|with|whose)\b[a-z ]{0,30}(?=[\ue000-\uf8ff])"
)


_MARKERS = ("her2", "gene", "marker")


def asks_on(sentence: Sentence, end: int) -> bool:
    """Whether a marker is asked for behind the name: "breast cancer patients who are HER2-low"."""
    found = _OWN_DEMAND.match(sentence.masked, end)
    if found is None:
        return False
    near = sentence.between(end, found.end() + 20)
    return any(hit.id(name) for hit in near[:1] for name in _MARKERS)


def parted(sentence: Sentence, run: Run, segment: list[Atom]) -> Iterator[list[Atom]]:
    """Cut "HER2-positive solid tumours, or breast cancer that is HER2-low" where each cancer has a demand of its own."""
    names = [i for i, atom in enumerate(segment) if atom.hit is not None]
    bio = [atom for atom in run.atoms if atom.kind == "bio" and atom.value != "cancer"]
    before = any(atom.end <= segment[0].start for atom in bio)
    own = any(atom.start >= segment[-1].end for atom in bio) or asks_on(sentence, run.end)
    last = names[-1] if names else 0
    if before and own and len(names) > 1 and {"comma", "or"} <= segment[last].joint:
        yield segment[:last]
        yield segment[last:]
        return
    if (
        sentence.section == "exclusion"
        and len(segment) > 1
        and segment[0].kind == "setting"
        and segment[1].hit is not None
        and "comma" in segment[1].joint
        and ITSELF.match(sentence.text, segment[0].end)
    ):
        # "Metastatic disease, small cell carcinoma, …": entries of a list.
        yield segment[:1]
        yield from parted(sentence, run, segment[1:])
        return
    if (
        sentence.section == "exclusion"
        and len(segment) > 1
        and segment[-1].kind == "setting"
        and segment[-2].hit is not None
        and "or" in segment[-1].joint
        and ITSELF.match(sentence.text, segment[-1].end)
    ):
        # "Inflammatory breast cancer, or metastatic disease": each shuts out.
        yield from parted(sentence, run, segment[:-1])
        yield segment[-1:]
        return
    for i in range(1, len(segment) - 1):
        atom = segment[i]
        if (
            atom.kind == "setting"
            and segment[i - 1].hit is not None
            and atom.joint & {"or", "comma"}
            and segment[i + 1].hit is not None
            and segment[i + 1].joint & {"or", "comma"}
            and ITSELF.match(sentence.text, atom.end)
        ):
            # "Bilateral breast cancer or metastatic disease or inflammatory cancer": three alternatives.
            yield segment[:i]
            yield segment[i : i + 1]
            yield from parted(sentence, run, segment[i + 1 :])
            return
    yield segment


ITSELF = re.compile(r" (?:disease|setting|spread)\b")


_OWN_NOUN = re.compile(r"\b(?:cancers?|carcinomas?|tumou?rs?|adenocarcinomas?|lymphomas?|sarcomas?|melanomas?)\b")


def staged_alone(sentence: Sentence, segment: list[Atom], names: list[Atom], first: int, last: int) -> Node | None:
    """Read "stage III ovarian cancer or gastric cancer": whether the stage is asked of both is not said."""
    ahead = [atom for atom in segment if atom.hit is None]
    if len(names) < 2 or not ahead or any(atom.start > names[0].start for atom in ahead):
        return None
    if not any(atom.kind in ("stage", "tnm") for atom in ahead) or "or" not in names[-1].joint:
        return None
    if not all(_OWN_NOUN.search(sentence.text, atom.start, atom.end) for atom in names):
        return None
    one, others = tumour_of(sentence, names[:1]), tumour_of(sentence, names[1:])
    extent = extent_node([(atom.kind, atom.value, atom.joint) for atom in ahead], [], sentence.text[first:last])
    if one is None or others is None or extent is None:
        return None
    return both_ways(AllOf((AnyOf((one, others)), extent)), AnyOf((AllOf((one, extent)), others)))


OF_MEN = re.compile(r"\bmale\b|\bin men\b")


def or_inflammatory(sentence: Sentence, segment: list[Atom], names: list[Atom]) -> Node | None:
    """Return the second of "locally advanced or inflammatory breast cancer": the extent is not asked of it."""
    if len(names) != 1 or names[0].hit is None or names[0].hit.ids("tumour")[:1] != ("inflammatory_breast",):
        return None
    place = segment.index(names[0])
    parted = place > 0 and place == len(segment) - 1 and names[0].joint & {"or", "comma"}
    return tumour_of(sentence, names) if parted else None
