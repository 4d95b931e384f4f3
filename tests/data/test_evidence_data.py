"""The shipped studies and conflicts: complete, resolved, covered cell by cell, in our own words."""

import importlib.util
import json
import re

import pytest

from her2nav.evidence.library import citations, conflict_faults, faults, library
from her2nav.knowledge.citations import source_of
from her2nav.knowledge.conflicts import conflict_file
from her2nav.knowledge.load import load_knowledge


@pytest.fixture(scope="module")
def knowledge():
    return load_knowledge()


@pytest.fixture(scope="module")
def stock(knowledge):
    return library(knowledge)


@pytest.fixture(scope="module")
def conflicts(knowledge):
    return conflict_file(knowledge).conflicts


@pytest.fixture(scope="module")
def listed(shared):
    return json.loads((shared / "seed-facts/facts.json").read_text(encoding="utf-8"))


def test_every_name_leads_somewhere(stock, knowledge):
    assert list(faults(stock, knowledge)) == []
    assert list(conflict_faults(stock, knowledge)) == []


def test_keys_of_facts_are_of_known_kinds(conflicts, knowledge):
    from her2nav.testing.rulebook import rulebook

    assays = {one.id for one in rulebook(knowledge).assays}
    beside = {"ngs", "ctdna"}
    kinds = set()
    for one in conflicts:
        for fact in one.facts:
            kind, _, path = fact.partition(":")
            kinds.add(kind)
            first = path.partition("/")[0]
            if kind == "assay":
                assert first in assays, fact
            if kind == "rule":
                assert first in knowledge.tumours.types or first in beside, fact
            if kind == "guideline":
                assert first in knowledge.tumours.types, fact
    assert kinds == {
        *("study", "trial", "drug", "approval", "variant", "rule", "figure", "assay"),
        *("guideline", "safety", "matching", "biology", "document", "term"),
    }


def test_every_study_and_figure_has_a_source_and_a_confidence(stock, knowledge):
    for name, citation in citations(stock):
        assert knowledge.sources[source_of(citation)].how_read, name
    assert all(study.cite and study.confidence for study in stock.studies.values())


def test_a_registry_number_has_its_form(stock):
    form = re.compile(r"^(NCT\d{8}|UMIN\d{9})$")
    for study in stock.studies.values():
        assert all(form.match(number) for number in study.registry), study.id


def test_only_the_two_heracles_cohorts_share_a_number(stock):
    seen = {}
    for study in stock.studies.values():
        for number in study.registry:
            seen.setdefault(number, []).append(study.id)
    shared = {number: ids for number, ids in seen.items() if len(ids) > 1}
    assert shared == {"NCT03225937": ["heracles_b", "heracles_a"]}


def test_all_contradictions_are_there_with_their_severity_and_places(conflicts, listed):
    severity = {"H": "high", "M": "medium", "L": "low"}
    ours = {one.id: one for one in conflicts}
    assert len(listed["conflicts"]) == 141
    for theirs in listed["conflicts"]:
        mine = ours[theirs["id"]]
        assert mine.severity == severity[theirs["severity"]], mine.id
        cited = {c.removeprefix("seed_").replace("#", ":") for claim in mine.claims for c in claim.cite}
        assert set(theirs["src"]) <= cited, (mine.id, set(theirs["src"]) - cited)
        assert len(mine.claims) >= 2, mine.id


def test_all_errata_are_there(conflicts, shared):
    text = (shared / "domain/seed_errata.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if re.match(r"\| 00[0-4] \|", line)]
    held = {row for one in conflicts for row in one.errata}
    assert held == set(range(1, len(rows) + 1))


def test_corrections_from_memory_alone_decide_nothing(conflicts):
    weak = {one.id for one in conflicts if one.unverified}
    assert weak == {"C12", "D20", "D33", "E06", "E21", "R04"}
    assert not any(one.changes_answer for one in conflicts if one.unverified)


def test_every_study_of_the_source_documents_has_its_numbers(stock, listed):
    """Every response rate, control rate, PFS, OS and duration listed stands in a study of the same registry number."""
    by_number = {number: study for study in stock.studies.values() for number in study.registry}
    checked = 0
    for theirs in listed["studies"]:
        study = by_number.get((theirs["registry_id"] or "").split(" ")[0])
        if study is None:
            continue
        held = {str(r.value) for s in stock.studies.values() if set(s.registry) & set(study.registry)
                for arm in s.arms for r in arm.results}  # fmt: skip
        values = {float(value) for value in held if re.fullmatch(r"[\d.]+", value)}
        for result in theirs["results"] or ():
            for name in ("orr_pct", "dcr_pct", "pfs_m", "os_m", "dor_m", "ttr_m"):
                number = result.get(name)
                if isinstance(number, (int, float)) and (theirs["id"], number) != ("mountaineer", 38):
                    assert float(number) in values, (theirs["id"], name, number)
                    checked += 1
    assert checked > 50


@pytest.fixture(scope="module")
def tables(root):
    spec = importlib.util.spec_from_file_location("source_tables", root / "scripts" / "source_tables.py")
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["source_tables"] = module
    spec.loader.exec_module(module)
    return module


def test_every_cell_of_the_source_tables_has_a_place(tables, shared):
    found = tables.places(shared / "seeds")
    assert [(one.cell.first, one.cell.column, one.where) for one in found if one.state == "missing"] == []
    count = {}
    for one in found:
        count[one.cell.table] = count.get(one.cell.table, 0) + 1
    assert count == {
        "seed_004 Table 1": 130,
        "seed_004 Table 2": 189,
        "seed_002 Table 1": 104,
        "seed_002 Table 2": 55,
        "seed_002 Table 3": 47,
        "seed_002 Table 4": 54,
        "seed_001 Table 1": 52,
    }
    assert {one.cell.column for one in found if one.state == "elsewhere"} == {"Study title"}


def test_a_number_that_is_not_held_is_seen(tables, stock, knowledge):
    cell = tables.Cell("seed_004 Table 1", 95, 95, "ORR", "31.8%")
    assert tables.place(knowledge, stock, cell, "orr").state == "missing"
    nowhere = tables.Cell("seed_004 Table 1", 5, 5, "ORR", "31.9%")
    assert tables.place(knowledge, stock, nowhere, "orr").state == "missing"


def _sentences(value):
    if isinstance(value, str) and value.count(" ") > 6:
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _sentences(item)
    elif isinstance(value, list):
        for item in value:
            yield from _sentences(item)


def test_no_sentence_of_the_documents_is_shipped(knowledge, shared):
    def folded(text):
        return re.sub(r"\W+", " ", text.lower())

    paths = [
        *(shared / "seeds").glob("*.txt"),
        shared / "seed-facts/contradictions.md",
        shared / "domain/seed_errata.md",
    ]
    theirs = [folded(path.read_text(encoding="utf-8")) for path in paths]
    names = ["conflicts.yaml", *knowledge.bundle.folder("studies/")]
    for name in names:
        for sentence in _sentences(knowledge.bundle.files[name]):
            ours = folded(sentence)
            for start in range(0, max(1, len(ours) - 80), 10):
                part = ours[start : start + 80]
                assert len(part) < 80 or not any(part in text for text in theirs), (name, sentence)


def _grade(sentences):
    """Return the Flesch-Kincaid grade of sentences; syllables are counted as groups of vowels."""
    words = [word for sentence in sentences for word in re.findall(r"[A-Za-z0-9+-]+", sentence)]
    vowels = [re.sub(r"(?<!l)e$", "", word.lower()) for word in words]
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", word))) for word in vowels)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def test_plain_sentences_are_under_the_reading_grade(conflicts):
    sentences = {one.id: one.plain for one in conflicts if one.plain}
    assert _grade(list(sentences.values())) < 7
    assert {name: grade for name, text in sentences.items() if (grade := _grade([text])) > 9} == {}


def test_plain_sentences_are_plain(conflicts, knowledge):
    banned = [word.lower() for word in knowledge.words.banned_plain]
    for one in conflicts:
        if one.plain:
            assert not [word for word in banned if re.search(rf"\b{re.escape(word)}\b", one.plain.lower())], one.id
            assert not re.search(r"\d+(\.\d+)? %", one.plain), one.id
            assert len(one.plain.split()) <= 32, one.id
