"""The shipped facts: ids unique, references resolve, every fact has a source, nothing is copied from the registry."""

import re

import pytest

from her2nav.catalogue.check import check_data
from her2nav.catalogue.load import load_catalogue
from her2nav.catalogue.text import canonical_text, text_sha256
from her2nav.catalogue.trialfile import read_trial, to_record, trial_leaves
from her2nav.files.places import Document
from her2nav.interpret.guidelines import guideline_set
from her2nav.knowledge.bundle import DATA, parse_sources, read_compiled, write_compiled
from her2nav.knowledge.load import Knowledge, load_knowledge
from her2nav.knowledge.names import key
from her2nav.model.errors import DataError


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="module")
def trials(knowledge):
    return load_catalogue(knowledge.bundle)


def test_every_cross_reference_resolves(knowledge):
    assert check_data(knowledge) == []


def test_every_fact_names_a_known_source(knowledge):
    for name, content in knowledge.bundle.files.items():
        for source in _sources(content):
            # A gene that is only a name to recognise states no fact and so has no source.
            assert source in knowledge.sources or (name == "vocabularies/genes.csv" and not source), (name, source)


def _sources(value):
    if isinstance(value, dict):
        if "source" in value and "confidence" in value:
            yield value["source"]
        for item in value.values():
            yield from _sources(item)
    elif isinstance(value, list):
        for item in value:
            yield from _sources(item)


def test_a_name_means_one_thing(knowledge):
    seen: dict[str, str] = {}
    for drug in knowledge.drugs.drugs.values():
        for name in (drug.name, *drug.names, *(brand.name for brand in drug.brands)):
            assert seen.setdefault(key(name), drug.id) == drug.id, name
    for item in knowledge.drugs.classes.values():
        for name in (item.name, *item.names):
            assert seen.setdefault(key(name), item.id) == item.id, name


def test_drugs_of_the_sources_are_there(knowledge, shared):
    import json

    facts = json.loads((shared / "seed-facts/facts.json").read_text())
    missing = [
        agent["name"]
        for agent in facts["agents"]
        if not any(knowledge.drugs.resolve(name).known for name in (agent["name"], agent["id"], *agent["aliases"]))
    ]
    assert missing == ["investigational resistance agents"] or len(missing) <= 1, missing


@pytest.mark.parametrize(
    ("written", "drugs"),
    [
        ("T-DXd", ("trastuzumab_deruxtecan",)),
        ("fam-trastuzumab deruxtecan-nxki", ("trastuzumab_deruxtecan",)),
        ("Ogivri", ("trastuzumab",)),
        ("trastuzumab-dkst", ("trastuzumab",)),
        ("Kadcyla", ("trastuzumab_emtansine",)),
        ("Phesgo", ("pertuzumab", "trastuzumab")),
        ("TCHP", ("docetaxel", "carboplatin", "trastuzumab", "pertuzumab")),
    ],
)
def test_names_people_write(knowledge, written, drugs):
    assert set(knowledge.drugs.resolve(written).drugs) == set(drugs)


def test_conjugates_and_payloads(knowledge):
    terms = knowledge.drugs.terms_of
    assert "topo1_adc" in terms("trastuzumab_deruxtecan")
    assert "topo1_adc" not in terms("trastuzumab_emtansine")
    assert "anti_her2_adc" in terms("trastuzumab_emtansine")
    assert "chemotherapy" not in terms("trastuzumab_deruxtecan")
    assert "topo1_adc" in terms("sacituzumab_govitecan")
    assert "anti_her2" not in terms("sacituzumab_govitecan")


def test_a_weak_fact_decides_nothing_alone(knowledge):
    for drug in knowledge.drugs.drugs.values():
        lines = [line for line in drug.provenance if not line.covers or "classes" in line.covers]
        if lines and all(line.confidence.unverified for line in lines):
            assert knowledge.drugs.terms_of(drug.id) == {drug.id}


@pytest.mark.parametrize(
    ("written", "tumour"),
    [("GEJ", "gej"), ("STAD", "gastric"), ("stomach cancer", "gastric"), ("NSCLC", "nsclc"), ("BRCA", "breast")],
)
def test_tumour_names(knowledge, written, tumour):
    assert knowledge.tumours.find(written) == tumour


def test_every_guideline_folder_that_a_tumour_names_exists(knowledge):
    folders = set(guideline_set(knowledge).folders)
    named = {knowledge.tumours.guideline(item) for item in knowledge.tumours.types}
    assert named - {None} <= folders


def test_trials_round_trip(trials):
    for trial in trials:
        again = read_trial(Document(_as_text(to_record(trial)), "again"))
        assert again == trial


def _as_text(value):
    if isinstance(value, dict):
        return {key_: _as_text(item) for key_, item in value.items()}
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    return value if value is None or isinstance(value, bool) else str(value)


def test_the_catalogue_spreads(trials):
    assert len(trials) >= 80
    tumours = {tumour for trial in trials for tumour in trial.record.tumours}
    assert {"breast", "gastric", "gej", "colorectal", "nsclc", "solid_tumour"} <= tumours
    her2 = {category for trial in trials for category in trial.record.her2}
    assert {"positive", "low", "mutated"} <= her2
    for trial in trials:
        assert trial.record.review.state == "second_reading" or trial.record.curation == "partial", trial.record.nct_id


_SHORT = 8
_LONGEST_HEADING = 40
"""Words of a heading, which states no criterion."""


def _texts(shared):
    import gzip
    import json

    found = {}
    with gzip.open(shared / "data/registry/eligibility_texts.jsonl.gz", "rt") as stream:
        for line in stream:
            record = json.loads(line)
            found["registry_eligibility_texts", record["nct_id"]] = record["text"]
    with (shared / "data/registry/seed_trials_2020.jsonl").open() as stream:
        for line in stream:
            record = json.loads(line)
            found["registry_seed_trials_2020", record["nct_id"]] = record["text"]
    with gzip.open(shared / "data/registry/oncology_2026-01.jsonl.gz", "rt") as stream:
        for line in stream:
            record = json.loads(line)
            found["registry_oncology_2026_01", record["nct_id"]] = (record["eligibility"] or {}).get("raw_text")
    for path in (shared / "data/gold/texts").glob("NCT*.json"):
        text = json.loads(path.read_text())["eligibility"]
        found["registry_gold_texts", path.stem] = text if isinstance(text, str) else text["raw_text"]
    return found


def test_trees_belong_to_their_texts_and_cover_them(trials, shared):
    texts = _texts(shared)
    for trial in trials:
        record = trial.record
        if record.text_sha256 is None:
            assert record.curation == "partial", record.nct_id
            continue
        text = texts[record.text_source, record.nct_id]
        assert text_sha256(text) == record.text_sha256, record.nct_id
        covered = bytearray(len(text))
        for criterion in trial.criteria:
            if criterion.span is None:
                assert criterion.section == "registry", (record.nct_id, criterion.id)
                continue
            first, last = criterion.span
            assert 0 <= first < last <= len(text)
            covered[first:last] = b"\1" * (last - first)
        for gap in re.finditer(rb"\0+", bytes(covered)):
            for line in text[gap.start() : gap.end()].splitlines():
                left = line.strip(" \r\n*-•:;.,\\0123456789()")
                heading = "criteria" in left.lower() and len(left.split()) <= _LONGEST_HEADING
                assert len(left.split()) <= _SHORT or heading, (record.nct_id, left)


def test_no_sentence_of_the_registry_is_shipped(trials, shared):
    texts = _texts(shared)
    for trial in trials:
        if trial.record.text_source is None:
            continue
        text = canonical_text(texts[trial.record.text_source, trial.record.nct_id]).lower()
        written = [criterion.text for criterion in trial.criteria] + list(trial.record.notes)
        for sentence in written:
            folded = canonical_text(sentence).lower()
            for start in range(0, max(1, len(folded) - 70), 10):
                assert folded[start : start + 70] not in text or len(folded) < 70, (trial.record.nct_id, sentence)


def test_open_places_are_named(trials):
    for trial in trials:
        for leaf in trial_leaves(trial):
            if leaf.kind == "unread":
                assert leaf.params.note or leaf.text, trial.record.nct_id


def test_compiled_facts_equal_their_sources(tmp_path):
    import shutil

    shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns("_compiled.json"))
    root = tmp_path / "data"
    bundle = parse_sources(root)
    assert read_compiled(root) is None
    path = write_compiled(bundle, root)
    assert read_compiled(root).files == bundle.files
    assert read_compiled(root).version == bundle.version
    path.write_text(path.read_text().replace("trastuzumab", "trastuzumax", 1))
    assert read_compiled(root) is None
    write_compiled(bundle, root)
    (root / "words.yaml").write_text((root / "words.yaml").read_text() + "\n# edited\n")
    assert read_compiled(root) is None


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("drugs/x.yaml", "drugs: [{id: x, name: x, classes: [taxane], provenance: []}]", "line 1"),
        ("drugs/x.yaml", "drugs: [{id: x}]", "the key"),
        ("tumour_types/x.yaml", "id: x\nid: y\n", "stands twice"),
        ("vocabularies/regimens.csv", "id,names\nx,y\n", "regimens.csv"),
        ("trials/NCT00000001.yaml", "nct_id: NCT1\n", "nct_id"),
    ],
)
def test_a_wrong_data_file_stops_with_its_place(tmp_path, name, text, message):
    import shutil

    shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns("_compiled.json"))
    (tmp_path / "data" / name).write_text(text)
    try:
        line = "; ".join(check_data(Knowledge(parse_sources(tmp_path / "data"))))
    except DataError as error:
        line = str(error)
    assert name.split("/")[-1] in line or message in line
    assert message in line
