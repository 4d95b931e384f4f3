"""Forms that reading random criteria by hand found wrong: allowing headings, types by histology, the QT interval."""

import pytest

from her2nav.criteria.reader import Reader
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import AnyOf, Not, leaves
from her2nav.model.trial import Role


@pytest.fixture(scope="module")
def reader():
    return Reader(load_knowledge())


def criteria(reader, *lines, section="Inclusion Criteria:"):
    return reader.read("\n".join([section, *(f"- {line}" for line in lines)])).criteria


def kinds(criterion):
    return [one.kind for one in leaves(criterion.node)]


def test_treatment_under_a_heading_that_allows_it_is_not_demanded(reader):
    made = criteria(
        reader, "Prior treatments allowed (phase II):", "Prior letrozole", "No prior taxane", "HER2 positive"
    )
    roles = {kinds(one)[0]: one.role for one in made}
    assert [one.role for one in made] == [Role.PERMITS, Role.DECIDES, Role.DECIDES]
    assert roles["her2_status"] is Role.DECIDES


def test_a_limit_under_such_a_heading_binds(reader):
    made = criteria(reader, "Prior treatments allowed (phase II):", "0 or 1 prior chemotherapy regimens")
    assert (made[0].role, kinds(made[0])) == (Role.DECIDES, ["lines_of_therapy"])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("High grade serous ovarian cancer", [(("ovarian",), ("high_grade_serous",))]),
        ("Clear cell ovarian cancer or breast cancer", [(("ovarian",), ("clear_cell",)), (("breast",), ())]),
        ("HGSOC or ovarian cancer", [(("ovarian",), ())]),
        ("Epithelial ovarian cancer", [(("ovarian",), ())]),
    ],
)
def test_the_histology_in_the_name_of_a_type(reader, text, wanted):
    found = [one.params for one in leaves(criteria(reader, text)[0].node) if one.kind == "tumour_type"]
    assert [(tuple(one.types), tuple(one.histologies)) for one in found] == wanted


@pytest.mark.parametrize(
    ("text", "open_"),
    [
        ("QTc prolongation", True),
        ("Congenital long QT syndrome", False),
        ("Known history of QTc prolongation", False),
    ],
)
def test_a_prolonged_interval_is_asked_for_where_no_illness_is_recorded(reader, text, open_):
    node = criteria(reader, text, section="Exclusion Criteria:")[0].node
    assert isinstance(node, Not)
    assert isinstance(node.part, AnyOf) is open_
    assert ("judgement" in [one.kind for one in leaves(node)]) is open_


def test_a_length_of_the_interval_is_read_for_itself(reader):
    made = criteria(reader, "QTc prolongation > 470 msec", section="Exclusion Criteria:")
    assert kinds(made[0]) == ["qtc"]


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("Female or male patients ≥18 years with ECOG performance status 0", 18),
        ("Male or female, ≥18 years", 18),
        ("Patients ≥ 5 years with disease", None),
    ],
)
def test_an_age_in_the_middle_of_a_demand(reader, text, least):
    ages = [one.params.min for one in leaves(criteria(reader, text, "HER2 positive")[0].node) if one.kind == "age"]
    assert ages == ([] if least is None else [least])
