"""Every supposition that the page offers is understood, of whatever tumour."""

import pytest

from her2nav.app.interpret import interpret, typed_in
from her2nav.app.what_if import what_if
from her2nav.app.what_if_form import Asked, says, suppositions


@pytest.mark.parametrize("tumour", ["breast", "gastric", "nsclc"])
def test_every_supposition_is_understood(web_session, tumour):
    typed = {"tumour_type": tumour, "kind": "biopsy", "ihc": {"score": "2+"}}
    case = interpret(web_session, typed_in(web_session, typed, None))
    texts = [one.text for group in suppositions(web_session.knowledge) for one in group.choices]
    assert len(texts) == len(set(texts)) > 20
    for text in texts:
        assert what_if(web_session, case, [], text).changes == ()


def test_a_chosen_supposition_is_told_in_its_own_words(web_session):
    knowledge = web_session.knowledge
    assert says(knowledge, Asked(choice="ish=positive")) == "The gene test (ISH) is positive"
    assert says(knowledge, Asked(words="ecog = 1")) is None
    assert Asked.of({"w_treatment": "  neratinib ", "w_start": "2026-12-01"}) == Asked("", "neratinib", "2026-12-01")
