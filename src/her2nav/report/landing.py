"""The landing page of a tumour: trials by setting, testing explained, standard of care, questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from her2nav.knowledge.schema import OptionWords, Source, Words
from her2nav.report.html import environment
from her2nav.report.phrases import closing_lines, day


def landing_page(
    *,
    tumour: str,
    plain_tumour: str,
    today: date,
    limit_days: int,
    country: str | None,
    groups: Sequence[Mapping[str, Any]],
    aside: int,
    per_group: int,
    testing: Sequence[Any],
    guideline: tuple[str, date] | None,
    care: Sequence[Mapping[str, Any]],
    questions: Sequence[str],
    words: Words,
    option_words: OptionWords,
    sources: Mapping[str, Source],
    drug_name: Callable[[str], str],
    lung: bool,
    versions: Mapping[str, Any],
) -> str:
    """Return the page as HTML: no script, nothing from outside, fit for paper and for a screen reader.

    Args:
        tumour: Name of the tumour type.
        plain_tumour: The same in plain words.
        today: The day of the page.
        limit_days: Past this age a status counts as unknown.
        country: Two-letter code that trials were limited to; None: any.
        groups: Title, sentence and trials of each group.
        aside: Trials that mention HER2 only in passing.
        per_group: Trials shown of a group.
        testing: Sentences on testing, with their sources.
        guideline: Title and first day of the guideline in force; None where none is held.
        care: Labels by authority.
        questions: What to ask.
        words: Phrases that people read.
        option_words: What is said of the standing of a treatment.
        sources: Documents by id.
        drug_name: Id of a drug to its name.
        lung: Whether the warning of lung risk is due.
        versions: What every answer quotes.
    """

    def status(item: Any) -> str:
        trial = item.trial
        word = trial.status.value.replace("_", " ").lower() if trial.status else "status not stated"
        if item.age_days is None or trial.status_date is None:
            return f"{word[:1].upper()}{word[1:]} (day not known: check)"
        note = f"{item.age_days} days ago" + (": check" if item.age_days > limit_days else "")
        return f"{word[:1].upper()}{word[1:]} on {day(trial.status_date)} ({note})"

    def phase(item: Any) -> str:
        names = [name.replace("EARLY_PHASE1", "early phase 1").replace("PHASE", "phase ") for name in item.trial.phases]
        return " / ".join(name for name in names if name != "NA") or "phase not stated"

    def cited(lines: Sequence[Any]) -> str:
        said = (
            f"{sources[line.source].title if line.source in sources else line.source}, {line.locator}"
            f" ({line.confidence.value}, checked {line.checked_on})"
            for line in lines
        )
        return "; ".join(dict.fromkeys(said))

    def when(written: object) -> str:
        text = str(written)
        return day(date.fromisoformat(text)) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else text

    def standing(row: Mapping[str, Any]) -> str:
        since = f" since {when(row['since'])}" if row["since"] else ""
        return option_words.status[row["status"]].clinical.format(since=since)

    shown = [group for group in groups if group["trials"]]
    return (
        environment()
        .get_template("landing.html.j2")
        .render(
            tumour=tumour,
            plain_tumour=plain_tumour,
            today=day(today),
            limit_days=limit_days,
            country=country,
            groups=shown,
            total=sum(len(group["trials"]) for group in shown),
            fresh=sum(item.current for group in shown for item in group["trials"]),
            standing=standing,
            when=when,
            aside=aside,
            per_group=per_group,
            testing=testing,
            guideline=(guideline[0], day(guideline[1])) if guideline else None,
            care=care,
            questions=questions,
            first=closing_lines(words, "plain", lung=lung),
            status=status,
            phase=phase,
            cited=cited,
            drug_name=drug_name,
            versions=versions,
        )
    )
