"""Write the pages of docs/ that are made from the program itself: criterion kinds and the catalogue."""

from __future__ import annotations

import sys
from pathlib import Path

from her2nav.app.session import Session
from her2nav.catalogue.trialfile import trial_leaves
from her2nav.kinds.registry import kinds

DOCS = Path(__file__).resolve().parent.parent / "docs"
NOTE = "<!-- Made by scripts/make_docs.py; change the source it names, not this page. -->\n\n"


def criteria_page() -> str:
    """Return docs/criteria.md: the form of trees and every kind with its parameters."""
    lines = [
        "# Criterion trees and kinds\n",
        NOTE,
        "A criterion is a tree. A node is a group of keys with one head:\n",
        "| head | meaning |\n|---|---|",
        "| `all_of: [nodes]` | every part holds |",
        "| `any_of: [nodes]` | one part holds |",
        "| `not: node` | the part does not hold; an exclusion is `not` of a proposition |",
        "| `at_least: {n: 2, of: [nodes]}` | n of the parts hold |",
        "| `when: node` with `then: node` beside it | where `when` is false the criterion does not apply and is met |",
        "| a kind with its parameters | a proposition P about the patient |\n",
        "Beside the head may stand `span: [first, one past last]`, the characters of the registry's text, and `text`.",
        "Truth is met, not met or unknown (Kleene's logic). What the record does not say is unknown.\n",
        "## Kinds\n",
        "Each kind states a positive proposition P. The number is that of the criterion taxonomy it covers.\n",
    ]
    for kind in sorted(kinds().values(), key=lambda kind: (kind.taxonomy or (99,), kind.id)):
        numbers = ", ".join(str(number) for number in kind.taxonomy)
        lines.append(f"### `{kind.id}`\n")
        lines.append(f"{kind.name.capitalize()}" + (f" (taxonomy {numbers})" if numbers else "") + ".")
        lines.append(" ".join((kind.params.__doc__ or "").split()))
        if not kind.evaluated:
            lines.append("*Not judged by the program: always unknown, a person reads it.*")
        fields = kind.params.model_fields
        if fields:
            lines.append("\n| parameter | default |\n|---|---|")
            for name, field in fields.items():
                default = "required" if field.is_required() else f"`{field.default}`"
                lines.append(f"| `{name}` | {default} |")
        if kind.examples:
            lines.append("\n| example | record | P |\n|---|---|---|")
            for params, record, truth in kind.examples[:3]:
                lines.append(f"| `{params}` | `{record}` | {truth.replace('_', ' ')} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def catalogue_page() -> str:
    """Return docs/catalogue.md: every shipped trial with its status, date and source."""
    trials = Session().trials
    lines = [
        "# The shipped catalogue\n",
        NOTE,
        f"{len(trials)} trials, curated by hand as criterion trees from registry texts. A status is that of the day it",
        "was captured. `unread` counts the places that need a person.\n",
        "| trial | title | tumours | HER2 | phase | status on | curation | criteria | unread |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for trial in trials:
        record = trial.record
        unread = sum(leaf.kind == "unread" for leaf in trial_leaves(trial))
        status = f"{record.status.value.value.lower().replace('_', ' ')}, {record.status.date} ({record.status.source})"
        review = "second reading" if record.review.state == "second_reading" else "draft"
        lines.append(
            f"| [{record.nct_id}]({record.url}) | {record.title} | {', '.join(record.tumours)} "
            f"| {', '.join(record.her2)} | {', '.join(record.phase).lower()} | {status} "
            f"| {record.curation}, {review} | {len(trial.criteria)} | {unread} |"
        )
    return "\n".join(lines) + "\n"


PAGES = {"criteria.md": criteria_page, "catalogue.md": catalogue_page}


def main() -> int:
    """Write the pages; with --check only say which are out of date."""
    stale = []
    for name, make in PAGES.items():
        path, text = DOCS / name, make()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    if stale and "--check" in sys.argv:
        sys.stderr.write(f"out of date: {', '.join(stale)}; run scripts/make_docs.py\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
