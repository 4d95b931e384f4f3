"""What a person confirms: consent, compliance, contraception, life expectancy, the investigator's opinion."""

from __future__ import annotations

import re

from her2nav.kinds.reading.base import Build, Found, Rule, leaf
from her2nav.kinds.reading.comorbidity import TOPIC
from her2nav.kinds.reading.judgement import OTHER_MATTER
from her2nav.model.tree import Node, Not


def _participation(what: str) -> Build:
    return lambda _: leaf("participation", what=what)


def _weeks(found: Found) -> Node | None:
    days = found.days("time")
    if days is None:
        return None
    months = "month" in found.text("time") or "mo" in found.text("time").split()
    weeks = days // 30 * 4 if months else days // 7
    if "year" in found.text("time"):
        weeks = days // 365 * 48
    if not weeks:
        return None
    node = leaf("life_expectancy", min_weeks=weeks)
    return Not(node) if found.operator("op") in ("<", "<=") else node


def _contraception(found: Found) -> Node | None:
    words = found.sentence.text
    if OTHER_MATTER.search(words) or (_TESTED.search(words) and not _PREVENTS.search(words)):
        # "Women of childbearing potential must have a blood test to rule out pregnancy".
        return None
    female = "female" in words or "women" in words or "woman" in words
    male = any(word in words.replace("female", "").replace("women", "") for word in ("male", " men", "man "))
    return leaf("contraception", who="female" if female and not male else "male" if male and not female else "all")


def _opinion(found: Found) -> Node:
    against = found.sentence.section == "exclusion" or _AGAINST.search(found.text()) is not None
    return leaf("judgement", topic=TOPIC if against else "whether the investigator sees it so")


_TESTED = re.compile(r"\brule out pregnan|\bpregnancy test")
_PREVENTS = re.compile(r"contracep|birth control|abstain|abstinen|barrier|sperm|father|partner|condom")
_AGAINST = re.compile(r"interfer|jeopardi|compromis|confound|preclud|affect|impair|suitable|inappropriate")
"""Words of what speaks against taking part."""
_ABLE = "(able|ability|willing|willingness|agree|agrees|agreement|capable|consent|willingly|competent|understand*|provide*|provision)"

RULES = (
    Rule(
        "participation.consent",
        (
            "informed consent",
            "(written|signed|provide|give|sign) [the] [written|signed] (consent|assent)",
            "(consent|assent) (form|document)",
            "(understand|understanding) [and willingness] .. (purpose|nature|requirements|risks) of the (study|trial)",
        ),
        _participation("consent"),
        whole=True,
        texts=(("Written informed consent signed before anything is done", {"participation": {"what": "consent"}}),),
    ),
    Rule(
        "participation.compliance",
        (
            f"{_ABLE} .. (comply|adhere|compliance|cooperate|complete)",
            "(unable|unwilling|inability|unwillingness|not willing|unlikely) .. (comply|adhere|compliance|cooperate|undergo|follow)",
            "(poor|lack of|non) (compliance|adherence)",
            "likely to (comply|be compliant)",
        ),
        _participation("compliance"),
        whole=True,
        texts=(("Able to comply with visits", {"participation": {"what": "compliance"}}),),
    ),
    Rule(
        "participation.refused",
        (
            "(unable|unwilling|inability|unwillingness|not willing|not able|unlikely|refus*) .. (comply|adhere|compliance|cooperate|undergo|follow)",
            "(poor|lack of|non) (compliance|adherence)",
        ),
        lambda _: Not(leaf("participation", what="compliance")),
        priority=1,
        section="exclusion",
        whole=True,
        texts=(("Unable to comply with the visits", {"not": {"participation": {"what": "compliance"}}}),),
    ),
    Rule(
        "participation.follow_up",
        (
            "(available|availability|accessible|willing|agree*) .. (follow up|followup|follow)",
            "return to .. (center|site|institution|clinic) .. follow",
        ),
        _participation("follow_up"),
        whole=True,
        texts=(("Available for follow-up visits", {"participation": {"what": "follow_up"}}),),
    ),
    Rule(
        "participation.biopsy",
        (
            "(willing|agree*|consent|willingness|able|must) .. (undergo|provide|submit) .. (mandatory|study|on treatment|research|paired|serial) .. (biopsy|biopsies)",
        ),
        _participation("biopsy_on_study"),
        whole=True,
        texts=(("Willing to undergo a mandatory on-treatment biopsy", {"participation": {"what": "biopsy_on_study"}}),),
    ),
    Rule(
        "participation.other_trial",
        (
            "(concurrent|concurrently|simultaneous|simultaneously|current|currently|participating|participation|enrolled|enrolment|enrollment) .. (another|other|any other) .. (clinical|interventional|therapeutic|investigational) (trial|trials|study|studies)",
            "participat* in (another|other) [interventional|therapeutic] (clinical) (trial|study|trials|studies)",
        ),
        _participation("other_trial"),
        whole=True,
        texts=(("Concurrent participation in another clinical trial", {"participation": {"what": "other_trial"}}),),
    ),
    Rule(
        "participation.language",
        (
            "(speak|read|fluent|understand|literate) .. (english|french|german|spanish|chinese|language|mandarin|japanese|korean)",
        ),
        _participation("language"),
        whole=True,
        texts=(("Able to read and speak English", {"participation": {"what": "language"}}),),
    ),
    Rule(
        "participation.insurance",
        (
            "(social security|health insurance|medical insurance|insurance coverage|healthcare system|social protection)",
            "(covered|affiliated|insured|beneficiary) .. insurance",
            "(deprived of liberty|guardianship|under tutelage|curatorship|legal protection|prisoners)",
        ),
        _participation("insurance"),
        whole=True,
        texts=(("Covered by health insurance", {"participation": {"what": "insurance"}}),),
    ),
    Rule(
        "participation.questionnaires",
        ("(complete|completion|completing) .. (questionnaire|questionnaires|diary|diaries|quality of life)",),
        _participation("questionnaires"),
        whole=True,
        texts=(("Willing to complete questionnaires", {"participation": {"what": "questionnaires"}}),),
    ),
    Rule(
        "participation.donation",
        ("(donate|donation|donating) .. (blood|sperm|ova|oocytes|eggs)",),
        _participation("donation"),
        whole=True,
        texts=(("No donation of sperm during treatment", {"participation": {"what": "donation"}}),),
    ),
    Rule(
        "contraception.use",
        (
            "(contraception|contraceptive|contraceptives|birth control|contraceptions)",
            "(abstain|abstinent|abstinence) .. (intercourse|heterosexual|sexual)",
            "(child bearing|childbearing|reproductive) (potential|age|capacity) .. (must|agree|willing|use|using)",
            "(sexual partners|partner|partners) .. (childbearing|child bearing|reproductive) potential",
            "(father|fathering) .. (child|children)",
            "refrain from donating sperm",
        ),
        _contraception,
        whole=True,
        texts=(
            ("Women able to bear children agree to use effective contraception", {"contraception": {"who": "female"}}),
            ("Contraception during treatment and for 7 months after", {"contraception": {"who": "all"}}),
        ),
    ),
    Rule(
        "contraception.refused",
        (
            "(not|unwilling|unable|refus*|inability|unwillingness|failure|without|no|lack|lacking) .. (contraception|contraceptive|contraceptives|birth control|contraceptions)",
            "(plan|plans|planning|wish|wishes|wishing|intend|intends|intending|desire|desires) (to|on) (father|fathering) .. (child|children)",
        ),
        lambda found: Not(node) if (node := _contraception(found)) is not None else None,
        priority=1,
        section="exclusion",
        whole=True,
        texts=(("Fertile women who do not use birth control", {"not": {"contraception": {"who": "female"}}}),),
    ),
    Rule(
        "life_expectancy.weeks",
        (
            "(life expectancy|expected survival|expected life expectancy|estimated life expectancy|anticipated survival|survival expectancy|estimated survival|predicted survival|life span) [,] [(in the (opinion|judgment|judgement) of|as (judged|assessed|determined|estimated) by|according to) the [treating|study] (investigator|physician|oncologist|doctor)] [,] [time|period] [is|of|must be|estimated|that is|:|should be|,|at screening] [a] [{op:op}] [at|than] [a] [least] [minimum of|minimum] {time:time} [or (more|longer|greater)] [in the opinion of the investigator|as assessed by the investigator|as judged by the investigator|at screening|according to the investigator]",
            "(expected|estimated|anticipated|predicted) to (live|survive) [for] [{op:op}] {time:time}",
            "{op:op} {time:time} life expectancy",
        ),
        _weeks,
        priority=2,
        texts=(
            ("Life expectancy of at least 12 weeks", {"life_expectancy": {"min_weeks": 12}}),
            ("life expectancy > 3 months", {"life_expectancy": {"min_weeks": 12}}),
            ("Life expectancy of less than 12 weeks", {"not": {"life_expectancy": {"min_weeks": 12}}}),
        ),
    ),
    Rule(
        "judgement.opinion",
        (
            "(opinion|judgment|judgement|discretion|view|judged|assessment|deemed|determined|considered) (of|by|from) [the] [treating|site|study|principal|local] (investigator|investigators|physician|doctor|sponsor|oncologist|clinician)",
            "(investigator|physician|sponsor|investigators) ['] [s] (opinion|judgment|judgement|discretion|view|assessment|decision)",
            "(opinion|judgment|judgement|view) of the",
            "(investigator|physician) (believes|considers|feels|determines|deems|judges|thinks)",
            "[any] other [(medical|concurrent|clinical)] (condition|conditions|circumstance|circumstances|reason|reasons|factors|findings) [(that|which)] (would|could|might|may|can) [(significantly|adversely)] (limit|hinder|affect|impair|compromise|interfere with) [(the|their)] [(study|trial|protocol)] (compliance|participation|adherence|assessments|procedures|conduct) [or (interfere with|affect|confound|compromise) [the] [(study|trial|protocol)] (assessments|procedures|conduct|results|evaluations)]",
            "(would|could|might|may|that) .. (interfere|jeopardize|jeopardise|compromise|confound|preclude|affect|impair) .. (study|trial|participation|safety|interpretation|compliance|results|patient)",
            "not suitable for .. (study|trial)",
            "(inappropriate|unsuitable) .. (study|trial|participation|enrollment)",
        ),
        _opinion,
        texts=(
            (
                "Any condition that, in the opinion of the investigator, makes taking part unsafe",
                {"judgement": {"topic": "whether the investigator sees it so"}},
            ),
        ),
    ),
)
