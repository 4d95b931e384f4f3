"""Parts of answers about treatment: options, the doors that they close, single drugs."""

from __future__ import annotations

from collections.abc import Iterator

from her2nav.app.ask_result import Asked, Part
from her2nav.app.options import Closes
from her2nav.model.finding import Evidence
from her2nav.model.truth import Truth
from her2nav.report.option_words import approval_line, head_lines, option_words
from her2nav.report.sections import Told, of_provenance
from her2nav.therapy.book import therapy_book
from her2nav.therapy.labels import WORDING_UNVERIFIED, GateResult
from her2nav.therapy.options import Category, Option
from her2nav.therapy.remarks import Said

_ORDER = (Category.ON_LABEL, Category.GUIDELINE, Category.UNKNOWN)


# --- options --------------------------------------------------------------------------------------------------------


def options(asked: Asked) -> Iterator[Told]:
    """Every option that is on label, recommended or open, each with what it asks for; how many do not fit."""
    derived = asked.derived
    words = option_words(derived.knowledge)
    for line in head_lines(derived.options.advice, words, assumed=derived.options.assumed_country):
        yield Told(line.clinical, line.plain)
    for category in _ORDER:
        found = derived.options.advice.of(category)
        if found:
            said = words.category[category.value]
            yield Told(
                f"{said.clinical}:",
                f"{said.plain}:",
                items=tuple(option_told(asked, one) for one in found),
                strong=True,
            )
    unfit = derived.options.advice.of(Category.NOT_SUITABLE)
    if unfit:
        said = words.category[Category.NOT_SUITABLE.value]
        names = dict.fromkeys(one.approval.regimen for one in unfit)
        yield Told(f"{said.clinical}: {'; '.join(names)}.", f"{said.plain}: {len(names)} other treatments.")


def first_line_options(asked: Asked) -> Iterator[Told]:
    """Options whose gates let an untreated patient in; those for later lines are another question."""
    derived = asked.derived
    words, gates = option_words(derived.knowledge), therapy_book(derived.knowledge).gates
    first = [
        one
        for one in derived.options.advice.options
        if all(gates[use.gate].untreated for use in one.approval.gates if gates[use.gate].about == "line")
        and not one.other_setting
        and not one.approval.unverified
    ]
    for line in head_lines(derived.options.advice, words, assumed=derived.options.assumed_country):
        yield Told(line.clinical, line.plain)
    for category in _ORDER:
        found = [one for one in first if one.category is category]
        if found:
            said = words.category[category.value]
            items = tuple(option_told(asked, one) for one in found)
            yield Told(f"{said.clinical}:", f"{said.plain}:", items=items, strong=True)
    closed = list(dict.fromkeys(one.approval.regimen for one in first if one.category is Category.NOT_SUITABLE))
    if closed:
        yield Told(
            f"First-line entries that do not fit on this record: {'; '.join(closed)}. For what fits now: "
            "treatment_options.",
            f"{len(closed)} other first treatments do not fit your record today. Your team can say why.",
        )
    if not first:
        yield Told(
            "No label and no recommendation for untreated disease is held here for this tumour.",
            "We hold no HER2 treatment that is given first in your cancer. Your team knows what is.",
        )


def options_open(asked: Asked) -> Iterator[Told]:
    """The open options in one line each."""
    words = option_words(asked.derived.knowledge)
    for category in _ORDER:
        found = asked.derived.options.advice.of(category)
        if found:
            said = words.category[category.value]
            clinical = "; ".join(dict.fromkeys(one.approval.regimen for one in found))
            plain = "; ".join(dict.fromkeys(one.approval.regimen for one in found))
            places = tuple(dict.fromkeys(place for one in found for place in of_provenance(one.approval.provenance)))
            yield Told(f"{said.clinical}: {clinical}.", f"{said.plain}: {plain}.", places)
    if not asked.derived.open_options():
        yield Told(
            "No label and no recommendation held here fits or may fit on this record.",
            "We hold no HER2 treatment that fits your record today. Your team may know more.",
        )


def option_told(asked: Asked, option: Option) -> Told:
    """Return an option: what stands behind it, what it asks for, what speaks about it."""
    item, words = option.approval, option_words(asked.derived.knowledge)
    line = approval_line(option.label, words)
    items: list[Told] = [Told(line.clinical, line.plain)]
    items += [_gate(gate) for gate in option.label.gates if gate.truth is not Truth.MET]
    met = option.label.with_truth(Truth.MET)
    if met:
        items.append(
            Told(
                "Met: " + "; ".join(gate.gate.clinical for gate in met) + ".",
                "Your record fits: " + ", ".join(gate.gate.plain for gate in met) + ".",
            )
        )
    items += [
        Told(one.clinical, one.plain, record=one.evidence, unverified=one.unverified)
        for one in option.reasons
        if one.decides or option.category is not Category.NOT_SUITABLE
    ]
    items += [_remark(said) for said in option.remarks if said.remark.effect in ("caution", "against")]
    results = "; ".join(item.results_on(asked.derived.case.as_of))
    if results:
        items.append(Told(f"Evidence: {results}.", numbers=True))
    closes = asked.derived.options.closes.get(item.id)
    if closes is not None:
        items += list(_doors(asked, closes))
    now = " (given now)" if option.given_now else ""
    mine = " You have this now." if option.given_now else ""
    return Told(
        f"{item.regimen}{now}",
        f"{item.regimen}: {item.plain}.{mine}",
        of_provenance(item.provenance),
        items=tuple(items),
    )


def _gate(gate: GateResult) -> Told:
    change = gate.finding.change
    ask = f" Find out: {change.what}." if gate.truth is Truth.UNKNOWN and change is not None else ""
    state = {Truth.UNKNOWN: "Open", Truth.NOT_MET: "Not met", Truth.MET: "Met"}[gate.truth]
    plain = {
        Truth.UNKNOWN: f"Not known yet: {gate.gate.plain}.",
        Truth.NOT_MET: f"It asks for: {gate.gate.plain}.",
        Truth.MET: f"Your record fits: {gate.gate.plain}.",
    }[gate.truth]
    return Told(
        f"{state}: {gate.gate.clinical}. {gate.finding.reason}{ask}",
        "" if gate.finding.code == WORDING_UNVERIFIED else plain,
        record=gate.finding.evidence,
        unverified=gate.confidence.unverified,
    )


def _remark(said: Said) -> Told:
    return Told(
        said.remark.clinical,
        said.remark.plain,
        of_provenance(said.remark.provenance),
        said.finding.evidence if said.finding is not None else (),
        unverified=said.remark.unverified,
    )


def options_missing(asked: Asked) -> Iterator[Told]:
    """What would settle the options that are open."""
    wanted: dict[str, list[str]] = {}
    for one in asked.derived.open_options():
        for change in one.to_find_out:
            wanted.setdefault(change.what, []).append(one.approval.regimen)
    for what, regimens in sorted(wanted.items(), key=lambda item: -len(item[1])):
        yield Told(f"To find out: {what.rstrip('.')} (open for {'; '.join(dict.fromkeys(regimens))}).")


def doors(asked: Asked) -> Iterator[Told]:
    """What each open option, given today, would close or open."""
    found = False
    for one in asked.derived.open_options():
        closes = asked.derived.options.closes.get(one.approval.id)
        lines = tuple(_doors(asked, closes)) if closes is not None else ()
        if lines:
            found = True
            yield Told(
                f"{one.approval.regimen}, given today:",
                f"If you had {one.approval.regimen} today:",
                of_provenance(one.approval.provenance),
                items=lines,
            )
    if not found:
        yield Told(
            "No option that is open closes a label or a trial of the catalogue.",
            "None of the treatments in the list would close another one, as far as we know.",
        )


def _doors(asked: Asked, closes: Closes) -> Iterator[Told]:
    """Say what a regimen given today closes and opens."""
    regimens = {one.approval.id: one.approval.regimen for one in asked.derived.options.advice.options}
    elsewhere = {one.label.approval.id: one.label.approval.regimen for one in asked.derived.options.advice.elsewhere}
    named = {**elsewhere, **regimens}
    for clinical, plain, labels, trials in (
        ("Closes", "It would close", closes.labels, closes.trials),
        ("Opens", "It could open", closes.opens_labels, closes.opens_trials),
    ):
        if labels:
            told = "; ".join(dict.fromkeys(named.get(one, one) for one in labels))
            count = len({named.get(one, one) for one in labels})
            yield Told(
                f"{clinical} labels: {told}.", f"{plain} {count} other treatment{'' if count == 1 else 's'}: {told}."
            )
        if trials:
            yield Told(
                f"{clinical} trials: {', '.join(trials)}.",
                f"{plain} {len(trials)} stud{'y' if len(trials) == 1 else 'ies'}: {', '.join(trials)}.",
            )


def earlier_treatment(asked: Asked) -> Iterator[Told]:
    """Whether the patient has been treated for advanced disease."""
    case = asked.derived.case
    given = [course for course in case.courses if "metastatic" in course.settings]
    for course in given:
        yield Told(
            f"Already given for advanced disease: {course.label}.",
            f"You have had {course.label}.",
            record=(Evidence(course.path, course.label),),
        )
    if not given and case.patient.complete.therapies:
        yield Told("No systemic therapy for advanced disease is on record.", "You have had no treatment for this yet.")


def other_markers(asked: Asked) -> Iterator[Told]:
    """Other markers that matter and HER2 as the cause of an earlier treatment's end."""
    advice = asked.derived.options.advice
    for said in (*advice.causes, *advice.tests, *advice.markers):
        yield _remark(said)


def egfr_record(asked: Asked) -> Iterator[Told]:
    """What the record says of other genes and of anti-EGFR therapy."""
    case = asked.derived.case
    for gene, result in sorted(case.patient.biomarkers.genes.items()):
        said = result.status.replace("_", " ")
        yield Told(
            f"{gene.upper()} on record: {said}.",
            f"Your {gene.upper()} result: {said}.",
            record=(Evidence(f"/biomarkers/{gene}", said),),
        )
    for course in case.courses:
        if any("anti_egfr" in drug.has for drug in course.drugs):
            how = {True: "with progression", False: "without progression", None: "outcome not stated"}[
                course.progressed
            ]
            yield Told(
                f"Anti-EGFR therapy on record: {course.label}, {how}.",
                f"You have had such a drug: {course.label}.",
                record=(Evidence(course.path, course.label),),
            )


# --- drugs ----------------------------------------------------------------------------------------------------------


def drug(asked: Asked) -> Iterator[Told]:
    """What a drug or class is: name, kind, target, brands."""
    ontology = asked.derived.knowledge.drugs
    if asked.drug is None:
        return
    if asked.drug in ontology.classes:
        members = ", ".join(sorted(ontology.name(one) for one in ontology.members(asked.drug))[:8])
        one = ontology.classes[asked.drug]
        yield Told(f"{one.name}: a class; among its drugs {members}.", f"{one.plain_name}, for example {members}.")
        return
    item = ontology.drugs[asked.drug]
    places = of_provenance(item.provenance)
    kinds = "; ".join(ontology.classes[one].name for one in item.classes)
    plain_kinds = "; ".join(ontology.classes[one].plain_name for one in item.classes)
    brands = ", ".join(f"{brand.name}{f' ({brand.suffix})' if brand.suffix else ''}" for brand in item.brands)
    told = f"{item.name}" + (f" ({', '.join(item.names[:4])})" if item.names else "") + f": {kinds}"
    if item.targets:
        told += f"; target {', '.join(item.targets)}"
    if item.payload is not None:
        told += f"; payload {item.payload.name}"
    plain = f"{item.name} is {item.plain_name}." if item.plain_name else f"{item.name}: {plain_kinds}."
    weak = all(place.unverified for place in places)
    yield Told(f"{told}.", plain, places, unverified=weak, strong=True)
    if brands:
        yield Told(f"Sold as: {brands}.", f"Also sold as {', '.join(brand.name for brand in item.brands)}.")
    if item.half_life is not None:
        yield Told(f"Half-life about {item.half_life.days} days.", places=places)
    if item.note:
        yield Told(item.note, places=places)


def _with_drug(asked: Asked) -> list[Option]:
    terms = asked.derived.knowledge.drugs
    found = []
    for one in asked.derived.options.advice.options:
        drugs = set(one.approval.key_drugs)
        if asked.drug in drugs or any(name in terms.drugs and asked.drug in terms.terms_of(name) for name in drugs):
            found.append(one)
    return found


def drug_options(asked: Asked) -> Iterator[Told]:
    """Where the drug stands for this patient: its labels and recommendations with what is met, open or against."""
    name = asked.derived.knowledge.drugs.name(asked.drug or "")
    words = option_words(asked.derived.knowledge)
    found = _with_drug(asked)
    for one in sorted(found, key=lambda option: list(Category).index(option.category)):
        said = words.category[one.category.value]
        if one.category is Category.NOT_SUITABLE:
            plain = _why_not_plain(asked, one)
            yield Told(
                f"{said.clinical}: {one.approval.regimen}.",
                f"{said.plain}: {one.approval.regimen}.",
                of_provenance(one.approval.provenance),
                items=(*(Told(text) for text in one.against), Told("", plain)),
            )
        else:
            told = option_told(asked, one)
            yield Told(
                f"{said.clinical}: {told.clinical}",
                f"{said.plain}: {told.plain}",
                told.places,
                told.record,
                items=told.items,
            )
    place = asked.derived.options.advice.jurisdiction or "this country"
    if not found:
        yield Told(
            f"No label and no recommendation with {name} for this tumour is held for {place}.",
            f"We hold no approval of {name} for your cancer where you live. It may still be given in studies.",
        )


def _why_not_plain(asked: Asked, option: Option) -> str:
    """Say in one sentence why an option does not fit."""
    told = [reason.plain for reason in option.reasons if reason.decides]
    told += [said.remark.plain for said in option.remarks if said.decides]
    asks = option_words(asked.derived.knowledge).lines["asks_for"].plain
    told += [asks.format(gate=gate.gate.plain) for gate in option.label.with_truth(Truth.NOT_MET)]
    return told[0] if told else ""


def drug_record(asked: Asked) -> Iterator[Told]:
    """Whether the patient has had the drug, has it now, or is to have it."""
    case, name = asked.derived.case, asked.derived.knowledge.drugs.name(asked.drug or "")
    for course in case.courses:
        if any(asked.drug in terms.has for terms in course.drugs):
            now = "runs now" if course.ongoing else "was given"
            how = ", with progression" if course.progressed else ""
            yield Told(
                f"On record: {course.label} {now}{how}.",
                f"You have {name} now." if course.ongoing else f"You have had {name}.",
                record=(Evidence(course.path, course.label),),
            )
    for index, plan in enumerate(case.patient.planned):
        if any(asked.drug in case.knowledge.drugs.resolve(item.name).drugs for item in plan.drugs):
            yield Told(
                f"Planned: {' + '.join(item.name for item in plan.drugs)}.",
                f"{name} is planned for you.",
                record=(Evidence(f"/planned/{index}", name),),
            )


PARTS: dict[str, Part] = {
    "options": options,
    "first_line_options": first_line_options,
    "options_open": options_open,
    "options_missing": options_missing,
    "doors": doors,
    "earlier_treatment": earlier_treatment,
    "other_markers": other_markers,
    "egfr_record": egfr_record,
    "drug": drug,
    "drug_options": drug_options,
    "drug_record": drug_record,
}
"""By the name that `data/questions/` uses."""
