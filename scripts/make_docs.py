"""Write the pages of docs/ that are made from the program itself: criterion kinds, the catalogue, decision tables."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from her2nav.app.audit import SHARES, ExpectationFile
from her2nav.app.columns import OUTPUT, known_columns
from her2nav.app.evidence import study_facts
from her2nav.app.required import FILE, RequiredFile
from her2nav.app.session import Session
from her2nav.catalogue.trialfile import trial_leaves
from her2nav.evidence.library import library
from her2nav.interpret.tables import Guideline
from her2nav.kinds.registry import kinds
from her2nav.knowledge.conflicts import conflict_file, conflicts_for
from her2nav.report.evidence_page import conflicts_page, evidence_page
from her2nav.report.tables import tables_page
from her2nav.report.testing_tables import testing_rules_page
from her2nav.report.therapy_tables import approvals_page
from her2nav.testing.rulebook import rulebook
from her2nav.therapy.book import therapy_book

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


def decision_tables_page() -> str:
    """Return docs/tables.md: every decision table for review."""
    knowledge = Session().knowledge
    guidelines = [knowledge.record(name, Guideline) for name in knowledge.bundle.folder("guidelines/")]
    return "# Decision tables\n\n" + NOTE + tables_page(guidelines, knowledge.sources)


def rules_of_testing_page() -> str:
    """Return docs/testing_rules.md: every rule of testing for review."""
    return "# Rules of testing\n\n" + NOTE + testing_rules_page(rulebook(Session().knowledge))


def approvals_tables_page() -> str:
    """Return docs/approvals.md: every label, recommendation and remark for review."""
    return "# Approvals and remarks\n\n" + NOTE + approvals_page(therapy_book(Session().knowledge))


EVIDENCE_USE = """\
`her2nav evidence` shows what is held here. Every number has its source; several trials side by side come with warnings.

| to see | ask |
|---|---|
| results of a tumour, a drug or class, a setting | `--tumour`, `--drug-class`, `--setting first-line` |
| everything of one study | `--study MOUNTAINEER` |
| results in the brain, frequencies and outlook, assays | `--table intracranial`, `figures`, `assays` |
| how the source documents searched, their drug table | `--table reviews`, `drugs` |
| intervals recomputed (Clopper-Pearson, Wilson) | `--intervals` |
| response rates pooled | `--pool` |
| a forest plot | `--plot forest.svg` |
| where the sources disagree | `--conflicts`, with `--tumour` or `--study`; `--plain` |
| for programs, for tables | `--format json` (`her2nav schema evidence`), `--format csv` |

Pooling needs the extra: `pip install 'her2nav[evidence]'`. It is off unless it is asked for.
It takes one arm of each trial and only arms of one tumour, HER2 alteration, other genes, line, regimen and printed
dose; it uses random effects (DerSimonian-Laird, logit scale), and says heterogeneity and caveat wherever it stands.
"""


def studies_page() -> str:
    """Return docs/evidence.md: every study and figure."""
    knowledge = Session().knowledge
    stock = library(knowledge)
    touching = {study.id: conflicts_for(knowledge, study_facts(study)) for study in stock.studies.values()}
    return "# Evidence\n\n" + NOTE + EVIDENCE_USE + "\n" + evidence_page(stock, knowledge.sources, touching)


def contradictions_page() -> str:
    """Return docs/conflicts.md: every contradiction."""
    return "# Where the sources disagree\n\n" + NOTE + conflicts_page(conflict_file(Session().knowledge).conflicts)


def batch_page() -> str:
    """Return docs/batch.md: the columns of a table, what reports must hold, what an audit puts beside."""
    knowledge = Session().knowledge
    published = knowledge.record("audit/expectations.yaml", ExpectationFile)
    lines = [
        "# Tables of specimens: `interpret --csv` and `--audit`\n",
        NOTE,
        "One specimen per row, the columns in any order, separated by commas, semicolons or tabs. Empty cells are",
        "unknown. A column that looks like a slip for a known one is refused; any other is named and not read. A row",
        "that cannot be read is told on standard error with its line and stays in the result, with its reason under",
        "`error`.\n",
        "| column | also called | what stands in it |\n|---|---|---|",
        *(f"| `{c.column}` | {', '.join(f'`{n}`' for n in c.names)} | {c.says} |" for c in known_columns(knowledge)),
        f"\nThe result has the columns {', '.join(f'`{name}`' for name in OUTPUT)}.",
        "`flags` and `next` hold codes, whose words are in [the decision tables](tables.md). Where cells are not",
        "separated by commas, a comma in a number is a decimal point.\n",
        "## What a report must hold\n",
        "Shown under `missing`, counted by `--audit`, named by `--comment`.\n",
        "| item | asked for | tumours | source | confidence |\n|---|---|---|---|---|",
    ]
    for item in knowledge.record(FILE, RequiredFile).items:
        when = ", ".join(item.when).replace("_", " ") or "always"
        source = f"{item.source}, {item.locator}"
        lines.append(f"| {item.says} | {when} | {', '.join(item.folders)} | {source} | {item.confidence.value} |")
    lines += [
        "\n## What an audit counts\n",
        "The mix of IHC scores, statuses and expression categories of each tumour type, and these shares, each with",
        "its 95 % interval (Wilson):\n",
        *(f"- `{name}`: {says}" for name, says in SHARES.items()),
        "\n## Published numbers that stand beside\n",
        "From other populations, assays and years: never a pass mark. K? and UNV are unverified.\n",
        "| tumours | measure | published, % | what | source | confidence |\n|---|---|---|---|---|---|",
    ]
    for one in published.expectations:
        span = f"{one.low}" if one.low == one.high else f"{one.low} to {one.high}"
        source = f"{one.source}, {one.locator}"
        lines.append(
            f"| {', '.join(one.folders)} | `{one.measure}` | {span} | {one.says} | {source} | {one.confidence.value} |"
        )
    lines.append("")
    lines += [f"- {one.says} ({one.source}, {one.locator}, {one.confidence.value})" for one in published.remarks]
    return "\n".join(lines) + "\n"


def capabilities_page() -> str:
    """Return docs/capabilities.md: what the source documents describe, item by item, and where it stands here."""
    parts = [(DOCS / f"capabilities-{part}.csv").read_text(encoding="utf-8") for part in (1, 2)]
    rows = [row for part in parts for row in csv.DictReader(part.splitlines())]
    counts = {state: sum(row["state"] == state for row in rows) for state in ("works", "partly", "not")}
    lines = [
        "# What it can do, item by item\n",
        NOTE,
        "The five source documents describe 201 capabilities. Each row says whether the program has it, how to ask for",
        "it, and a test that shows it; or what is missing. The rows are kept in `capabilities-1.csv` and",
        "`capabilities-2.csv`.\n",
        f"{counts['works']} work, {counts['partly']} in part, {counts['not']} not.\n",
        "| no | capability | state | how to ask for it | test | rule, or what is missing |\n|---|---|---|---|---|---|",
    ]
    for row in rows:
        cells = (row["id"], row["capability"], row["state"], _code(row["how"]), _code(row["test"]), row["note"])
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


PAGES = {
    "criteria.md": criteria_page,
    "catalogue.md": catalogue_page,
    "tables.md": decision_tables_page,
    "batch.md": batch_page,
    "testing_rules.md": rules_of_testing_page,
    "approvals.md": approvals_tables_page,
    "evidence.md": studies_page,
    "conflicts.md": contradictions_page,
    "capabilities.md": capabilities_page,
}


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
