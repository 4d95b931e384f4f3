"""Pregnancy, breastfeeding and menopause."""

from __future__ import annotations

from her2nav.kinds.reading.base import Found, Rule, leaf
from her2nav.model.tree import Node, Not


def _state(found: Found) -> Node:
    words = found.text()
    states = []
    if "pregnan" in words:
        states.append("pregnant")
    if any(stem in words for stem in ("breast", "lactat", "nursing")):
        states.append("breastfeeding")
    return leaf("pregnancy", any_of=states)


_PREGNANT = "{pregnant}"
_FEEDING = "{breastfeeding}"
_BETWEEN = "[,] [(or|and|and/or|/|who are|are|currently|either|women|females|is|woman|female)] [(who are|are|women|females|currently)]"

RULES = (
    Rule(
        "pregnancy.state",
        (
            f"[(women|females|female|woman|subjects|patients)] [(who|that)] [(are|is)] [currently|known to be|either] {_PREGNANT} {_BETWEEN} [{_FEEDING}] {_BETWEEN} [{_FEEDING}] [\\(lactating\\)] [women|females|woman|female|mothers|patients|subjects|participants] [(at the time of|at) (screening|enrollment|enrolment|study entry)] [(during|throughout) the study [period]]",
            f"{_FEEDING} {_BETWEEN} [{_PREGNANT}] [women|females|woman|female|mothers|patients]",
        ),
        _state,
        priority=1,
        texts=(
            ("Pregnant or breastfeeding women", {"pregnancy": {"any_of": ["pregnant", "breastfeeding"]}}),
            ("Lactating mothers", {"pregnancy": {"any_of": ["breastfeeding"]}}),
        ),
    ),
    Rule(
        "pregnancy.test",
        (
            "(women|females|female|woman|patients|participants|subjects|wocbp) [\\(wocbp\\)] [(of|with)] [(child bearing|childbearing|reproductive)] [(potential|age)] [\\(wocbp\\)] [only] (must have|should have|must|have|require|with|need|requires) [a] [documented|confirmed|have a|have] negative [serum|urine|highly sensitive|blood] [(or|/) (urine|serum)] [hcg|beta hcg|β hcg|b hcg|human chorionic gonadotropin] {pregnant} (test|result) [(within|≤|at|during) .. ({anchor}|screening|dose|treatment|baseline|drug|therapy)]",
            "negative [serum|urine|highly sensitive|blood] [(or|/) (urine|serum)] [hcg|beta hcg|β hcg|b hcg|human chorionic gonadotropin] {pregnant} (test|result) .. (childbearing|child bearing) potential",
            "negative [serum|urine|highly sensitive|blood] [(or|/) (urine|serum)] [hcg|beta hcg|β hcg|b hcg|human chorionic gonadotropin] {pregnant} (test|result) [(within|≤|at|during) .. ({anchor}|screening|dose|treatment|baseline)]",
        ),
        lambda _: Not(leaf("pregnancy", any_of=["pregnant"])),
        priority=2,
        texts=(
            (
                "Negative serum pregnancy test within 7 days before enrollment",
                {"not": {"pregnancy": {"any_of": ["pregnant"]}}},
            ),
        ),
    ),
    Rule(
        "menopausal_status.state",
        (
            "{postmenopausal:post} [status|women|woman|females]",
            "{premenopausal:pre} [(or|/) {perimenopausal:peri}] [status|women|woman|females]",
        ),
        lambda found: leaf(
            "menopausal_status",
            any_of=[
                name
                for name, key in (("postmenopausal", "post"), ("premenopausal", "pre"), ("perimenopausal", "peri"))
                if found.has(key)
            ],
        ),
        texts=(("Postmenopausal women", {"menopausal_status": {"any_of": ["postmenopausal"]}}),),
    ),
)
