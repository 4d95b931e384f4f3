"""Performance status on the scales of ECOG, Karnofsky and Lansky."""

from __future__ import annotations

import re

from her2nav.kinds.reading.base import Found, Rule, both_ways, leaf
from her2nav.model.tree import Node

_GOES_ON = re.compile(r"\s*,\s*[0-4](?:\s*(?:or|and)\b)|\s*[-–?/]\s*[0-4](?![\d.%])")
"""A list that goes on with what is not written as usual: "0, 1or 2"."""

_OF_SOMETHING = re.compile(r"[\s-]*(?:weeks?|days?|months?|points?|levels?|%|x\b)")
"""Behind a number that is no score: "performance status 2 weeks before"."""


def _last_digit(found: Found) -> int:
    """Return where the scores end, without a sign that was taken for a hyphen."""
    end = found.match.end("values")
    return end - len(found.text("values")) + len(found.text("values").rstrip(" -"))


def _best(found: Found) -> Node | None:
    """A score "or better" is at most that score."""
    value = found.integer("n")
    return leaf("performance_status", ecog_max=value) if value is not None and value <= 4 else None


def _worst(found: Found) -> Node | None:
    """A score "or more" is at least that score."""
    value = found.integer("n")
    return leaf("performance_status", ecog_min=value) if value is not None else None


def _ecog(found: Found) -> Node | None:
    values = [int(char) for char in found.text("values") if char.isdigit()]
    sign = next((sign for name in ("op", "op2", "op3", "op4", "op5") if (sign := found.operator(name))), None)
    days = found.days("time")
    if not values or max(values) > 4 or _GOES_ON.match(found.sentence.text, _last_digit(found)):
        return None
    if found.has("op5") and sign in (">", ">=") and found.sentence.section == "inclusion":
        return None  # without a scale: one of several risks, or another scale
    if _OF_SOMETHING.match(found.sentence.text, _last_digit(found)):
        return None
    if sign in ("<", ">"):
        return (
            leaf("performance_status", ecog_max=values[0] - 1, within_days=days)
            if sign == "<"
            else leaf("performance_status", ecog_min=max(values) + 1, within_days=days)
        )
    if sign == ">=" and found.sentence.section == "inclusion" and values == [2]:
        # No trial of drugs wants the weak alone: the sign may be turned round.
        least, most = (leaf("performance_status", **{name: 2}, within_days=days) for name in ("ecog_min", "ecog_max"))
        return both_ways(least, most, doubt="a performance score of 2 at least, or at most")
    if sign == ">=":
        return leaf("performance_status", ecog_min=values[0], within_days=days)
    if sign is None and len(values) == 1 and values[0]:
        # "ECOG 2": just that, or a record that lost its "at most".
        most = leaf("performance_status", ecog_max=values[0], within_days=days)
        exact = leaf("performance_status", ecog_max=values[0], ecog_min=values[0], within_days=days)
        return both_ways(exact, most, doubt="just that performance score, or that score at most")
    if sign == "<=" or len(values) == 1:
        return leaf(
            "performance_status",
            ecog_max=max(values),
            ecog_min=None if sign or values[0] == 0 else values[0],
            within_days=days,
        )
    return leaf("performance_status", ecog_max=max(values), ecog_min=min(values) or None, within_days=days)


def _range(found: Found) -> Node | None:
    """Two scores with a sign between them that is no hyphen, or none behind: "0 ? 1", "0-1and"."""
    low, high = found.integer("low"), found.integer("high")
    if low is None or high is None or not low < high <= 4:
        return None
    return leaf("performance_status", ecog_max=high, ecog_min=low or None)


def _from_best(found: Found) -> Node | None:
    value = found.integer("n")
    return leaf("performance_status", karnofsky_min=value) if value is not None and 10 <= value < 100 else None


_YEARS = re.compile(r"\s*(?:\+\s*)?(?:years?|yrs?|y\.?o)\b")
"""Behind a number: whom the scale is for, no score ("Karnofsky (16 years or older) of at least 50")."""


def _karnofsky(found: Found) -> Node | None:
    value, sign = found.integer("n"), found.operator("op") or ">="
    if value is None or not 10 <= value <= 100 or _YEARS.match(found.sentence.text, found.match.end()):
        return None
    low = value + 10 if sign == ">" else value
    return leaf("performance_status", karnofsky_min=low) if sign in (">=", ">") else None


_WHEN = "[(obtained|assessed|measured|documented|evaluated|determined|performed)] [(within|≤|<|in) [the] [(last|prior|previous)] {time:time}] [(prior to|before|of|preceding) [the] [(first|start of|initiation of|study|date of|date|time of)] [(dose|study|treatment|day|administration|entry|enrollment)] [of] [the] [(study|investigational|protocol)] [(drug|treatment|therapy|product|entry|intervention|enrollment|registration|randomization)] [{anchor}]]"
_STATUS = "[\\(] {ecog} [\\)] [performance] [status|score|scale|grade|index] [\\(] [ps|ecog|who|ecog ps|{site} {digits}|see {site} {digits}] [\\)] [scale|score|grade|criteria]"

RULES = (
    Rule(
        "performance_status.ecog",
        (
            f"{_STATUS} [of|is|:|=|must be|with] [a] [score|grade|performance status] [of] ([{{op:op}}] (0|1|2|3|4|5) [[,] [or|to|and|/|through|~] (0|1|2|3|4)] [[,] [or|to|and] (1|2|3|4)] [[,] [or|to|and] (2|3|4)]):values [at screening|at study entry|at baseline] {_WHEN}",
            "performance status [of|is|:|=] ([{op:op2}] (0|1|2) [[,] [or|to|and|/] (1|2|3|4)] [[,] [or|to|and] (2|3|4)]):values [by|on|per|according to|using] [the] {ecog} [performance] [status|scale|criteria]",
        ),
        _ecog,
        priority=2,
        texts=(
            ("ECOG performance status 0-1", {"performance_status": {"ecog_max": 1}}),
            (
                "Eastern Cooperative Oncology Group (ECOG) performance status of 0, 1, or 2",
                {"performance_status": {"ecog_max": 2}},
            ),
            ("ECOG PS ≤ 2", {"performance_status": {"ecog_max": 2}}),
            ("ECOG performance status (Appendix 3) of 0 or 1", {"performance_status": {"ecog_max": 1}}),
            ("Performance status ≤ 1 on the ECOG scale", {"performance_status": {"ecog_max": 1}}),
        ),
    ),
    Rule(
        "performance_status.range",
        (f"{_STATUS} [of|is|:|=|must be|with] [a] [score] [of] {{digits:low}} [(to|or|\\?)] {{digits:high}}",),
        _range,
        priority=1,
        texts=(("ECOG performance status score 0-1and adequate nutrition", {"performance_status": {"ecog_max": 1}}),),
    ),
    Rule(
        "performance_status.or_worse",
        (
            "[{ecog}] [\\(] [{ecog}] [\\)] performance [status|score] [\\(] [{ecog}|ps] [\\)] [of|is|:|=] (1|2|3|4):n (or|and) (more|above|higher|greater|worse)",
            "{ecog} [\\(] [ps] [\\)] [(status|score|grade)] [of|is|:|=] (1|2|3|4):n (or|and) (more|above|higher|greater|worse)",
        ),
        _worst,
        priority=3,
        section="exclusion",
        texts=(("Performance status of 2 or more", {"performance_status": {"ecog_min": 2}}),),
    ),
    Rule(
        "performance_status.or_better",
        (
            "[{ecog}] performance [status|score] [\\(] [{ecog}|ps] [\\)] [of|is|:|=|must be] (0|1|2|3|4):n (or|and) (better|less|lower|below)",
        ),
        _best,
        priority=3,
        texts=(("Performance status of 2 or better", {"performance_status": {"ecog_max": 2}}),),
    ),
    Rule(
        "performance_status.who",
        (
            "world health organization [\\(who\\)] performance [status|score] [\\(] [ps|who] [\\)] [of|is|:|=|must be] ([{op:op}] (0|1|2|3) [[,] [or|to|and|/] (1|2|3)] [[,] [or|to|and] (2|3)]):values",
            "(performance status|ps) [:] [\\(] ({ecog}|who|gog|swog|zubrod|egog) [score|scale|criteria|grade] [\\)] [score|scale] [of|is|:|=|must be] ([{op:op2}] (0|1|2|3) [[,] [or|to|and|/|~] (1|2|3)] [[,] [or|to|and] (2|3)]):values",
            "performance status (by|on|per|according to|using) [the] (who|gog|swog|zubrod|{ecog}) [performance] (scale|score|criteria) [of|is|:|=|must be] ([{op:op2}] (0|1|2|3) [[,] [or|to|and|/|~] (1|2|3)] [[,] [or|to|and] (2|3)]):values",
            "^who [ps] [:|is|of] ((0|1) (or|to|and|/|~) (1|2|3)|0 (1|2|3)):values",
            "(gog|swog|egog|zubrod) [\\)] [(performance status|ps)] [score|scale] [of|is|:|=|must be] ([{op:op3}] (0|1|2|3) [[,] [or|to|and|/|~] (1|2|3|4)] [[,] [or|to|and] (2|3)]):values",
            "(performance status|performance score) [\\(ps\\)] [score|grade|scale] [(-|of|is|:|=|must be)] [ctc|who|zubrod|gog|swog] ([{op:op5}] (0|1|2|3) [[,] [or|to|and|/|through|~] (1|2|3|4)] [[,] [or|to|and] (2|3)]):values",
            "(performance status|ps) [of|is|:|=|must be] ([{op:op4}] (0|1|2|3) [[,] [or|to|and|/|~] (1|2|3)] [[,] [or|to|and] (2|3)]):values \\( {ecog} [ps|scale|score]  \\)",
        ),
        _ecog,
        priority=2,
        texts=(
            ("World Health Organization (WHO) performance status 0, 1", {"performance_status": {"ecog_max": 1}}),
            ("Performance status (ECOG) of 0 or 1", {"performance_status": {"ecog_max": 1}}),
            ("Performance status (WHO scale) less than 2", {"performance_status": {"ecog_max": 1}}),
            ("Performance status: WHO 0-2", {"performance_status": {"ecog_max": 2}}),
            ("WHO 0-2", {"performance_status": {"ecog_max": 2}}),
            ("WHO grade 2 glioma", None),
            ("SWOG 0-1", {"performance_status": {"ecog_max": 1}}),
            ("Performance status less than or equal to 2", {"performance_status": {"ecog_max": 2}}),
            ("Performance status of 80 or more", None),
        ),
    ),
    Rule(
        "performance_status.karnofsky_from_best",
        (
            "{karnofsky} [\\(] [kps|performance status|ps] [\\)] [performance] [status|score|scale|index|ps] [\\(kps\\)] [of|is|:|=|must be] 100 [%|percent] [(-|to)] {digits:n} [%|percent]",
        ),
        _from_best,
        priority=3,
        texts=(("Karnofsky performance status 100-70%", {"performance_status": {"karnofsky_min": 70}}),),
    ),
    Rule(
        "performance_status.karnofsky",
        (
            "{karnofsky} [\\(] [kps|performance status|ps] [\\)] [performance] [status|score|scale|index|ps] [\\(kps\\)] [of|is|:|=|must be] [{op:op}] {digits:n} [%|percent] [(-|to) 100 [%|percent]] [or (higher|greater|above|more|better)]",
        ),
        _karnofsky,
        priority=2,
        texts=(
            ("Karnofsky performance status of at least 70%", {"performance_status": {"karnofsky_min": 70}}),
            ("Lansky (12 to 15 years) or Karnofsky (≥ 16 years of age) score of at least 50", None),
        ),
    ),
)
