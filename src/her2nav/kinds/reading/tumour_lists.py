"""Lists of cancers of which some have markers of their own: "gastric cancer, HER2-negative breast cancer or melanoma".

Read word by word the marker would bind to the cancer before the comma. Here each entry of the list keeps its own markers
and its own extent; what stands in the first entry alone ("HER2-positive gastric or breast cancer") is left to the rules
that read it for the whole list. So it is with markers in brackets: "NSCLC, gastric cancer (HER2-positive) or sarcoma"
asks for them in gastric cancer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from her2nav.kinds.reading import gene_status, her2_status, hormone_receptor
from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.kinds.reading.tumour_claims import claimed
from her2nav.kinds.reading.tumour_extent import extent_node
from her2nav.kinds.reading.tumour_names import Atom, Run, is_organ, tumour_of
from her2nav.kinds.reading.tumour_parted import asks_on
from her2nav.kinds.reading.tumour_type import CUES, beginning, runs, trimmed
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, leaves

_PARTED = frozenset({"comma", "or", "and", "slash"})
_MARKERS = (her2_status, hormone_receptor, gene_status)
_EXTENT = frozenset({"setting", "stage", "tnm", "residual"})


@dataclass(slots=True)
class _Entry:
    """One cancer of a list, with the words in front of its name."""

    atoms: list[Atom] = field(default_factory=list)

    @property
    def start(self) -> int:
        return self.atoms[0].start

    @property
    def end(self) -> int:
        return self.atoms[-1].end

    @property
    def names(self) -> list[Atom]:
        return [atom for atom in self.atoms if atom.hit is not None]

    @property
    def markers(self) -> list[Atom]:
        return [atom for atom in self.atoms if atom.kind == "bio"]

    @property
    def bracket(self) -> list[Atom]:
        """Markers in brackets behind the name."""
        return [atom for atom in self.atoms if atom.depth]


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    cancers = sum(1 for hit in sentence.hits if hit.ids("tumour"))
    if cancers < 2:
        return
    said: list[Stretched] | None = None
    for run in runs(sentence):
        entries = _entries(run)
        if not all(_closes(sentence.text, entry, run.end) for entry in entries if entry.bracket):
            continue
        first, later = entries[:1], entries[1:]
        alone = all(_in_front(entry) for entry in first) and not any(entry.markers for entry in later)
        behind = bool(entries) and _at_the_end(entries)
        whole = all(not is_organ(atom) for entry in first for atom in entry.names)
        if not later or not (any(entry.markers for entry in later) or first[0].bracket or (alone and whole)):
            continue
        if (alone and asks_on(sentence, run.end)) or ((alone or behind) and _one_family(sentence, entries)):
            continue
        if said is None:
            said = [item for module in _MARKERS for scanner in module.SCANNERS for item in scanner.scan(sentence)]
        start = beginning(sentence.text, run)
        framing = sentence.text[start : run.atoms[0].start]
        extents = [_extent(sentence, entry) for entry in entries]
        # "Advanced gastric cancer, HER2-negative breast cancer or melanoma": all of them are advanced.
        shared = extents[0] if not any(extents[1:]) else None
        read = [
            _parts(sentence, entry, said, None if shared else extent)
            for entry, extent in zip(entries, extents, strict=True)
        ]
        if None in read or not claimed(sentence, start, run, framing):
            continue
        told = [parts for parts in read if parts is not None]
        node = _whose_is_open(told) if behind else _together(told, alone=alone)
        node = AllOf((shared, node)) if shared is not None else node
        yield trimmed(sentence.text, start, entries[-1].end, node)


_FAMILY = 8
"""A type with at most so many narrower ones is one disease for a list: the stomach and its junction."""


def _one_family(sentence: Sentence, entries: list[_Entry]) -> bool:
    """Whether the cancers are parts of one disease, so that a marker in front is asked of all of them."""
    ontology = sentence.knowledge.tumours
    types = [name for entry in entries for atom in entry.names if atom.hit for name in atom.hit.ids("tumour")[:1]]
    shared = set.intersection(*({name, *ontology.wider(name)} for name in types)) if types else set()
    return any(len(tuple(ontology.narrower(name))) <= _FAMILY for name in shared)


def _closes(text: str, entry: _Entry, end: int) -> bool:
    """Whether the run has all that stands in the brackets behind a cancer."""
    depth, at = 0, text.rfind("(", 0, entry.bracket[0].start)
    for place in range(max(at, 0), end):
        depth += (text[place] == "(") - (text[place] == ")")
        if depth == 0:
            return True
    return False


def _in_front(entry: _Entry) -> bool:
    return bool(entry.markers) and not entry.bracket


def _at_the_end(entries: list[_Entry]) -> bool:
    """Whether brackets behind the last cancer alone name markers, so that they may be meant for all."""
    *others, last = entries
    return bool(last.bracket) and not any(entry.markers for entry in others)


def _whose_is_open(read: list[tuple[list[Node], list[Node]]]) -> Node:
    """The last cancer with its markers; whether they are asked of the others too is open."""
    cancers = [_all(names) for names, _ in read]
    *_, (_, markers) = read
    if any(item.kind == "hormone_receptor" for node in markers for item in leaves(node)):
        return _together(read, alone=False)
    open_ = AllOf((_any(cancers[:-1]), leaf("unread", note=_WHOSE)))
    return AnyOf((AllOf((*markers, _any(cancers))), open_))


_WHOSE = "whether the marker is asked of every cancer in the list is not said"


def _together(read: list[tuple[list[Node], list[Node]]], *, alone: bool) -> Node:
    """Alternatives; markers that only the first cancer has in front may be meant for all of them."""
    each = AnyOf(tuple(_all([*names, *markers]) for names, markers in read))
    if not alone:
        return each
    kinds = {item.kind for node in read[0][1] for item in leaves(node)}
    if kinds == {"hormone_receptor"}:
        # Hormone receptors are asked of breast cancer.
        return each
    cancers = [_all(names) for names, _ in read]
    others = _any(cancers[1:])
    open_ = AllOf((others, leaf("unread", note=_WHOSE)))
    return AnyOf((AllOf((*read[0][1], _any(cancers))), open_))


def _any(cancers: list[Node]) -> Node:
    """Any of the cancers; types alone are one leaf."""
    if all(
        isinstance(item, Leaf) and set(item.params.model_dump(exclude_defaults=True)) == {"types"} for item in cancers
    ):
        types = [name for item in cancers for name in item.params.types]  # type: ignore[union-attr]
        return leaf("tumour_type", types=list(dict.fromkeys(types)))
    return cancers[0] if len(cancers) == 1 else AnyOf(tuple(cancers))


def _all(nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else AllOf(tuple(nodes))


def _extent(sentence: Sentence, entry: _Entry) -> Node | None:
    return extent_node(
        [(atom.kind, atom.value, frozenset[str]()) for atom in entry.atoms if atom.kind in _EXTENT],
        [sentence.text[atom.start : atom.end] for atom in entry.names],
        sentence.text[entry.start : entry.end],
    )


def _entries(run: Run) -> list[_Entry]:
    """Cut a run where a comma or "or" stands; nothing where an entry is no cancer or says something behind its name."""
    entries = [_Entry()]
    for atom in run.atoms:
        last = entries[-1]
        if atom.kind == "not_name" or (atom.depth and (atom.kind != "bio" or not last.names)):
            return []
        if atom.depth:
            last.atoms.append(atom)
            continue
        if atom.joint & _PARTED and (last.names or any(item.value == "cancer" for item in last.atoms)):
            entries.append(_Entry())
        elif last.names or any(item.value == "cancer" for item in last.atoms):
            return []
        entries[-1].atoms.append(atom)
    return entries


def _parts(
    sentence: Sentence, entry: _Entry, said: list[Stretched], extent: Node | None
) -> tuple[list[Node], list[Node]] | None:
    """The cancer with its extent, and its markers; None where a word of it is not understood."""
    if entry.bracket:
        # What stands in front of the brackets is one thing, what is in them another.
        first = entry.bracket[0].start
        ahead = _Entry([atom for atom in entry.atoms if not atom.depth])
        own, within = _parts(sentence, ahead, said, extent), _bracketed(sentence, entry.bracket, said, first)
        return None if own is None or within is None else (own[0], [*own[1], within])
    inside = [item for item in said if item.start >= entry.start - 2 and item.end <= entry.end + 2]
    parts: list[Node] = []
    covered: list[Stretched] = []
    for item in sorted(inside, key=lambda item: item.start - item.end):
        if all(item.end <= other.start or item.start >= other.end for other in covered):
            covered.append(item)
            parts.append(item.node)
    for atom in entry.markers:
        if not any(item.start <= atom.start and atom.end <= item.end for item in covered):
            return None
    names = [atom for atom in entry.names if not any(item.start <= atom.start < item.end for item in covered)]
    tumour = tumour_of(sentence, names) if names else None
    if tumour is None and not any(item.kind == "tumour_type" for part in parts for item in leaves(part)):
        return None
    named = [node for node in (tumour, extent) if node is not None]
    return (named, parts) if tumour is not None else (parts, [node for node in (extent,) if node is not None])


def _bracketed(sentence: Sentence, atoms: list[Atom], said: list[Stretched], first: int) -> Node | None:
    """The markers in brackets behind a cancer; those that name a sort of it, or are joined by "or", are alternatives."""
    last = atoms[-1].end
    covered: list[Stretched] = []
    for item in sorted(said, key=lambda item: item.start - item.end):
        if (
            first - 1 <= item.start
            and item.end <= last + 2
            and all(item.end <= one.start or item.start >= one.end for one in covered)
        ):
            covered.append(item)
    if not all(any(item.start <= atom.start and atom.end <= item.end for item in covered) for atom in atoms):
        return None
    nodes = [item.node for item in sorted(covered, key=lambda item: item.start)]
    either = any(atom.value == "cancer" or "or" in atom.joint for atom in atoms)
    return nodes[0] if len(nodes) == 1 else AnyOf(tuple(nodes)) if either else AllOf(tuple(nodes))


_BREAST = {"tumour_type": {"types": "breast"}}
_LOW = {"her2_status": {"any_of": [{"status": "low"}]}}
_NEGATIVE = {"her2_status": {"any_of": [{"status": "negative"}]}}
_ADVANCED = {"disease_setting": {"settings": ["locally_advanced_unresectable", "metastatic"]}}

SCANNERS = (
    Scanner(
        "tumour_type.with_own_markers",
        CUES,
        _scan,
        priority=7,
        texts=(
            (
                "Gastric cancer, HER2-negative breast cancer or melanoma",
                {"any_of": [{"tumour_type": {"types": "gastric"}}, {"all_of": [_BREAST, _NEGATIVE]}, {"tumour_type": {"types": "melanoma"}}]},
            ),
            (
                "Urothelial cancer or advanced HER2-negative breast cancer",
                {"any_of": [{"tumour_type": {"types": "urothelial"}}, {"all_of": [_BREAST, _ADVANCED, _NEGATIVE]}]},
            ),
            (
                "NSCLC, triple-negative breast cancer, or HER2-low gastric cancer",
                {
                    "any_of": [
                        {"tumour_type": {"types": "nsclc"}},
                        {"all_of": [_BREAST, _NEGATIVE, {"hormone_receptor": {"status": "negative"}}]},
                        {"all_of": [{"tumour_type": {"types": "gastric"}}, _LOW]},
                    ]
                },
            ),
            ("HER2-low gastric or breast cancer", None),
        ),
    ),
)  # fmt: skip
