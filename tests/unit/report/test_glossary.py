"""Words are found as whole words, longest first, never inside a quotation; each is explained once in a section."""

import pytest

from her2nav.knowledge.load import load_knowledge
from her2nav.report.glossary import Gloss, Term, found_in, glossary


@pytest.fixture(scope="module")
def knowledge():
    return load_knowledge()


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("The tumour is HER2-positive.", ["HER2-positive"]),
        ("HER2 by IHC, then ISH", ["HER2", "IHC", "ISH"]),
        ("two mutations and biopsies", ["Mutation"]),
        ("a fisherman with a wish", []),
        ('The report says "HER2 IHC 2+", no ISH', ["ISH"]),
        ("The report says “HER2 IHC 2+”.", []),
        ("İHER2", []),
        ("", []),
    ],
)
def test_what_is_found(knowledge, text, terms):
    found = list(found_in(text, knowledge))
    assert [term.term for _, _, term in found] == terms
    assert all(0 <= start < end <= len(text) for start, end, _ in found)


def test_each_word_once_in_a_section_and_what_is_written_is_escaped(knowledge):
    gloss = Gloss(knowledge, "plain")
    first = str(gloss("<b>HER2</b> and HER2 & IHC"))
    assert first.count('class="term"') == 2
    assert "&lt;b&gt;" in first
    assert "<b>" not in first
    assert 'class="term"' not in str(gloss("HER2 again"))
    gloss.begin()
    assert 'class="term"' in str(gloss("HER2 again"))
    assert [term for _, term, _ in gloss.words] == ["HER2", "IHC"]


def test_clinicians_see_only_what_is_more_exact(knowledge):
    gloss = Gloss(knowledge, "clinical")
    assert 'class="term"' not in str(gloss("HER2-positive biopsy"))
    assert "Immunohistochemistry" in str(gloss("by IHC"))


def test_anchors_are_unique_and_plain(knowledge):
    anchors = [one.anchor for one in glossary(knowledge)]
    assert len(anchors) == len(set(anchors))
    assert Term(term="Line of therapy (1st)", plain="").anchor == "line-of-therapy-1st"
