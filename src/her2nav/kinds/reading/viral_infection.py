"""HIV, hepatitis B and hepatitis C."""

from __future__ import annotations

import re

from her2nav.kinds.reading.base import Found, Rule, leaf
from her2nav.model.tree import AnyOf, Node

_VIRUSES = {"hbv_hcv": ("hbv", "hcv")}


def _infection(found: Found) -> Node | None:
    words = found.text()
    named = [virus for item in found.ids("virus") for virus in _VIRUSES.get(item, (item,))]
    if "hepatitis" in words and re.search(r"\bor c\b|\band c\b|/ ?c\b", words) and "hcv" not in named:
        named.append("hcv")
    state = "any"
    if re.search(r"\bactive\b|\bacute\b|\bchronic\b|\bdetectable\b|\bviral load\b|\bdna\b|\brna\b", words):
        state = "active"
    elif re.search(r"\buncontrolled\b|\bnot (?:well )?controlled\b|\bpoorly controlled\b", words):
        state = "uncontrolled"
    elif re.search(r"\bknown\b|\bhistory\b", words) or "test" not in words:
        state = "known"
    parts = [leaf("viral_infection", virus=virus, state=state) for virus in dict.fromkeys(named)]
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts)) if parts else None


_BEFORE = (
    "[known|any] [to be|to have|of] [(history|diagnosis|evidence) (of|or)] [known|a|any|with|positive test for|testing positive for|positive for|seropositive for|infection with|active] [(known|active|uncontrolled|poorly controlled|acute|chronic|infected with|positive test for|positive for|clinically significant|current|untreated|history of)] "
    "[(or|and|and/or|/|,)] [(active|uncontrolled|chronic|acute|current|history of)] [(infection|infections) with] [(infected|positive) with] [for] [active|the] "
)
_AFTER = "[\\(] [(surface)] [(antigen|antibody|antibodies|rna|dna|reactive|virus|viral)] [\\)] [(infection|infections|disease|status|seropositivity|positivity|positive|reactive|carriers|carrier|viremia|test|testing|serology|related illness)] [\\(s\\)] [(is|are)] [positive|present|detected]"

RULES = (
    Rule(
        "viral_infection.state",
        (f"{_BEFORE} {{virus+}} {_AFTER}",),
        _infection,
        priority=1,
        texts=(
            ("Known history of HIV infection", {"viral_infection": {"virus": "hiv", "state": "known"}}),
            (
                "Active hepatitis B or hepatitis C infection",
                {
                    "any_of": [
                        {"viral_infection": {"virus": "hbv", "state": "active"}},
                        {"viral_infection": {"virus": "hcv", "state": "active"}},
                    ]
                },
            ),
        ),
    ),
)
