"""`her2nav variant`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from her2nav.cli.common import Format, console, indented, print_json

if TYPE_CHECKING:
    from rich.console import RenderableType

    from her2nav.app.variant import VariantAnswer
    from her2nav.knowledge.load import Knowledge
    from her2nav.variants.call import Actionability, VariantCall

_LEVELS = {
    "L1": "label",
    "L2": "guideline",
    "L3": "trial or cohort",
    "L4": "preclinical or single case",
    "L3/4": "cohort, or preclinical",
    "R": "resistance",
    "R1": "resistance, guideline",
    "R2": "resistance, clinical",
    "R3": "resistance, preclinical",
}


def variant(
    text: Annotated[list[str], typer.Argument(help='One variant or several: "ERBB2 A775_G776insYVMA", S310F, YVMA.')],
    tumour: Annotated[str | None, typer.Option("--tumour", help="Only the drugs of this tumour type.")] = None,
    output: Annotated[Format, typer.Option("--format", help="text for people, json for programs.")] = Format.TEXT,
) -> None:
    """Say what an ERBB2 variant is: canonical name, place, class, drugs; a name that is wrong is answered too."""
    from her2nav.app.session import Session
    from her2nav.app.variant import variant as run_variant
    from her2nav.app.variant import variant_json

    session = Session()
    answer = run_variant(session, text, tumour)
    if output is Format.JSON:
        print_json(variant_json(session, answer))
        return
    from rich.console import Group

    from her2nav.app.variant import disputed
    from her2nav.cli.disputed_view import show_disputed
    from her2nav.report.option_words import option_words

    blocks: list[RenderableType] = []
    for call in answer.calls:
        blocks += [*_block(session.knowledge, answer, call), ""]
    out = console()
    out.print(Group(*blocks[:-1]))
    title = option_words(session.knowledge).lines["disputed"]
    show_disputed(out, disputed(session, answer), title, plain=False)


def _block(knowledge: Knowledge, answer: VariantAnswer, call: VariantCall) -> list[RenderableType]:
    from rich.text import Text

    from her2nav.app.variant import applies, domain_name
    from her2nav.interpret.variant_class import class_words

    name = f"{call.gene} {call.hgvs_p}" if call.hgvs_p else call.input
    lines: list[RenderableType] = [Text.assemble((name, "bold"), f"   {class_words(call)}")]
    if call.hgvs_p:
        lines.append(_line(f"{call.short} on {answer.known.protein.protein}; written: {call.input}"))
    moved = any(caution.code == "isoform_converted" for caution in call.warnings)
    if call.hgvs_c:
        lines.append(
            _line(f"{answer.known.protein.transcript}:{call.hgvs_c} ({'converted' if moved else 'as written'})")
        )
    elif call.hgvs_c_examples:
        lines.append(_line(f"for example {answer.known.protein.transcript}:{', '.join(call.hgvs_c_examples)}"))
    exons = ", ".join(map(str, call.exons))
    if exons or call.domain:
        unverified = " (unverified)" if call.exon_unverified else ""
        place = [f"exon {exons}{unverified}" if exons else "", domain_name(answer.known, call.domain) or ""]
        lines.append(_line(", ".join(part for part in place if part)))
    if call.summary:
        lines.append(_line(call.summary))
    if call.candidates:
        lines.append(_line(f"May be: {', '.join(call.candidates)}"))
    for message in dict.fromkeys(caution.message for caution in call.warnings):
        meant = [one.suggestion for one in call.warnings if one.message == message and one.suggestion]
        told = "" if not meant or meant[0] in message else f" (did you mean {' or '.join(meant)}?)"
        lines.append(indented(Text(f"! {message}{told}", "yellow"), 2))
    if call.needs_confirmation:
        lines.append(indented(Text("NOT FINAL: a person must confirm what was meant", "bold yellow"), 2))
    shown = [item for item in call.actionability if applies(item, call, answer.tumour, knowledge)]
    if shown:
        lines.append(_line("Drugs for this variant; whether one fits a patient is decided elsewhere:"))
        lines += [_drug(knowledge, item) for item in shown]
    left = len(call.actionability) - len(shown)
    if left:
        lines.append(indented(Text(f"{left} more for other tumours (leave out --tumour)", "dim"), 2))
    sources = dict.fromkeys(
        f"{one.source}, {one.locator}, {one.confidence.value}, checked {one.checked_on}" for one in call.sources
    )
    if sources:
        lines.append(indented(Text("Source: " + "; ".join(sources), "dim"), 2))
    return lines


def _line(text: str) -> RenderableType:
    from rich.text import Text

    return indented(Text(text), 2)


def _drug(knowledge: Knowledge, item: Actionability) -> RenderableType:
    from rich.text import Text

    from her2nav.app.variant import drug_name, tumour_name

    level = f"{item.level} ({_LEVELS[item.level]})" if item.level else "not graded"
    words = [drug_name(knowledge, item.drug), item.effect.replace("_", " "), level, tumour_name(knowledge, item.tumour)]
    words += [part for part in (item.condition, item.note) if part]
    text = Text(" · ".join(words))
    if item.unverified:
        text.append("  unverified", "bold yellow")
    text.append(f"  [{item.source.source}, {item.source.locator}, {item.confidence.value}]", "dim")
    return indented(text, 4)
