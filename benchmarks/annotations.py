"""How far the reader agrees with two hand-annotated corpora of eligibility criteria: Chia and Leaf Clinical Trials.

    python benchmarks/annotations.py [--corpus NAME] [--details TYPE] [--what WHAT] [--most N]

Both corpora hold trials of all diseases; a second table counts those that read like oncology alone. An annotation
counts as covered where a leaf of a kind that corresponds to its type overlaps its words. Of those with a number the
table says how often a leaf holds the same number and the same comparison; of those covered, whether both ask for it or
both shut it out. Needs the shared test data (HER2NAV_SHARED, default ../shared).
"""

from __future__ import annotations

import argparse
import os
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from her2nav.criteria.reader import Reader
from her2nav.knowledge.load import load_knowledge
from her2nav.language.numbers import number
from her2nav.model.tree import AllOf, AnyOf, AtLeast, Leaf, Node, Not, When

SHARED = Path(os.environ.get("HER2NAV_SHARED") or Path(__file__).resolve().parents[2] / "shared")
_ILLNESS = frozenset(
    [
        "comorbidity",
        "cardiac_history",
        "lung_disease",
        "ild",
        "infection",
        "viral_infection",
        "bleeding_thrombosis",
        "eye_disease",
        "immune",
        "gastrointestinal",
        "tumour_type",
        "disease_setting",
        "second_malignancy",
        "cns_metastases",
        "leptomeningeal_disease",
        "metastatic_site",
        "peripheral_neuropathy",
        "allergy",
        "pregnancy",
        "her2_status",
        "her2_mutation",
        "hormone_receptor",
        "gene_status",
        "measurable_disease",
        "toxicity_recovery",
        "disease_progression",
        "visceral_crisis",
        "menopausal_status",
        "other_driver",
        "msi_mmr",
    ]
)
_TREATED = frozenset(
    [
        "prior_therapy",
        "washout",
        "concomitant_medication",
        "lines_of_therapy",
        "planned_therapy",
        "procedure",
        "immune",
        "anthracycline_dose",
        "disease_progression",
        "contraception",
        "participation",
    ]
)
_VALUES = frozenset(
    [
        "lab_value",
        "lvef",
        "qtc",
        "performance_status",
        "body_measure",
        "pd_l1",
        "life_expectancy",
        "vital_sign",
        "her2_status",
        "hormone_receptor",
        "toxicity_recovery",
        "peripheral_neuropathy",
        "cardiac_history",
    ]
)
KINDS: dict[str, frozenset[str]] = {
    "condition": _ILLNESS,
    "drug": _TREATED | {"allergy"},
    "procedure": _TREATED | {"tissue_available", "bleeding_thrombosis"},
    "measurement": _VALUES | {"viral_infection", "gene_status", "pregnancy"},
    "age": frozenset({"age"}),
}
"""Kinds of leaves that an annotation of a type can be."""
_CHIA = {
    "Condition": "condition",
    "Drug": "drug",
    "Procedure": "procedure",
    "Measurement": "measurement",
    "Person": "age",
}
_LEAF = {"Condition": "condition", "Drug": "drug", "Procedure": "procedure", "Observation": "measurement", "Age": "age"}
_TURNED = frozenset(
    {"washout", "cns_metastases", "toxicity_recovery", "qtc", "contraception", "participation", "life_expectancy"}
)
"""Kinds whose proposition states what may be, whatever the text denies: their sign says nothing here."""
_ONCOLOGY = re.compile(
    r"\b(?:cancer|carcinoma|tumou?r|malignan\w+|metasta\w+|chemotherapy|lymphoma|leuka?emia|myeloma|sarcoma|melanoma)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_MORE = r"more|older|greater|above|over|higher"
_LESS = r"less|lower|younger|fewer|below|under"
_OPERATORS = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        (">=", rf"≥|>=|=>|at least|(?:or|and) (?:{_MORE})|(?:not|no) (?:{_LESS})|minimum|greater than or equal"),
        ("<=", rf"≤|<=|=<|at most|(?:or|and) (?:{_LESS})|(?:not|no) (?:{_MORE})|maximum|up to|less than or equal"),
        (">", r">|more than|greater than|older than|over|above|exceed"),
        ("<", r"<|less than|lower than|younger than|under|below"),
    )
)
_OPPOSITE = {">=": "<", "<": ">=", "<=": ">", ">": "<="}
_HEADER = {True: "Inclusion Criteria:\n\n", False: "Exclusion Criteria:\n\n"}


@dataclass(slots=True)
class Entity:
    """An annotation: what it is, where, with which number, and whether it is denied."""

    type: str
    start: int
    end: int
    value: str = ""
    denied: bool = False


@dataclass(slots=True)
class Document:
    """A text to read and its annotations; `asked` is None where the text holds both sections."""

    name: str
    text: str
    entities: list[Entity]
    asked: bool | None


@dataclass(slots=True)
class Row:
    """Counts of one type of annotation."""

    annotated: int = 0
    covered: int = 0
    numbers: int = 0
    same_value: int = 0
    operators: int = 0
    same_operator: int = 0
    signs: int = 0
    same_sign: int = 0
    examples: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Read:
    """A leaf as read: its sign, its words, and the bounds it sets on a number."""

    leaf: Leaf
    sign: bool | None
    span: tuple[int, int]


def chia(folder: Path) -> Iterator[Document]:
    """Yield the texts of Chia: one file of inclusion and one of exclusion criteria for each trial."""
    with zipfile.ZipFile(folder / "chia.zip") as archive:
        for name in sorted(archive.namelist()):
            if name.startswith("chia_without_scope/") and name.endswith(".ann"):
                text = archive.read(f"{name[:-4]}.txt").decode()
                yield Document(Path(name).stem, text, _chia_entities(archive.read(name).decode()), "_inc" in name)


def leaf_corpus(folder: Path) -> Iterator[Document]:
    """Yield the texts of the Leaf corpus, which hold both sections."""
    with zipfile.ZipFile(folder / "leaf_ct.zip") as archive:
        for name in sorted(archive.namelist()):
            if name.endswith(".ann"):
                text = archive.read(f"{name[:-4]}.txt").decode()
                yield Document(Path(name).stem, text, _leaf_entities(archive.read(name).decode(), text), None)


CORPORA = {"chia": chia, "leaf": leaf_corpus}


def _spans(annotations: str) -> dict[str, tuple[str, int, int, str]]:
    """Text-bound annotations by id: type, first character, one past the last, words."""
    found = {}
    for line in annotations.splitlines():
        if line.startswith("T"):
            mark, where, words = [*line.split("\t"), ""][:3]
            kind, places = where.split(" ", 1)
            numbers = [int(item) for item in re.findall(r"\d+", places)]
            found[mark] = kind, numbers[0], max(numbers), words
    return found


def _chia_entities(annotations: str) -> list[Entity]:
    spans = _spans(annotations)
    entities = {mark: Entity(_CHIA[kind], start, end) for mark, (kind, start, end, _) in spans.items() if kind in _CHIA}
    for line in annotations.splitlines():
        found = re.match(r"R\d+\t(Has_value|Has_negation) Arg1:(T\d+) Arg2:(T\d+)", line)
        if found and found[2] in entities and found[3] in spans:
            if found[1] == "Has_value":
                entities[found[2]].value = spans[found[3]][3]
            else:
                entities[found[2]].denied = True
    # A person without a number is a sex or a word such as "patients".
    return [item for item in entities.values() if item.type != "age" or item.value]


def _leaf_entities(annotations: str, text: str) -> list[Entity]:
    spans = _spans(annotations)
    events: dict[str, tuple[str, str, dict[str, str]]] = {}
    for line in annotations.splitlines():
        if line.startswith("E"):
            mark, words = line.split("\t", 1)
            (kind, trigger), *arguments = (item.split(":", 1) for item in words.split())
            events[mark] = kind, trigger, dict(arguments)  # type: ignore[arg-type]
    entities: dict[str, Entity] = {}
    for mark, (kind, trigger, arguments) in events.items():
        if kind not in _LEAF or trigger not in spans:
            continue
        _, start, end, _ = spans[arguments.get("Name", trigger) if arguments.get("Name") in spans else trigger]
        value = ""
        comparison = events.get(arguments.get("Numeric-Filter", ""))
        if comparison is not None and comparison[1] in spans:
            _, first, last, _ = spans[comparison[1]]
            value = text[first:last]
        entities[mark] = Entity(_LEAF[kind], start, end, value)
    for kind, _, arguments in events.values():
        if kind == "Negation":
            for name, target in arguments.items():
                if name.startswith("Negates") and target in entities:
                    entities[target].denied = True
    return [item for item in entities.values() if item.type not in ("age", "measurement") or item.value]


def reads(node: Node, span: tuple[int, int] | None, sign: bool | None = True) -> Iterator[Read]:
    """Yield every leaf that was read, with its sign; None in a condition, where neither is asked for."""
    span = node.span or span
    match node:
        case Leaf():
            if node.kind != "unread" and span is not None:
                yield Read(node, sign, span)
        case Not():
            yield from reads(node.part, span, None if sign is None else not sign)
        case When():
            yield from reads(node.when, span, None)
            yield from reads(node.then, span, sign)
        case AllOf() | AnyOf() | AtLeast():
            for part in node.parts:
                yield from reads(part, span, sign)


def bounds(leaf: Leaf) -> set[tuple[str, Decimal]]:
    """Return the comparisons that a leaf states, whole numbers in both ways to write them."""
    data = leaf.params.model_dump(mode="json", exclude_defaults=False)
    found: set[tuple[str, Decimal]] = set()
    written = data.get("value", data.get("percent"))
    if written is not None and data.get("op"):
        found.add((str(data["op"]), Decimal(str(written))))
    elif written is not None:
        found.add((">=", Decimal(str(written))))
    for name, value in data.items():
        if value is None or isinstance(value, bool | list | dict):
            continue
        low = name in ("min", "ecog_min", "karnofsky_min", "min_weeks", "min_grade")
        if low or name in ("max", "ecog_max", "max_ms", "max_grade"):
            limit = Decimal(str(value))
            found |= {(">=", limit), (">", limit - 1)} if low else {("<=", limit), ("<", limit + 1)}
    return found


def operator_of(written: str) -> str | None:
    """Return the comparison in words or signs; None where there is none."""
    return next((name for name, pattern in _OPERATORS if pattern.search(written)), None)


def numbers_of(written: str) -> list[Decimal]:
    """Return the numbers of a value, thousands without commas; a number in words where there is no other."""
    found = [Decimal(item.replace(",", "")) for item in _NUMBER.findall(written)]
    if found:
        return found
    for word in re.findall(r"[a-z]+", written.lower()):
        try:
            return [Decimal(number(word))]
        except ValueError:
            continue
    return []


def compare(document: Document, reader: Reader, rows: dict[str, Row]) -> None:
    """Count the annotations of one text."""
    shift = 0 if document.asked is None else len(_HEADER[document.asked])
    text = document.text if document.asked is None else _HEADER[document.asked] + document.text
    taken = reader.read(text)
    leaves = [item for criterion in taken.criteria for item in reads(criterion.node, criterion.span)]
    asked = {span: criterion.section == "inclusion" for criterion in taken.criteria if (span := criterion.span)}
    for entity in document.entities:
        row = rows.setdefault(entity.type, Row())
        row.annotated += 1
        start, end = entity.start + shift, entity.end + shift
        near = [
            item
            for item in leaves
            if item.leaf.kind in KINDS[entity.type] and item.span[0] < end and item.span[1] > start
        ]
        shown = f"{document.name} «{' '.join(text[max(0, start - 40) : end + 60].split())}» {entity.value}"
        if not near:
            row.examples.setdefault("uncovered", []).append(shown)
            continue
        row.covered += 1
        said = ", ".join(sorted({f"{item.leaf.kind} {_short(item.leaf)}" for item in near}))[:200]
        _numbers(entity, near, row, f"{shown} | {said}")
        section = next((wanted for (one, other), wanted in asked.items() if one <= start < other), None)
        told = [item for item in near if not (entity.denied and item.leaf.kind == "second_malignancy")]
        # The exceptions to another cancer are parameters of its leaf.
        signs = {item.sign for item in told if item.leaf.kind not in _TURNED}
        if section is not None and not entity.value and len(signs) == 1 and None not in signs:
            row.signs += 1
            if signs == {section != entity.denied}:
                row.same_sign += 1
            else:
                row.examples.setdefault("sign", []).append(f"{shown} | {said}")


def _numbers(entity: Entity, near: list[Read], row: Row, shown: str) -> None:
    wanted = numbers_of(entity.value)
    stated = [(item, bounds(item.leaf)) for item in near]
    if not wanted or not any(found for _, found in stated):
        return
    row.numbers += 1
    held = [(item, op, value) for item, found in stated for op, value in found if value in wanted]
    if not held:
        row.examples.setdefault("value", []).append(shown)
        return
    row.same_value += 1
    said = operator_of(entity.value)
    if said is None or len(wanted) > 1:
        return
    row.operators += 1
    if any(op == said or (item.leaf.kind in _TURNED and op == _OPPOSITE[said]) for item, op, _ in held):
        row.same_operator += 1
    else:
        row.examples.setdefault("operator", []).append(shown)


def _short(leaf: Leaf) -> str:
    return str(leaf.params.model_dump(mode="json", exclude_defaults=True))


def _print(title: str, rows: dict[str, Row]) -> None:
    print(title)
    print(f"  {'type':12} {'annotated':>9} {'covered':>13} {'same value':>16} {'same operator':>16} {'same sign':>16}")
    total = Row()
    for kind, row in sorted(rows.items()):
        for name in (
            "annotated",
            "covered",
            "numbers",
            "same_value",
            "operators",
            "same_operator",
            "signs",
            "same_sign",
        ):
            setattr(total, name, getattr(total, name) + getattr(row, name))
        _line(kind, row)
    _line("all", total)


def _line(kind: str, row: Row) -> None:
    cells = (
        (row.covered, row.annotated, 13),
        (row.same_value, row.numbers, 16),
        (row.same_operator, row.operators, 16),
        (row.same_sign, row.signs, 16),
    )
    shown = " ".join(f"{f'{one}/{of} {one / of:.3f}' if of else '-':>{width}}" for one, of, width in cells)
    print(f"  {kind:12} {row.annotated:>9} {shown}")


def main() -> None:
    """Print the agreement of each corpus, all diseases first."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", choices=sorted(CORPORA), help="one corpus alone")
    parser.add_argument("--details", choices=sorted(KINDS), help="examples of one type")
    parser.add_argument("--what", choices=("uncovered", "value", "operator", "sign"), default="uncovered")
    parser.add_argument("--most", type=int, default=40, help="examples shown (default 40)")
    options = parser.parse_args()
    reader = Reader(load_knowledge())
    for name, documents in CORPORA.items():
        if options.corpus not in (None, name):
            continue
        everything: dict[str, Row] = {}
        oncology: dict[str, Row] = {}
        count: Counter[bool] = Counter()
        for document in documents(SHARED / "data/corpora"):
            like = len(_ONCOLOGY.findall(document.text)) > 2
            count[like] += 1
            for rows in (everything, oncology) if like else (everything,):
                compare(document, reader, rows)
        _print(f"{name}: {sum(count.values())} texts, all diseases", everything)
        _print(f"{name}: {count[True]} texts that read like oncology", oncology)
        if options.details and options.details in oncology:
            for example in oncology[options.details].examples.get(options.what, [])[: options.most]:
                print("   ", example)


if __name__ == "__main__":
    main()
