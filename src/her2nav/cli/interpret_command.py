"""`her2nav interpret`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from her2nav.cli.common import Format, console, parse_day, print_json, print_warnings
from her2nav.model.errors import InputError


def interpret(
    patient: Annotated[str | None, typer.Argument(help="Patient file; leave out to type values in.")] = None,
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
    as_of: Annotated[str | None, typer.Option("--as-of", help="Judge as on this day.", metavar="DATE")] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Words for patients and families.")] = False,
    output: Annotated[Format, typer.Option("--format", help="text for people, json for programs.")] = Format.TEXT,
) -> None:
    """Say what HER2 results mean under the rules of the tumour, from a file or from values typed in."""
    from her2nav.app.interpret import interpret as run_interpret
    from her2nav.app.interpret import interpret_json, typed_in
    from her2nav.app.session import Session
    from her2nav.intake.patient_file import read_patient

    session, day = Session(), parse_day(as_of)
    if (patient is None) == (tumour is None):
        raise InputError(
            "name a patient file, or --tumour with the values typed in",
            allowed="her2nav interpret FILE, her2nav interpret --tumour breast --ihc 2+ --ratio 1.9 --copies 5.2",
        )
    if patient is not None:
        source: str | Path = patient if patient == "-" else Path(patient)
        read = read_patient(source, session.knowledge, session.today(), day)
    else:
        counted = any(value is not None for value in (ratio, copies, cep17))
        method = "single_probe" if single_probe else ("dual_probe" if counted else None)
        values = {
            "tumour_type": tumour,
            "kind": specimen,
            "collected": collected,
            "ihc": {
                "score": ihc.split("..") if ihc else None,
                "percent_cells": percent,
                "intensity": intensity,
                "completeness": completeness,
                "cluster_cells": clusters,
                "zero_subtype": zero,
            },
            "ish": {
                "method": method,
                "her2_cep17_ratio": ratio,
                "her2_copy_number": copies,
                "cep17_copy_number": cep17,
                "percent_cells_ratio_ge2": amplified_cells,
                "result": ish,
                "recount": {"group": recount, "blinded": "true" if recount else None},
            },
            "ngs": {"matrix": "tissue" if ngs or variant else None, "amplification_call": ngs, "variants": variant},
        }
        read = typed_in(session, values, day)
    case = run_interpret(session, read)
    print_warnings(read.warnings)
    if output is Format.JSON:
        print_json(interpret_json(session, case, read.warnings))
        return
    from her2nav.cli.her2_view import her2_block, her2_details
    from her2nav.report.phrases import Register

    register: Register = "plain" if plain else "clinical"
    shown = her2_block(case, register) if case.her2 is None else her2_details(case, case.her2, register)
    console().print(shown)
