"""The filters of a search: one row each, with its SQL and the sentence people read."""

from __future__ import annotations

from dataclasses import dataclass

from her2nav.model.errors import ValueProblem


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter.

    Attributes:
        key: Its name in options and requests.
        sql: Condition on one value, `?`, of a row of `view`.
        sentence: What it asks, with `{}` for the value.
    """

    key: str
    sql: str
    sentence: str


_TAGGED = "view.id IN (SELECT view_id FROM tag WHERE kind = '{}' AND value = ?)"

FILTERS = {
    item.key: item
    for item in (
        Filter("drug", _TAGGED.format("drug"), "gives {}"),
        Filter("class", _TAGGED.format("class"), "gives a drug of the class {}"),
        Filter("tumour", _TAGGED.format("tumour"), "is about {}"),
        Filter("setting", _TAGGED.format("setting"), "mentions the setting {}"),
        Filter("phase", _TAGGED.format("phase"), "is in phase {}"),
        Filter("country", _TAGGED.format("country"), "has a site in {}"),
        Filter("mentions", _TAGGED.format("mentions"), "mentions {}"),
        # The last status of a trial that left the registry is no status of today.
        Filter("status", "(view.status = ? AND trial.gone_in IS NULL)", "has the status {}"),
        Filter("sponsor", "instr(lower(view.sponsor), lower(?)) > 0", "has a sponsor named {}"),
        Filter("posted_since", "view.first_posted >= ?", "was first posted on {} or later"),
        Filter("updated_since", "view.last_update >= ?", "was last updated on {} or later"),
        Filter("study_type", "view.study_type = ?", "is of the type {}"),
        Filter("results", "view.has_results = (? = 'yes')", "has posted results: {}"),
    )
}


def where(filters: dict[str, tuple[str, ...]]) -> tuple[str, list[str]]:
    """Return the condition of several filters, and its values.

    Raises:
        ValueProblem: A filter that does not exist.
    """
    conditions: list[str] = []
    values: list[str] = []
    for key, wanted in filters.items():
        if key not in FILTERS:
            raise ValueProblem(f"unknown filter '{key}'", allowed=", ".join(sorted(FILTERS)))
        if wanted:
            conditions.append("(" + " OR ".join(FILTERS[key].sql for _ in wanted) + ")")
            values += wanted
    return " AND ".join(conditions), values


def sentences(filters: dict[str, tuple[str, ...]]) -> list[str]:
    """Say what filters ask for."""
    return [FILTERS[key].sentence.format(" or ".join(values)) for key, values in filters.items() if values]
