"""`her2nav interpret`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from her2nav.cli.common import Format, console, parse_day, print_json, print_warnings
from her2nav.model.errors import InputError

if TYPE_CHECKING:
    from her2nav.report.phrases import Register

_EXAMPLES = "her2nav interpret FILE, her2nav interpret --tumour breast --ihc 2+ --ratio 1.9 --copies 5.2"


def interpret(
    patient: Annotated[
        str | None, typer.Argument(help="Patient file, FHIR bundle, report or letter; leave out to type values in.")
    ] = None,
    tumour: Annotated[str | None, typer.Option("--tumour", help="Tumour type, for values typed in.")] = None,
    ihc: Annotated[str | None, typer.Option("--ihc", help="IHC score: 0, 1+, 2+, 3+, or a range 1+..2+.")] = None,
    ratio: Annotated[str | None, typer.Option("--ratio", help="HER2/CEP17 ratio.")] = None,
    copies: Annotated[str | None, typer.Option("--copies", help="Mean HER2 signals per cell.")] = None,
    cep17: Annotated[str | None, typer.Option("--cep17", help="Mean CEP17 signals per cell.")] = None,
    ish: Annotated[str | None, typer.Option("--ish", help="The laboratory's word: positive, negative, …")] = None,
    single_probe: Annotated[bool, typer.Option("--single-probe", help="ISH without a CEP17 probe.")] = False,
    recount: Annotated[str | None, typer.Option("--recount", help="Group of a blinded recount, 1 to 5.")] = None,
    percent: Annotated[str | None, typer.Option("--percent", help="Stained tumour cells, 0 to 100.")] = None,
    intensity: Annotated[str | None, typer.Option("--intensity", help="none, faint, weak, moderate, intense.")] = None,
    completeness: Annotated[
        str | None, typer.Option("--completeness", help="complete, incomplete, basolateral, lateral.")
    ] = None,
    clusters: Annotated[str | None, typer.Option("--clusters", help="Stained cells in the largest cluster.")] = None,
    zero: Annotated[str | None, typer.Option("--zero", help="Kind of IHC 0: no_staining or faint_le10.")] = None,
    specimen: Annotated[str | None, typer.Option("--specimen", help="biopsy, resection, cytology_block, …")] = None,
    amplified_cells: Annotated[
        str | None, typer.Option("--amplified-cells", help="Cells with ratio 2 or more, 0 to 100 (colorectal).")
    ] = None,
    ngs: Annotated[str | None, typer.Option("--ngs", help="Tissue sequencing: amplified or not_amplified.")] = None,
    variant: Annotated[list[str] | None, typer.Option("--variant", help="ERBB2 variant; may be repeated.")] = None,
    collected: Annotated[str | None, typer.Option("--collected", help="Day of the specimen.", metavar="DATE")] = None,
    csv: Annotated[
        str | None, typer.Option("--csv", help="A table of specimens, one answer per row; - reads standard input.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="With --csv: write the result here.", metavar="FILE")
    ] = None,
    audit: Annotated[bool, typer.Option("--audit", help="With --csv: what the table looks like as a whole.")] = False,
    comment: Annotated[bool, typer.Option("--comment", help="A report comment of one specimen, to paste.")] = False,
    of: Annotated[str | None, typer.Option("--of", help="With --comment: id or number of the specimen.")] = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", help="Write a page with the timeline, for reading and print.", metavar="FILE"),
    ] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="Judge as on this day.", metavar="DATE")] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Words for patients and families.")] = False,
    output: Annotated[Format, typer.Option("--format", help="text for people, json for programs.")] = Format.TEXT,
) -> None:
    """Say what HER2 results mean under the rules of the tumour: a file, values typed in, or a table of many."""
    ihc_values = {
        "score": ihc,
        "percent_cells": percent,
        "intensity": intensity,
        "completeness": completeness,
        "cluster_cells": clusters,
        "zero_subtype": zero,
    }
    counts = {"her2_cep17_ratio": ratio, "her2_copy_number": copies, "cep17_copy_number": cep17}
    ish_values = {**counts, "percent_cells_ratio_ge2": amplified_cells, "result": ish}
    counted = any(value is not None for value in counts.values())
    ish_values["method"] = "single_probe" if single_probe else ("dual_probe" if counted else None)
    typed: dict[str, Any] = {
        "kind": specimen,
        "collected": collected,
        "ihc": ihc_values,
        "ish": {**ish_values, "recount": {"group": recount, "blinded": "true" if recount else None}},
        "ngs": {"matrix": "tissue" if ngs or variant else None, "amplification_call": ngs, "variants": variant},
    }
    results = (ihc_values, ish_values, {"recount": recount, "ngs": ngs, "variant": variant or None})
    values_given = any(value is not None for group in results for value in group.values())
    if csv is not None:
        if patient is not None or values_given or comment or html is not None:
            raise InputError("--csv goes with --tumour, --out, --audit and --as-of only", code="bad_usage")
        from her2nav.cli.batch_view import run_batch

        run_batch(csv, tumour, out, audit=audit, day=parse_day(as_of), output=output)
        return
    if audit or out is not None:
        raise InputError("--audit and --out go with --csv FILE", code="bad_usage")
    if (patient is None) == (tumour is None):
        raise InputError("name a patient file, or --tumour with the values typed in", allowed=_EXAMPLES)
    if patient is not None and values_given:
        raise InputError("values typed in stand beside --tumour, not beside a patient file", allowed=_EXAMPLES)
    _one_patient(
        patient,
        {**typed, "tumour_type": tumour},
        parse_day(as_of),
        comment,
        of,
        html,
        "plain" if plain else "clinical",
        output,
    )


def _one_patient(
    patient: str | None,
    typed: dict[str, Any],
    day: date | None,
    comment: bool,
    of: str | None,
    html: Path | None,
    register: Register,
    output: Format,
) -> None:
    """Interpret one record and show the face that was asked for."""
    from her2nav.app.interpret import interpret as run_interpret
    from her2nav.app.interpret import interpret_json, typed_in
    from her2nav.app.patient_source import patient_of
    from her2nav.app.session import Session

    session = Session()
    if patient is not None:
        read = patient_of(session, patient, day)
    else:
        from her2nav.app.columns import erbb2_variant, typed_score

        typed["ihc"] |= typed_score(typed["ihc"], session.knowledge)
        typed["ngs"]["variants"] = [erbb2_variant(text) for text in typed["ngs"]["variants"] or ()] or None
        read = typed_in(session, typed, day)
    case = run_interpret(session, read)
    print_warnings(read.warnings)
    if html is not None:
        from her2nav.app.pages import interpret_page
        from her2nav.files.writing import write_whole

        write_whole(html, [interpret_page(session, case, read.warnings)])
    if comment:
        from her2nav.app.comment import comment as run_comment
        from her2nav.app.comment import comment_json

        told = run_comment(case, of)
        if output is Format.JSON:
            print_json(
                {**comment_json(told), "warnings": list(read.warnings), "versions": session.versions(trials=False)}
            )
        else:
            print(told.text)
        return
    if output is Format.JSON:
        print_json(interpret_json(session, case, read.warnings))
        return
    if html is not None:
        typer.echo(f"page: {html}")
        return
    from her2nav.app.disputed import disputed_interpretation
    from her2nav.cli.disputed_view import show_disputed
    from her2nav.cli.her2_view import her2_block, her2_details
    from her2nav.report.option_words import option_words

    shown = her2_block(case, register) if case.her2 is None else her2_details(case, case.her2, register)
    out = console()
    out.print(shown)
    title = option_words(case.knowledge).lines["disputed"]
    show_disputed(out, disputed_interpretation(case), title, plain=register == "plain")
