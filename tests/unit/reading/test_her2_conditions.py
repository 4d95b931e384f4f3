"""What is asked of IHC 2+ alone is an alternative of the HER2 definition before it, never a demand on everybody."""

import pytest

from her2nav.criteria.reader import Reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge

NEGATIVE = [{"ihc": ["0", "1+"]}, {"ihc": ["2+"], "ish": "negative"}]
POSITIVE = [{"ihc": ["3+"]}, {"ihc": ["2+"], "ish": "positive"}]
EQUIVOCAL = {"her2_status": {"any_of": [{"ihc": ["2+"]}]}}


@pytest.fixture(scope="module")
def reader():
    return Reader(load_knowledge())


def read(reader, text):
    """Return the written tree of one inclusion criterion, without places."""
    (criterion,) = reader.read(f"Inclusion Criteria:\n\n* {text}").criteria
    return bare(write(criterion.node))


def bare(value):
    """Return a written tree without its places."""
    if isinstance(value, dict):
        return {key: bare(part) for key, part in value.items() if key not in ("span", "note")}
    return [bare(part) for part in value] if isinstance(value, list) else value


def parts(tree):
    """Return the parts of a tree that demands several things, or the tree alone."""
    return tree.get("all_of", [tree])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("HER2 negative (IHC 0 or 1+). If IHC is equivocal at 2+, a negative ISH result is required.", NEGATIVE),
        ("HER2-negative breast cancer by IHC 0 or 1+. If IHC 2+, then FISH must be negative", NEGATIVE),
        ("HER2-negative tumour, IHC score of 0 or 1+. If IHC is equivocal (2+), a negative FISH is required", NEGATIVE),
        ("HER2 is 0, 1+ or 2+ by IHC. If IHC is 2+, a negative in situ hybridisation is required", NEGATIVE),
        ("HER2-positive disease (IHC 3+). If IHC is 2+, a positive FISH test is required", POSITIVE),
        ("HER2 IHC 3+; patients with IHC 2+ must have FISH amplification", POSITIVE),
    ],
)
def test_the_condition_joins_the_definition(reader, text, wanted):
    found = [part["her2_status"]["any_of"] for part in parts(read(reader, text)) if "her2_status" in part]
    assert wanted in found
    assert all(one in (wanted, [{"status": "negative"}]) for one in found)


@pytest.mark.parametrize(
    "text",
    [
        "HER2 negative, defined as negative by FISH, or IHC 0 or 1+. If IHC is 2+, a negative FISH test is required",
        "HER2 negative, defined as a negative in situ hybridization test or IHC 0 or 1+",
    ],
)
def test_a_result_before_its_method_is_an_alternative(reader, text):
    assert {"her2_status": {"any_of": [{"ihc": ["0", "1+"]}, {"ish": "negative"}]}} in parts(read(reader, text))


def test_alone_it_binds_2_plus_only(reader):
    negative = {"her2_status": {"any_of": [{"ish": "negative"}]}}
    assert read(reader, "If HER2 IHC is 2+, a negative FISH is required") == {"when": EQUIVOCAL, "then": negative}


def test_a_test_without_a_result_asks_nobody_for_2_plus(reader):
    three, condition = parts(read(reader, "HER2 IHC 3+. If IHC is 2+, FISH must be performed"))
    assert three == {"her2_status": {"any_of": [{"ihc": ["3+"]}]}}
    assert condition == {"when": EQUIVOCAL, "then": {"unread": {}}}


def test_a_definition_with_its_result_stays_a_demand(reader):
    assert read(reader, "HER2 IHC 2+ with a positive FISH")["her2_status"]["any_of"] == [
        {"ihc": ["2+"], "ish": "positive"}
    ]


def test_numbers_within_a_line_count_alternatives(reader):
    text = "HER2 shown by ANY of the following: 1. IHC 3+, or 2. a positive FISH"
    (found,) = [part for part in parts(read(reader, text)) if "any_of" in part]
    ways = [{"her2_status": {"any_of": [{"ihc": ["3+"]}]}}, {"her2_status": {"any_of": [{"ish": "positive"}]}}]
    assert found["any_of"] == ways


def test_what_becomes_of_those_shut_out_is_no_part_of_it(reader):
    text = "Exclusion Criteria:\n\n* Patients with HER2 3+ are not eligible and should be given trastuzumab"
    (criterion,) = reader.read(text).criteria
    assert bare(write(criterion.node)) == {"not": {"her2_status": {"any_of": [{"ihc": ["3+"]}]}}}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("HER2 positive tumour (IHC 3+, or IHC 2+ with FISH confirmation)", POSITIVE),
        ("HER2 overexpression, meaning IHC 3+ or IHC 2+ confirmed by ISH", POSITIVE),
        ("HER2 3+ or 2+ (must be confirmed by FISH)", POSITIVE),
        ("HER2 status of 3+ by IHC or 2+ by IHC with confirmatory FISH", POSITIVE),
        ("HER2 overexpression (3+ by IHC; 2+ requires FISH confirmation)", POSITIVE),
        ("HER2 positive: IHC 3+ or IHC 2+ with FISH or CISH confirmation", POSITIVE),
        ("HER2 positive (IHC 3+, or 2+ confirmed by FISH as amplified)", POSITIVE),
        ("HER2 2+ or 3+ with FISH confirmation for 2+", POSITIVE),
        ("HER2-negative (IHC 0, 1+, or 2+ confirmed by FISH)", NEGATIVE),
        ("HER2 IHC 2+ and FISH / CISH / SISH positive", [{"ihc": ["2+"], "ish": "positive"}]),
        ("HER2 IHC 2+ or 3+ confirmed by FISH", [{"ihc": ["2+", "3+"], "ish": "positive"}]),
        ("HER2 status 2+ confirmed by FISH", [{"ihc": ["2+"], "ish": "positive"}]),
        ("HER2 status 3+ confirmed by FISH", [{"ihc": ["3+"]}]),
    ],
)
def test_a_score_confirmed_by_hybridisation_has_its_result(reader, text, wanted):
    assert read(reader, text) == {"her2_status": {"any_of": wanted}}
