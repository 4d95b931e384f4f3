"""Precision and recall of reading notes, per field, and the time a note takes.

Run: python benchmarks/intake.py [--shared ../shared] [--notes FOLDER] [--misses] [--per-note] [NAME...]

Two sets: the six gold notes of the shared data, and the notes in other styles in `intake_notes/`, each with the values
that it states. A value is right when it equals the expected one, or says the same less exactly (a month for a day) or
more exactly (a narrower tumour type), or in another spelling or unit (Arg273His for R273H, 3100/uL for 3.1 x 10*9/L).
The allele frequencies of variants are counted as a field of their own. `also.yaml` holds what the gold notes state and
their patient files leave out.
"""

import argparse
import gc
import re
import statistics
import time
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from her2nav.intake.notes.read import read_notes
from her2nav.intake.notes.source import note_of, read_note
from her2nav.knowledge.load import Knowledge, load_knowledge
from her2nav.model.dates import PartialDate
from her2nav.variants.residues import ONE_LETTER

HERE = Path(__file__).resolve().parent / "intake_notes"
LEFT_OUT = {"id", "complete", "laboratory=local", "scoring", "major", "organ", "ihc.zero_subtype", "ploidy", "covered"}
UNCOUNTED = {
    "due_to", "ngs.genes_covered", "ngs.vaf_percent", "site", "technique", "dose_gy", "date", "ongoing",
    "uln", "lln",
}  # fmt: skip
"""Further fields of an entry that is right otherwise: they do not count as extra."""
IDENTITY = {
    "specimens": ("collected", "site"), "therapies": ("drugs",), "planned": ("drugs",), "labs": ("name",),
    "procedures": ("kind", "date"), "conditions": ("name",), "medications": ("name",), "allergies": ("substance",),
    "toxicities": ("name",), "lvef": ("percent",), "lesions": ("site",),
}  # fmt: skip
_RESIDUES = re.compile("|".join(ONE_LETTER), re.IGNORECASE)
Fact = tuple[str, str, Any]
Tally = dict[str, list[int]]
"""Right, wrong, missed and extra values of each row of the table."""


class Compare:
    """Equality as a clinician would see it."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.k = knowledge

    def same(self, key: str, expected: Any, found: Any) -> bool:
        if isinstance(expected, list) or isinstance(found, list):
            left, right = _listed(expected), _listed(found)
            if key.endswith(("drugs",)):
                return {self._drug(x) for x in left} == {self._drug(x) for x in right}
            if key.endswith("vaf_percent"):
                return set(left) <= set(right)
            if key.endswith(("variants",)) or key.startswith("biomarkers."):
                return {_variant(x) for x in left} <= {_variant(x) for x in right}
            if key.endswith("genes_covered"):
                return set(left) <= set(right)
            return [str(x) for x in left] == [str(x) for x in right]
        one, two = (str(value).strip().lower().replace("_", " ") for value in (expected, found))
        if one == two or {one, two} == {"strong", "intense"}:
            return True
        try:
            return Decimal(one) == Decimal(two)
        except InvalidOperation:
            pass
        if key.endswith("tumour_type"):
            a, b = self.k.tumours.find(str(expected)), self.k.tumours.find(str(found))
            return a is not None and b is not None and (a in self.k.tumours.wider(b) or b in self.k.tumours.wider(a))
        if key.endswith("histology"):
            a, b = self.k.histologies.find(str(expected)), self.k.histologies.find(str(found))
            return (
                a is not None
                and b is not None
                and (a in self.k.histologies.wider(b) or b in self.k.histologies.wider(a))
            )
        if key.endswith(".ngs.assay"):
            one, two = (re.sub(r"^tso[- ]?500", "trusight oncology 500", name) for name in (one, two))
            return one.removesuffix(" cdx") == two.removesuffix(" cdx")
        if key.startswith("cancer.tnm"):
            return one.lstrip("cp") == two.lstrip("cp") and (one[0] not in "cp" or two[0] not in "cp" or one == two)
        if key.endswith("technique"):
            a, b = self.k.techniques.find(str(expected)), self.k.techniques.find(str(found))
            return a is not None and a == b
        if key == "medications.name":
            return self._drug(one) == self._drug(two)
        if key == "allergies.substance":
            a, b = self.k.substances.find(one), self.k.substances.find(two)
            return (a is not None and a == b) or self._drug(one) == self._drug(two)
        if key in ("conditions.name", "toxicities.name"):
            return self._term(one, two)
        try:
            first, second = PartialDate.parse(one).text, PartialDate.parse(two).text
            return first.startswith(second) or second.startswith(first)
        except ValueError:
            return False

    def lab(self, entry: dict[str, Any]) -> dict[str, Any]:
        """Return a laboratory value, with its limits, in the usual unit; unchanged where the unit is not known."""
        name = self.k.variables.find(str(entry.get("name")))
        usual = self.k.variables.units(name)[0] if name else None
        changed = dict(entry)
        for key in ("value", "uln", "lln"):
            if name and entry.get(key) is not None and entry.get("unit"):
                converted = self.k.variables.convert(name, Decimal(str(entry[key])), str(entry["unit"]))
                if converted is None:
                    return entry
                changed[key] = converted.value
        return {**changed, "name": name, "unit": usual} if name and entry.get("unit") else entry

    def _drug(self, name: Any) -> str:
        names = self.k.drugs.resolve(str(name["name"] if isinstance(name, dict) else name))
        return ",".join(names.drugs or names.classes) or str(name)

    def _term(self, one: str, two: str) -> bool:
        for table in (self.k.conditions, self.k.toxicities):
            a, b = table.find(one), table.find(two)
            if a and b and (a in table.wider(b) or b in table.wider(a)):
                return True
        return False


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _variant(value: Any) -> str:
    text = value if isinstance(value, str) else f"{value.get('gene', '')} {value.get('hgvs') or value.get('name', '')}"
    last: str = re.sub(r"p\.|[()]", "", text).split()[-1]
    return _RESIDUES.sub(lambda found: ONE_LETTER[found.group().lower()], last).lower()


def _frequencies(variants: Any) -> list[tuple[str, str]]:
    pairs = [(_variant(one), one.get("vaf_percent")) for one in _listed(variants) if isinstance(one, dict)]
    return sorted((name, f"{Decimal(str(share)).normalize():f}") for name, share in pairs if share is not None)


def _flat(record: Any, path: str = "") -> list[tuple[str, Any]]:
    if not isinstance(record, dict):
        return [(path, record)]
    return [pair for key, value in record.items() for pair in _flat(value, f"{path}.{key}" if path else key)]


def facts(patient: dict[str, Any]) -> tuple[list[Fact], dict[str, list[dict[str, Any]]]]:
    """Return single facts and lists of entries."""
    singles: list[Fact] = []
    lists: dict[str, list[dict[str, Any]]] = {}
    cardiac = dict(patient.get("cardiac") or {})
    if "lvef_percent" in cardiac:
        cardiac["lvef"] = [{k[5:]: cardiac.pop(k) for k in list(cardiac) if k.startswith("lvef_")}]
    cardiac.pop("history", None)
    lists["lvef"] = cardiac.pop("lvef", [])
    cancer = dict(patient.get("cancer") or {})
    measured = cancer.pop("lesions", None) or cancer.get("measurable_disease")
    if isinstance(measured, list):
        lists["lesions"] = measured
        cancer.pop("measurable_disease", None)
    patient = {**patient, "cancer": cancer}
    for key, value in {**patient, "cardiac": cardiac}.items():
        if key in LEFT_OUT:
            continue
        if isinstance(value, list):
            lists[key] = value
        else:
            for path, item in _flat(value, key):
                if item is None or path.split(".")[-1] in LEFT_OUT:
                    continue
                if path == "cancer.metastatic_sites":
                    singles += [(path, str(site), site) for site in item] or [(path, "none", "none")]
                else:
                    singles.append((path, "", item))
    return singles, lists


def group_of(path: str) -> str:
    """Return the row of the table that a path belongs to."""
    parts = path.split(".")
    if parts[0] == "specimens":
        return "her2" if parts[1] in ("ihc", "ish", "ngs", "her2_reported") else "specimens"
    if parts[0] == "cancer":
        return "cancer." + ("cns" if parts[1] == "cns" else parts[1])
    return parts[0]


def score(expected: dict[str, Any], found: dict[str, Any], compare: Compare, tally: Tally, misses: list[str]) -> None:
    """Count right, wrong and missed values of one note."""
    wanted, wanted_lists = facts(expected)
    had, had_lists = facts(found)
    left = list(had)
    for path, key, value in wanted:
        match = next(
            (one for one in left if one[0] == path and (one[1] == key or path != "cancer.metastatic_sites")), None
        )
        if match is None:
            _count(tally, misses, path, "missed", value, None)
            continue
        left.remove(match)
        _count(tally, misses, path, "right" if compare.same(path, value, match[2]) else "wrong", value, match[2])
    for path, _, value in left:
        _count(tally, misses, path, "extra", None, value)
    for name in {*wanted_lists, *had_lists}:
        _score_list(name, wanted_lists.get(name, []), had_lists.get(name, []), compare, tally, misses)


def _paired(name: str, wanted: list[Any], had: list[Any], compare: Compare) -> dict[int, int]:
    """Return which found entry stands for which expected one; the pairs that are most alike first."""
    alike = sorted(
        (
            (-_likeness(name, entry, one, compare), i, j)
            for i, entry in enumerate(wanted)
            for j, one in enumerate(had)
            if _likeness(name, entry, one, compare) > 0
        )
    )
    pairs: dict[int, int] = {}
    for _, i, j in alike:
        if i not in pairs and j not in pairs.values():
            pairs[i] = j
    return pairs


def _fields(entry: Any) -> dict[str, Any]:
    flat = dict(_flat(entry))
    shares = _frequencies(flat.get("ngs.variants", []))
    return {**flat, "ngs.vaf_percent": shares} if shares else flat


def _score_list(
    name: str, wanted: list[Any], had: list[Any], compare: Compare, tally: Tally, misses: list[str]
) -> None:
    if name == "labs":
        wanted, had = [compare.lab(one) for one in wanted], [compare.lab(one) for one in had]
    pairs = _paired(name, wanted, had, compare)
    for i, entry in enumerate(wanted):
        mine, theirs = _fields(entry), _fields(had[pairs[i]]) if i in pairs else {}
        for key, value in mine.items():
            if (
                key in LEFT_OUT
                or key.split(".")[-1] in LEFT_OUT
                or f"{key.split('.')[-1]}={value}" in LEFT_OUT
                or value is None
            ):
                continue
            if key not in theirs:
                _count(tally, misses, f"{name}.{key}", "missed", value, None)
            else:
                right = compare.same(f"{name}.{key}", value, theirs[key])
                _count(tally, misses, f"{name}.{key}", "right" if right else "wrong", value, theirs[key])
        for key, value in theirs.items():
            if key not in mine and key.split(".")[-1] not in LEFT_OUT and key not in UNCOUNTED:
                _count(tally, misses, f"{name}.{key}", "extra", None, value)
    for j, entry in enumerate(had):
        if j in pairs.values():
            continue
        for key, value in _flat(entry):
            if key.split(".")[-1] not in LEFT_OUT:
                _count(tally, misses, f"{name}.{key}", "extra", None, value)


def _likeness(name: str, expected: dict[str, Any], found: dict[str, Any], compare: Compare) -> float:
    mine, theirs = dict(_flat(expected)), dict(_flat(found))
    needed = IDENTITY.get(name, ())
    if name == "specimens":
        total = 0.1
        for key in ("collected", "site", "ihc.score", "kind", "organ", "ihc.laboratory"):
            if mine.get(key) is not None and key in theirs:
                total += 1 if compare.same(f"{name}.{key}", mine[key], theirs[key]) else -1
        return (
            total + 0.01 * sum(1 for key in mine if key in theirs) - 0.01 * sum(1 for key in theirs if key not in mine)
        )
    if any(
        key in mine and (key not in theirs or not compare.same(f"{name}.{key}", mine[key], theirs[key]))
        for key in needed
    ):
        return 0
    same = sum(1 for key in mine if key in theirs and compare.same(f"{name}.{key}", mine[key], theirs[key]))
    return 1 + same


def _count(tally: Tally, misses: list[str], path: str, kind: str, expected: Any, found: Any) -> None:
    row = tally[group_of(path)]
    row[{"right": 0, "wrong": 1, "missed": 2, "extra": 3}[kind]] += 1
    if kind != "right":
        misses.append(f"  {kind:6} {path}: expected {expected!r}, read {found!r}")


def _rates(rows: Iterable[list[int]]) -> str:
    right, wrong, missed, extra = (sum(column) for column in zip(*rows, strict=True))
    return f"{right / max(1, right + wrong + extra):6.3f}{right / max(1, right + wrong + missed):7.3f}"


def table(tally: Tally) -> None:
    print(f"{'field':28}{'right':>6}{'wrong':>6}{'missed':>7}{'extra':>6}{'precision':>10}{'recall':>8}")
    rows = {**dict(sorted(tally.items())), "ALL": [sum(row[i] for row in tally.values()) for i in range(4)]}
    for name, row in rows.items():
        print(f"{name:28}{row[0]:6}{row[1]:6}{row[2]:7}{row[3]:6}    {_rates([row])}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    parser.add_argument("--notes", type=Path, help="measure the notes of this folder only (NAME.txt beside NAME.yaml)")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--per-note", action="store_true", help="one line for each note: HER2 fields, then all fields")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    gc.set_threshold(1_000_000)  # as the command line does
    started = time.process_time()
    knowledge = load_knowledge()
    compare = Compare(knowledge)
    read_notes([note_of("ECOG 1", "warm")], knowledge)
    print(f"knowledge and vocabulary: {time.process_time() - started:.2f} s")
    also = yaml.safe_load((HERE / "also.yaml").read_text()) if (HERE / "also.yaml").exists() else {}
    gold = sorted((options.shared / "data/gold/patients").glob("*.note.txt"))
    sets = {"gold notes": [(p, p.with_name(p.name.replace(".note.txt", ".yaml"))) for p in gold],
            "notes in other styles": [(p, p.with_suffix(".yaml")) for p in sorted(HERE.glob("*.txt"))]}  # fmt: skip
    if options.notes:
        sets = {"notes of the folder": [(p, p.with_suffix(".yaml")) for p in sorted(options.notes.glob("*.txt"))]}
    for title, pairs in sets.items():
        tally: Tally = defaultdict(lambda: [0, 0, 0, 0])
        for note, expected in pairs:
            if options.names and not any(name in note.name for name in options.names):
                continue
            misses: list[str] = []
            wanted = _merged(_load(expected), also.get(note.name.split(".")[0], {}))
            reading = read_notes([read_note(note)], knowledge)
            own: Tally = defaultdict(lambda: [0, 0, 0, 0])
            score(wanted, reading.patient, compare, own, misses)
            for name, row in own.items():
                tally[name] = [one + two for one, two in zip(tally[name], row, strict=True)]
            if options.per_note:
                print(f"{note.name:36} HER2 {_rates([own['her2']])}   all {_rates(own.values())}")
            if options.misses and misses:
                print(f"{note.name}", *misses, sep="\n")
        print(f"\n{title}: {len(pairs)}")
        table(tally)
    _speed(sets, knowledge)


def _load(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(path.read_text(), yaml.BaseLoader)  # noqa: S506
    typed: dict[str, Any] = _typed(loaded)
    return typed


def _typed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _typed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_typed(item) for item in value]
    return {"true": True, "false": False, "null": None, "": None}.get(value, value)


def _merged(base: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in more.items():
        known = merged.get(key)
        if isinstance(known, dict) and isinstance(value, dict):
            merged[key] = _merged(known, value)
        elif isinstance(known, list) and isinstance(value, list):
            merged[key] = known + value
        else:
            merged[key] = value
    return merged


def _speed(sets: dict[str, list[tuple[Path, Path]]], knowledge: Knowledge) -> None:
    texts = [read_note(note).text for pairs in sets.values() for note, _ in pairs]
    joined = "\n\n".join(texts)
    for size in (3_000, 50_000, 200_000):
        text = (joined * (size // len(joined) + 1))[:size]
        times = []
        for _ in range(7 if size < 10_000 else 1):
            started = time.process_time()
            read_notes([note_of(text, "timed")], knowledge)
            times.append(time.process_time() - started)
        print(f"{size / 1000:6.0f} kB: {statistics.median(times) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
