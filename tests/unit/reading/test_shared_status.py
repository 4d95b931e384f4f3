"""A HER2 status behind two hormone receptor states; in words of our own."""

from __future__ import annotations

from her2nav.criteria.reader import Reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge


def test_a_her2_status_behind_both_receptor_states_may_bind_both() -> None:
    reader = Reader(load_knowledge())
    text = "Inclusion Criteria:\n\n* Hormone receptor positive or hormone receptor negative HER2-negative disease"
    (found,) = reader.read(text, ()).criteria
    either, freed = write(found.node)["any_of"]
    assert {"her2_status": {"any_of": [{"status": "negative"}]}} in [
        {key: value for key, value in part.items() if key != "span"} for part in either["all_of"]
    ]
    assert "whatever their HER2 status" in str(freed)
