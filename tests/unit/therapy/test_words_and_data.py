"""Every word that a patient reads is plain; every fact has its place and resolves."""

import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest
import yaml

from her2nav.knowledge.approvals import Dated
from her2nav.knowledge.load import load_knowledge
from her2nav.model.errors import DataError
from her2nav.model.truth import Truth
from her2nav.report.option_words import dated, option_words
from her2nav.therapy.book import therapy_book
from her2nav.therapy.check import therapy_faults

VOWELS = re.compile(r"[aeiouy]+")
BOOK = therapy_book(load_knowledge())
ROWS = {
    "BR": "T1 T2 P1 P2 P3 P4 P5 K1 K2 D1 D2 D3 D4 D5 D6 U1 N1 N2 L1 L2 M1",
    "GA": "1 2 3 4 5 6 7 8",
    "LU": "1 2 3 4 5",
    "CR": "1 2 3",
    "UC": "1 2",
    "EN": "1 2",
}
"""Rows of the notes on approvals, by tumour."""


def reading_grade(text: str) -> float:
    """Flesch-Kincaid grade; fixed names of tests, genes and drugs count as one syllable."""
    drugs = load_knowledge().drugs.drugs.values()
    names = "|".join(sorted((re.escape(name) for drug in drugs for name in (drug.name,)), key=len, reverse=True))
    text = re.sub(names, "it", text, flags=re.IGNORECASE)
    words = re.findall(r"[A-Za-z][A-Za-z'-]*", re.sub(r"HER2-?\w*|IHC|ISH|PD-L1|\d\+|\(\w+\)", "it ", text))
    sentences = max(1, len(re.findall(r"[.!?](?:\s|$)", text)))
    syllables = sum(max(1, len(VOWELS.findall(re.sub(r"e$", "", word.lower())))) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / max(1, len(words)) - 15.59


@cache
def banned() -> re.Pattern[str]:
    words = load_knowledge().words.banned_plain
    return re.compile(r"\b(?:" + "|".join(re.escape(word) for word in words) + r")\b", re.IGNORECASE)


SENTENCES = [(one.id, one.plain) for one in BOOK.every_remark() if one.effect != "route"]
SENTENCES += [(one.id, one.plain) for one in BOOK.brain.local]
SENTENCES += [(f"words:{key}", one.plain) for key, one in option_words(load_knowledge()).lines.items()]
PHRASES = [(one.id, one.plain) for one in (*BOOK.gates.values(), *BOOK.approvals, *BOOK.brain.intracranial)]
PHRASES += [(one.id, one.plain) for one in BOOK.remarks["routes"]]


@pytest.mark.parametrize(("code", "plain"), SENTENCES, ids=[code for code, _ in SENTENCES])
def test_sentences_for_patients_are_plain(code: str, plain: str) -> None:
    assert not banned().search(plain)
    assert reading_grade(plain) <= 8, plain


@pytest.mark.parametrize(("code", "plain"), PHRASES, ids=[code for code, _ in PHRASES])
def test_phrases_for_patients_hold_no_banned_word(code: str, plain: str) -> None:
    assert not banned().search(plain)


def test_the_shipped_facts_are_sound() -> None:
    assert therapy_faults(load_knowledge()) == []


def test_every_row_of_the_notes_is_entered() -> None:
    entered = {row for approval in BOOK.approvals for row in approval.rows}
    rows = {f"{tumour}-{number}" for tumour, numbers in ROWS.items() for number in numbers.split()}
    assert rows | {"AG-1", "SAL"} <= entered


def test_every_entry_is_dated_sourced_and_checked() -> None:
    for name, line in BOOK.sources():
        assert line.locator, name
        assert date(2026, 11, 1) <= line.checked_on <= date(2026, 11, 30), name
    for approval in BOOK.approvals:
        assert approval.standing != "approved" or approval.periods
        assert approval.standing not in ("filed", "investigational") or approval.since is not None


def test_no_rule_against_a_drug_rests_on_an_unverified_fact() -> None:
    assert [one.id for one in BOOK.every_remark() if one.effect == "against" and one.unverified] == []


def test_ideas_say_that_they_are_ideas() -> None:
    for one in BOOK.every_remark():
        if one.effect == "idea":
            assert one.clinical.startswith(("Idea, not advice", "Historical"))
            assert one.level in ("preclinical", "clinical")


@pytest.mark.parametrize(
    ("written", "day", "expected"),
    [
        ("2024-04-05", date(2024, 4, 4), Truth.NOT_MET),
        ("2024-04-05", date(2024, 4, 5), Truth.MET),
        ("2024-08", date(2024, 8, 15), Truth.UNKNOWN),
        ("2024-08", date(2024, 8, 31), Truth.MET),
        ("2025", date(2024, 12, 31), Truth.NOT_MET),
    ],
)
def test_a_partial_date_is_reached_for_certain_at_its_end(written: str, day: date, expected: Truth) -> None:
    assert Dated.model_validate(written).reached(day) is expected


def test_dates_in_words() -> None:
    assert dated(Dated.model_validate("2024-08")) == "Aug 2024"
    assert dated(Dated.model_validate({"earliest": "2026-05-01", "latest": "2026-07-31"})).startswith(
        "some time between"
    )


def test_a_gate_that_does_not_exist_is_an_error_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    from her2nav.knowledge.bundle import Bundle, load_bundle
    from her2nav.knowledge.load import Knowledge

    shipped = load_bundle()
    name = "approvals/labels/lung.yaml"
    entry = {**shipped.files[name]["approvals"][0], "gates": ["no_such_gate"]}
    broken = Knowledge(Bundle({**shipped.files, name: {"approvals": [entry]}}, "broken"))
    with pytest.raises(DataError, match="no_such_gate"):
        therapy_book(broken)


def test_fact_files_have_no_line_that_nobody_can_read(root: Path) -> None:
    for folder in ("approvals", "resistance", "co_biomarkers", "brain"):
        for path in (root / "src/her2nav/data" / folder).rglob("*.yaml"):
            assert yaml.safe_load(path.read_text(encoding="utf-8"))
            assert max(map(len, path.read_text(encoding="utf-8").splitlines())) <= 140, path
