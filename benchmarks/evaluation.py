"""How fast trials are evaluated for a whole hospital and for one patient; prints a table.

    python benchmarks/evaluation.py [--patients 100000] [--trials 1000] [--criteria 40] [--runs 3]

A pair is one patient and one criterion. Patients come as columns, as from a Parquet file; blocks, leaves and groups are
cold in every run, and compiling the trials and building the columns are timed apart.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from generated import patients, trials

from her2nav.app.session import Session
from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.columns import Columns
from her2nav.intake.patient_file import read_patient
from her2nav.kinds.registry import kinds
from her2nav.matching import single
from her2nav.matching.compiled import CompiledTrials, compile_trials
from her2nav.matching.evaluate import Verdict, codes_of, rows_of
from her2nav.matching.explain import Explainer
from her2nav.matching.program import Program
from her2nav.matching.ranking import next_facts, ranked
from her2nav.matching.results import match_patient
from her2nav.matching.verdicts import Verdicts, block_verdicts, patient_verdicts, verdicts

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
MET, UNKNOWN, NOT_MET = 2, 1, 0


def timed(what: Callable[[], object], runs: int) -> tuple[float, float]:
    """Return the median wall and the least processor seconds of this thread."""
    wall, processor = [], []
    for _ in range(runs):
        start, began = time.perf_counter(), time.thread_time()
        what()
        wall.append(time.perf_counter() - start)
        processor.append(time.thread_time() - began)
    return statistics.median(wall), min(processor)


def bandwidth(runs: int) -> float:
    """Return the bytes a second that copying a large array reads and writes."""
    source = np.ones(1 << 25)
    target = np.empty_like(source)
    return 2 * source.nbytes / timed(lambda: np.copyto(target, source), runs)[0]


def python_loop(compiled: CompiledTrials, block: Block) -> tuple[int, float]:
    """Judge trial by trial in plain Python over ready truths, stopping at the first criterion that is not met.

    Returns the pairs decided, those skipped by stopping early included, and the seconds. The leaves are given: the loop
    alone is timed.
    """
    program, _ = compiled.deciding
    rows = rows_of(program, block)
    unpacked = np.unpackbits(rows.view(np.uint8), axis=1, bitorder="little")[:, : block.size]
    of_patient = (1 + unpacked[::2].astype(np.int8) - unpacked[1::2]).T.tolist()
    plans = [
        [(reference >> 1, reference & 1) for reference in _parts(program, int(verdict))]
        for verdict in compiled.deciding[1]
    ]
    pairs, start = 0, time.perf_counter()
    for truth in of_patient:
        for plan in plans:
            result = MET
            for node, negated in plan:
                one = MET - truth[node] if negated else truth[node]
                if one == NOT_MET:
                    result = NOT_MET
                    break
                if one < result:
                    result = one
            pairs += len(plan)
    return pairs, time.perf_counter() - start


def _parts(program: Program, reference: int) -> tuple[int, ...]:
    found = program.groups.get(reference >> 1)
    return found[1] if found is not None and not found[0] and not reference & 1 else (reference,)


def hospital(columns: Columns, compiled: CompiledTrials, processes: int) -> list[Verdicts]:
    """Evaluate everything once from fresh blocks and keep the packed verdicts of every pair."""
    return list(verdicts(compiled, Block.from_columns(columns), processes=processes))


def line(what: str, value: str, note: str = "") -> None:
    """Print one row of the table."""
    print(f"{what:62} {value:>14}  {note}", flush=True)


def many(arguments: argparse.Namespace, session: Session) -> CompiledTrials:
    """Measure the whole hospital."""
    start = time.perf_counter()
    columns = patients(arguments.patients, session.knowledge)
    line("generate the patients as columns", f"{time.perf_counter() - start:.1f} s")
    answers = []
    for shared in (True, False):
        name = "shared thresholds" if shared else "no thresholds shared"
        found = trials(arguments.trials, arguments.criteria, session.knowledge, shared=shared)
        start = time.perf_counter()
        compiled = compile_trials(found)
        program, _ = compiled.deciding
        line(
            f"{name}: compile the trials",
            f"{time.perf_counter() - start:.1f} s",
            f"{len(program.leaves)} unique leaves, {program.size} nodes",
        )
        pairs = arguments.patients * arguments.trials * arguments.criteria
        for processes in (1, 2):
            before = os.times()
            wall, _ = timed(lambda c=compiled, p=processes: hospital(columns, c, p), arguments.runs)
            after = os.times()
            used = (sum(after[:4]) - sum(before[:4])) / arguments.runs
            line(
                f"{name}: verdicts, {processes} process{'es' * (processes > 1)}",
                f"{pairs / wall / 1e6:.0f} M pairs/s",
                f"{wall:.2f} s, {used:.2f} s of processor: {pairs / used / 1e6:.0f} M pairs per processor second",
            )
        totals = dict.fromkeys(Verdict, 0)
        for part in hospital(columns, compiled, 1):
            for verdict, number in part.counts().items():
                totals[verdict] += number
        every = sum(totals.values())
        line(
            f"{name}: pairs of patient and trial that are not ineligible",
            f"{100 * (1 - totals[Verdict.INELIGIBLE] / every):.0f} %",
            ", ".join(f"{verdict.word} {100 * number / every:.0f} %" for verdict, number in totals.items()),
        )
        few = Block.from_columns(columns).part(0, 200)
        decided, seconds = python_loop(compiled, few)
        line(f"{name}: plain Python loop, early exit, leaves given", f"{decided / seconds / 1e6:.1f} M pairs/s")
        answers.append(compiled)
        one_patient(f"one patient, {arguments.trials} trials, {name}", columns, compiled)
    return answers[0]


def one_patient(name: str, columns: Columns, compiled: CompiledTrials) -> None:
    """Measure patients of the columns one at a time, each from a fresh block."""
    blocks = [Block.from_columns(columns.part(i, i + 1)) for i in range(60)]
    left = iter(blocks)
    patient_verdicts(compiled, next(left))
    verdict, processor = timed(lambda: patient_verdicts(compiled, next(left)), 25)
    line(f"{name}: verdicts, cold, what is needed", f"{1000 * verdict:.2f} ms", f"processor {1000 * processor:.2f}")
    whole, processor = timed(lambda: block_verdicts(compiled, next(left)), 25)
    line(f"{name}: verdicts, cold, every leaf", f"{1000 * whole:.2f} ms", f"processor {1000 * processor:.2f}")
    program, _ = compiled.deciding
    codes = codes_of(program, blocks[-1])
    trees, processor = timed(lambda: single.run(program, codes), 25)
    line(f"{name}: trees alone, leaves known", f"{1000 * trees:.2f} ms", f"processor {1000 * processor:.2f}")


def shipped(session: Session, made_up: CompiledTrials) -> None:
    """Measure the shipped catalogue and the reasons on the example patients."""
    reads = [read_patient(path, session.knowledge, session.today()) for path in sorted(EXAMPLES.glob("*.yaml"))]

    def cases() -> list[Case]:
        return [Case(read.patient, read.as_of, session.knowledge) for read in reads]

    compiled = session.compiled
    name = f"shipped catalogue ({len(compiled.trials)} trials, {len(compiled.leaves)} leaves)"
    for case in cases():
        match_patient(case, compiled)
    one = next(i for i, case in enumerate(cases()) if case.tumour_id and case.tumour_id.startswith("gastric"))
    verdict, processor = timed(lambda: patient_verdicts(compiled, cases()[one].alone), 15)
    line(f"{name}: one record, verdicts", f"{1000 * verdict:.1f} ms", f"processor {1000 * processor:.1f}")
    matched, processor = timed(lambda: match_patient(cases()[one], compiled), 15)
    line(f"{name}: one record, every criterion", f"{1000 * matched:.1f} ms", f"processor {1000 * processor:.1f}")
    block, _ = timed(lambda: list(verdicts(compiled, Block(cases() * 20))), 3)
    size = 20 * len(reads)
    line(f"{name}: {size} records as a block", f"{size / block:.0f} records/s", "columns derived from the records")
    nodes = [item.criterion.node for trial in compiled.trials for item in trial.criteria]

    def explain() -> None:
        for case in cases():
            explainer = Explainer(case)
            for node in nodes:
                explainer.explain(node)

    _, seconds = timed(explain, 3)
    rate = len(reads) * len(nodes) / seconds
    line("explained pairs, truths included", f"{rate:.0f} pairs/s", "shipped catalogue, per processor second")
    ready = cases()
    for case in ready:
        match_patient(case, compiled)
    leaves = [(kind, params) for kind, params in made_up.leaves if kinds()[kind].evaluated]
    made_up_name = f"one record, {len(made_up.trials)} made-up trials"
    judged, processor = timed(lambda: match_patient(cases()[one], made_up), 5)
    line(f"{made_up_name}, every criterion judged", f"{1000 * judged:.1f} ms", f"processor {1000 * processor:.1f}")
    in_order, processor = timed(lambda: _ranked(cases()[one], made_up), 5)
    line(
        f"{made_up_name}, ranked by the reasons that decide",
        f"{1000 * in_order:.1f} ms",
        f"processor {1000 * processor:.1f}",
    )
    with_reasons, processor = timed(lambda: _reasons(cases()[one], made_up), 3)
    pairs = sum(len(trial.criteria) for trial in made_up.trials)
    line(
        f"{made_up_name}, with every reason",
        f"{1000 * with_reasons:.0f} ms",
        f"{len(leaves)} leaves, {pairs} findings, {pairs / processor:.0f} explained pairs per processor second",
    )
    top, _ = timed(lambda: _reasons(cases()[one], made_up, 20), 3)
    line(f"{made_up_name}, reasons of 20", f"{1000 * top:.0f} ms")


def _ranked(case: Case, compiled: CompiledTrials) -> None:
    order = ranked(match_patient(case, compiled), case.as_of, case.knowledge.words.status_age_limit_days)
    next_facts(order)


def _reasons(case: Case, compiled: CompiledTrials, top: int | None = None) -> None:
    for match in match_patient(case, compiled)[:top]:
        for item in match.criteria:
            assert item.finding.truth is item.truth


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--patients", type=int, default=100_000)
    parser.add_argument("--trials", type=int, default=1000)
    parser.add_argument("--criteria", type=int, default=40)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    line("machine", f"{os.cpu_count()} cores", f"load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
    line("memory bandwidth of one core (copy, read and written)", f"{bandwidth(5) / 1e9:.1f} GB/s")
    session = Session()
    compiled = many(arguments, session)
    shipped(session, compiled)
    own, workers = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    line("peak memory: this process, greatest worker", f"{own / 2**20:.2f} GB", f"worker {workers / 2**20:.2f} GB")
    line("load at the end", f"{os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
