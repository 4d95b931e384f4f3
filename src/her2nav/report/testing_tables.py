"""The rules of testing as tables, for review by people (docs/testing_rules.md)."""

from __future__ import annotations

from collections.abc import Iterable

from her2nav.model.provenance import Provenance
from her2nav.testing.rulebook import RuleBook
from her2nav.testing.schema import Either, Negated, Rule, Settled


def testing_rules_page(book: RuleBook) -> str:
    """Return every rule, step, order and method as Markdown tables."""
    lines = [
        f"{len(book.rules)} rules, {len(book.conditions)} conditions, {len(book.tests)} tests. A rule applies where",
        "all its conditions hold. Confidence: V, M, O, P read; S by script; K knowledge; K? and UNV unverified.\n",
        "## Rules\n",
        "| rule | gives | test | strength | when | settled by | reason | source |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for rule in book.rules:
        lines += _rule(rule)
    lines += [
        "\n## Conditions\n",
        "`tree`: a criterion tree, judged from the patient file; `record`: whether the record holds something.\n",
        "| condition | kind | depends on |",
        "|---|---|---|",
        *(
            f"| `{one.id}` | {f'record: {one.record}' if one.record else 'tree'} | {one.clinical} |"
            for one in book.conditions.values()
        ),
        "\n## Next steps of the interpretation\n",
        "| codes | test | strength | gives | waits while |",
        "|---|---|---|---|---|",
    ]
    for step in book.steps_file.steps:
        waits = "; ".join(f"{_when(wait.when)}: {wait.trigger.clinical}" for wait in step.waits)
        lines.append(
            f"| {', '.join(f'`{code}`' for code in step.codes)} | {step.test} | {step.strength} | {step.gives} "
            f"| {waits} |"
        )
    lines += [
        "\n## Little tissue\n",
        "| order | when | tests, first to last | reason | source |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {one.id} | {_when(one.when)} | {', '.join(one.order)} | {one.clinical} | {_sources(one.provenance)} |"
        for one in book.little_tissue
    ]
    lines += [
        "\n## Methods\n",
        "| test | detects | sample | for it | against it | use | source |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {one.name} | {', '.join(one.detects)} | {one.sample} | {one.for_it} | {one.against_it} | {one.use} "
        f"| {_sources(one.provenance)} |"
        for one in book.assays
    ]
    return "\n".join(lines) + "\n"


def _rule(rule: Rule) -> list[str]:
    gives = rule.gives if rule.trigger is None else f"later: {rule.trigger.clinical}"
    if rule.valid_from is not None:
        gives += f" (from {rule.valid_from})"
    head = f"| {rule.id} | {gives} | {rule.test or ''} | {rule.strength if rule.test else ''} "
    middle = f"| {_when(rule.when)} | {_settled(rule.settled)} | {rule.clinical} | {_sources(rule.provenance)} |"
    also = [
        f"| {rule.id}, also | | | | | | {'UNVERIFIED: ' if one.unverified else ''}{one.clinical} "
        f"| {_sources(one.provenance)} |"
        for one in rule.also
    ]
    return [head + middle, *also]


def _when(when: Iterable[str | Negated | Either]) -> str:
    return ", ".join(_condition(item) for item in when)


def _condition(item: str | Negated | Either) -> str:
    if isinstance(item, Negated):
        return f"not {item.condition}"
    if isinstance(item, Either):
        return "(" + " or ".join(_condition(part) for part in item.any_of) + ")"
    return item


def _settled(settled: Settled | None) -> str:
    if settled is None:
        return ""
    parts = []
    if settled.known or settled.genes:
        parts.append("known: " + ", ".join((*settled.known, *settled.genes)))
    if settled.or_met:
        parts.append("met: " + " or ".join(settled.or_met))
    return "; or ".join(parts)


def _sources(provenance: Iterable[Provenance]) -> str:
    return "; ".join(f"{line.source}, {line.locator}, {line.confidence.value}" for line in provenance)
