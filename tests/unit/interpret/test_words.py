"""What people read: every code has words, plain text is plain, every sentence has its rules."""

import re
from typing import Any

import pytest
import yaml

from guidelines.cases import all_guidelines, golden, interpret
from her2nav.interpret.results import SpecimenHer2
from her2nav.interpret.wording import EFFORT, FLAGS, NEXT

CODES = [(f"{one.id}:{code}", phrase) for one in all_guidelines() for code, phrase in one.wording.items()]
CODES += [*FLAGS.items(), *NEXT.items()]
VOWELS = re.compile(r"[aeiouy]+")


def reading_grade(text: str) -> float:
    """Flesch-Kincaid grade; short fixed names of tests count as one syllable."""
    words = re.findall(r"[A-Za-z][A-Za-z'-]*", re.sub(r"HER2-?|IHC|ISH|\d\+", "it ", text))
    sentences = max(1, len(re.findall(r"[.!?](?:\s|$)", text)))
    syllables = sum(max(1, len(VOWELS.findall(re.sub(r"e$", "", word.lower())))) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / max(1, len(words)) - 15.59


@pytest.fixture(scope="session")
def banned(root: Any) -> re.Pattern[str]:
    words = yaml.safe_load((root / "src/her2nav/data/words.yaml").read_text(encoding="utf-8"))["banned_plain"]
    return re.compile(r"\b(?:" + "|".join(re.escape(word) for word in words) + r")\b", re.IGNORECASE)


@pytest.mark.parametrize(("code", "phrase"), CODES)
def test_plain_words_are_plain(code: str, phrase: Any, banned: re.Pattern[str]) -> None:
    assert not banned.search(phrase.plain), code
    assert reading_grade(phrase.plain) <= 8, (code, phrase.plain)


def test_efforts_name_known_steps() -> None:
    known = set(NEXT) | {code for one in all_guidelines() for code in one.wording}
    assert set(EFFORT) <= known


def specimens() -> list[SpecimenHer2]:
    found = []
    for score in ("0", "1+", "2+", "3+", ["1+", "2+"], None):
        for ish in (
            None,
            {"result": "positive"},
            {"her2_cep17_ratio": "1.8", "her2_copy_number": "5.0"},
            {"result": "failed"},
        ):
            for folder in ("breast", "gastric", "colorectal", "lung", "endometrial_serous", "urothelial"):
                ihc = {"score": score, "percent_cells": 40} if score else None
                found.append(interpret(folder, kind="biopsy", collected="2025-01-01", ihc=ihc, ish=ish))
    found.append(interpret("breast", her2_reported="equivocal"))
    return found


def test_every_sentence_is_plain_and_traceable(banned: re.Pattern[str]) -> None:
    for one in specimens():
        assert one.sentences
        known = {
            ref.id
            for answer in (one.status, one.expression, one.amplification, *one.extra.values())
            for ref in answer.rules
        }
        for sentence in one.sentences:
            assert sentence.rules, sentence
            assert set(sentence.rules) <= known
            assert not banned.search(sentence.plain), sentence.plain
        for step in one.next:
            assert step.rules, step
        for flag in one.flags:
            assert flag.rules, flag
            assert "{" not in flag.clinical + flag.plain


def test_golden_files_are_the_ones_of_the_domain_notes(shared: Any) -> None:
    text = (shared / "domain" / "her2_interpretation.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```csv\n(.*?)```", text, re.DOTALL)
    names = [
        "breast/ihc",
        "breast/ish_groups",
        "breast/recount",
        "breast/master",
        "gastric/ihc",
        "gastric/ish",
        "gastric/status",
        "colorectal/heracles",
        "endometrial_serous/status",
        "label_gates/gates",
    ]
    for name, block in zip(names, blocks, strict=True):
        assert [row.values[0]["id"] for row in golden(name)] == [line.split(",")[0] for line in block.splitlines()[1:]]
