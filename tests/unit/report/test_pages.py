"""The page of an interpretation: whole in itself, escaped, the picture said in words too."""

import re
from datetime import date
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from her2nav.app.pages import interpret_page
from her2nav.app.session import Session
from her2nav.files.validation import build
from her2nav.files.yamlfile import parse_yaml
from her2nav.intake.patient_file import check_patient, read_patient
from her2nav.knowledge.load import load_knowledge
from her2nav.model.patient import Patient
from her2nav.report.tables import tables_page
from her2nav.report.timeline import entries, shape, timeline_svg

TODAY = date(2026, 11, 20)
SEVERAL = """
id: <script>alert(1)</script> & "co"
as_of: 2026-11-20
cancer: {tumour_type: breast, setting: metastatic}
specimens:
  - {id: primary-2019, kind: biopsy, site: primary, collected: 2019, ihc: {score: "3+", scoring: breast}}
  - {id: <i>no date</i>, kind: resection, ihc: {score: "1+", scoring: breast}}
  - id: liver-2025
    kind: biopsy
    site: metastasis
    collected: 2025-06-03
    ihc: {score: "2+", scoring: breast}
    ish: {method: dual_probe, her2_cep17_ratio: 1.9, her2_copy_number: 5.2}
    ngs: {matrix: tissue, genes_covered: [ERBB2], variants: ["ERBB2 p.L755S"]}
therapies:
  - {drugs: [trastuzumab, docetaxel], start: 2019-09, end: 2020-02}
  - {drugs: [trastuzumab deruxtecan], start: 2025-07-01, ongoing: true}
  - {drugs: [capecitabine]}
planned: [{drugs: [tucatinib], start: 2027-01}]
"""


def case_of(text):
    session = Session(today=lambda: TODAY)
    document = parse_yaml(text, "test.yaml")
    read = check_patient(build(Patient, document), document, session.knowledge, TODAY)
    return session, session.case(read)


def page_of(text):
    session, case = case_of(text)
    return interpret_page(session, case, ["a <warning>"])


class Checker(HTMLParser):
    """Finds what is left open, what reaches outside, and the headings."""

    VOID = frozenset({"meta", "br", "link", "img", "input", "hr"})

    def __init__(self):
        super().__init__()
        self.open, self.outside, self.tags, self.headings = [], [], set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        self.outside += [(tag, name, value) for name, value in attrs if name in ("src", "href", "action", "srcset")]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag


@pytest.mark.parametrize("source", ["several", "gastric-positive", "gej-equivocal", "lung-mutated", "sparse"])
def test_page_is_whole_in_itself(root, source):
    if source == "several":
        page = page_of(SEVERAL)
    else:
        session = Session(today=lambda: TODAY)
        read = read_patient(root / "examples" / f"{source}.yaml", session.knowledge, TODAY)
        case = session.case(read)
        if case.her2 is None:
            pytest.skip("no rule for this example")
        page = interpret_page(session, case, read.warnings)
    checker = Checker()
    checker.feed(page)
    assert checker.open == []
    assert checker.outside == []
    assert "script" not in checker.tags
    assert "url(" not in page
    assert "@import" not in page
    assert re.findall(r"https?://[^\"' <]+", page.replace("http://www.w3.org/2000/svg", "")) == []
    assert checker.headings[0] == 1
    assert all(after - before <= 1 for before, after in zip(checker.headings, checker.headings[1:], strict=False))
    assert "size: A4" in page
    assert '<html lang="en">' in page


def test_what_the_record_says_is_escaped():
    page = page_of(SEVERAL)
    assert "<script>" not in page
    assert "<i>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "a &lt;warning&gt;" in page


def test_page_says_not_final_in_its_own_style_and_gives_both_axes():
    page = page_of(SEVERAL)
    assert '<p class="notfinal">NOT FINAL: negative if recount confirms</p>' in page
    assert "HER2-negative" in page
    assert "HER2-low" in page
    assert "BR046" in page
    assert "Figure 6" in page
    assert "TKD-activating, also a resistance mutation" in page
    final = page_of('{id: x, cancer: {tumour_type: breast}, specimens: [{ihc: {score: "3+"}}]}')
    assert 'class="notfinal"' not in final


def test_unverified_rules_are_marked():
    text = (
        "{cancer: {tumour_type: gastric}, specimens: [{kind: biopsy, ihc: {score: 2+}, "
        "ish: {her2_cep17_ratio: 1.5, her2_copy_number: 5.0}}]}"
    )
    assert re.search(
        r'<td>GISH-copies-4to6</td>.*?<span class="unverified">K\?, unverified</span>', page_of(text), re.S
    )


def test_plain_words_of_the_page_are_plain(root):
    banned = load_knowledge().words.banned_plain
    for path in sorted((root / "examples").glob("*.yaml")):
        session = Session(today=lambda: TODAY)
        case = session.case(read_patient(path, session.knowledge, TODAY))
        if case.her2 is None or case.tumour_id is None:
            continue
        page = interpret_page(session, case, [])
        part = page[page.index('<h2 id="plain">') : page.index("</main>")]
        text = " ".join(re.sub(r"<[^>]+>", " ", part).lower().split())
        assert [word for word in banned if re.search(rf"\b{re.escape(word)}\b", text)] == [], path.name


def test_timeline_is_a_picture_with_words():
    _, case = case_of(SEVERAL)
    items = entries(case.patient, case.her2, TODAY)
    picture = ElementTree.fromstring(timeline_svg(items, TODAY, case.patient.id))
    space = "{http://www.w3.org/2000/svg}"
    assert picture.get("role") == "img"
    assert picture.find(f"{space}title").text.startswith("Specimens and therapies of <script>")
    described = picture.find(f"{space}desc").text
    for one in items:
        assert (one.says in described) == (one.first is not None)
    dated = [one for one in items if one.first]
    assert [one.first for one in dated] == sorted(one.first for one in dated)
    assert [one.when for one in items[-2:]] == ["no date", "start not recorded to end not recorded"]
    width = float(picture.get("viewBox").split()[2])
    for drawn in picture.iter():
        for name in ("x", "x1", "x2", "cx"):
            if drawn.get(name) is not None:
                assert 0 <= float(drawn.get(name)) <= width


def test_a_record_without_dates_has_no_picture_but_a_table():
    page = page_of('{cancer: {tumour_type: breast}, specimens: [{ihc: {score: "3+"}}]}')
    assert "<svg" not in page
    assert "no date" in page
    empty = page_of("{cancer: {tumour_type: breast}}")
    assert "holds no specimen and no therapy" in empty


def test_a_status_has_its_own_shape_beside_its_colour():
    marks = ("positive", "negative", "equivocal", "indeterminate", "unknown")
    drawn = {re.sub(r'(fill|stroke)="[^"]*"', "", shape(mark, 50, 50, final=True)) for mark in marks}
    assert len(drawn) == len(marks)
    assert "dasharray" in shape("negative", 50, 50, final=False)
    assert "dasharray" not in shape("negative", 50, 50, final=True)


def test_one_day_and_many_years_have_an_axis():
    for text, expected in (
        ("{cancer: {tumour_type: breast}, specimens: [{collected: 2026-11-20, ihc: {score: 3+}}]}", "Nov"),
        ("{cancer: {tumour_type: breast}, specimens: [{collected: 1990, ihc: {score: 3+}}]}", "2000"),
    ):
        _, case = case_of(text)
        assert expected in timeline_svg(entries(case.patient, case.her2, TODAY), TODAY, "x")


def test_tables_page_holds_every_row_with_its_source():
    from her2nav.interpret.tables import Guideline

    knowledge = load_knowledge()
    guidelines = [knowledge.record(name, Guideline) for name in knowledge.bundle.folder("guidelines/")]
    page = tables_page(guidelines, knowledge.sources)
    for one in guidelines:
        assert one.title in page
        for table in one.tables.values():
            for row in table.rows:
                line = next(text for text in page.splitlines() if text.startswith(f"| `{row.id}` |"))
                assert row.confidence.value in line
    widths = {}
    for line in page.splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line))
        if line.startswith("|---"):
            widths["now"] = cells
        elif line.startswith("| `") and "now" in widths:
            assert cells == widths["now"], line
