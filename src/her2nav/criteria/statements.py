"""The sentences of an item as one proposition: what demands, excludes, and permits an exception to the one before."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from her2nav.criteria.guards import cancer_guard_of, guard_of, of_some_people, second_guard
from her2nav.criteria.logic import all_of, any_of, deny
from her2nav.criteria.looser_limits import permitted as looser
from her2nav.criteria.modals import Force, force
from her2nav.criteria.scopes import of_part
from her2nav.criteria.sentences import SentenceReader, Stretch, part, sentences
from her2nav.kinds.reading.adequacy import of_state
from her2nav.kinds.reading.base import Section, both_ways, leaf
from her2nav.kinds.reading.cns import merged as merged_cns
from her2nav.language.sought import Sought
from her2nav.language.view import View
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, When, leaves
from her2nav.model.trial import Role

_CONFIRM = frozenset({"participation", "judgement", "contraception", "life_expectancy"})
_DENIES = re.compile(
    r"\W*(?:(?:patients?|participants?|subjects?) )?(?:(?:with|who have|must have|should have|has|have|having|there is) )?(?:no|none|not (?:currently )?(?:taking|using|receiving|on)|without|absence of|not have|free of)\b"
)
UNWANTED = frozenset(
    {"allergy", "comorbidity", "cardiac_history", "lung_disease", "ild", "infection", "viral_infection", "bleeding_thrombosis", "eye_disease", "immune",
     "gastrointestinal", "pregnancy", "second_malignancy", "peripheral_neuropathy", "concomitant_medication", "washout", "procedure"}
)  # fmt: skip
"""Kinds that no trial asks for."""
_NOTE_NUMBER = re.compile(r"\.(?<=[a-z]{3}\.)\d{1,3}\s+(?=(?:patients|subjects|participants)\b)")
"""The number of a footnote behind a full stop."""
_LONGEST_SENTENCE = 6000
"""Characters; what is longer is no sentence and stays unread."""
_MOST_BRACKETS = 60


_ANY_NUMBER = Sought(
    r"(?<=\w{3})\W+(?:and|but) may (?:also )?have (?:previously )?(?:received|had) any (?:number|amount)\b(?![^.;]*\b(?:if|unless|only|provided|within|except|must|since)\b)[^.;]*"
)
"""Behind a demand: what is not limited asks for nothing."""
_OR_FIRST = re.compile(r"\W*or\b(?! (?:more|less|greater|fewer|higher|lower|equal))")
_PROVIDED = re.compile(r"\b(?:if|provided|as long as|only)\b")
_NO_LIMIT = re.compile(
    r"\W*(?:there (?:is|are|will be) )?no (?:upper |maximum )?(?:limits?|limitations?|restrictions?|requirements?)(?: (?:on|to|for|in|as to|regarding)\b[^.;]*)?\W*"
)
_BUT = re.compile(r"\b(?:provided|if|but|except|unless|as long as|with last|must|within|since|≥|weeks?|days?)\b")
_UNLESS_FIRST = Sought(
    r"(?s)\W*(?P<unless>unless (?!(?:otherwise )?(?:specified|stated|noted|indicated))[^,;:.]{3,160}),\s*(?P<main>\S.*)"
)
"""An escape in front of the main clause."""
_DEFINES = Sought(
    r"(?<!that )(?<!which )(?<!who )\b(?:is|are|will be|was|were) (?:not |also )?(?:considered|regarded|deemed|classified|scored|counted|interpreted|defined)(?: (?:as|to be))?(?: (?:an?|the|being))?[\s\"'(]*"
    r"(?:(?:her-?2|her2/neu|hormone|receptor|er|pr|hr)[\s/+-]*)*(?:not |non-?\s?)?(?:negative|positive|equivocal|measurable|evaluable|post-?menopausal|low|unmeasurable|target lesions?)\b"
)
_GENES_ARE = Sought(
    r"\W*(?:the )?(?:\S+ ){0,3}(?:mutations?|alterations?|variants?|amplifications?|fusions?) (?:includes?|are defined as|comprises?|consists? of)\b"
)
"""What an alteration asked for before may be."""
_ASKS = re.compile(r"\b(?:must|should|shall|required|eligible|has to|have to|included?|excluded?)\b")
_ADVISES = Sought(
    r"\W*(?:it is )?(?:strongly )?recommend(?:ed|s)?\b|\W*(?:note\W+)?(?:if|when|where|in case)\b[^;.]{3,160}?,? (?:then )?(?:the )?(?:investigators?|physicians?|sites?|treating physicians?|oncologists?|institutions?|it is|a second review|consider\w*)\b"
    r"[^;.]*\b(?:should|may|is|are)? ?(?:also )?(?:consider\w*|recommend\w*|suggest\w*|advis\w*|encourag\w*|reviewed?|perform\w*|repeat\w*)\b"
)
"""Advice on procedures demands nothing of the patient."""
_RECORDS = Sought(
    r"\W*(?:the )?(?:dates?|doses?|details?|records?|documentation|information)\b[^.;]*\b(?:must|should|will|need to|needs to) be (?:provided|recorded|documented|available|submitted|reported|collected|known|obtained)\b"
)
"""What must be on file on earlier treatments asks for none of them."""
_REFLEX = Sought(
    r"\W*(?:if|when|where|in case of|in the case of|for)\b[^.;]{0,40}\b2 ?\+[^.;]{0,80}?\b(?:must|should|will|needs? to|has to|is required to|are required to) be (?:also )?(?:re-?)?(?:assessed|tested|evaluated|performed|determined|done|analy[sz]ed|examined)\b"
)
"""Which test an equivocal score calls for: "when IHC is 2+, HER2 must be assessed by FISH" asks for no score."""
_IS_DISEASE = Sought(
    r"\W*(?:non-?\s?)?(?:evaluable|measurable) (?:disease|lesions?) (?:is|are) (?:(?:disease|lesions?|those) (?:that|which)|(?:all|any) other)\b"
)
_IN_THAT_CASE = Sought(
    r"\W*(?:in (?:this|that|such(?: a)?|these|those) (?:scenarios?|cases?|events?|situations?|circumstances?)|if so|in which case)\b"
)
"""What binds only in the case that the sentence before speaks of."""


_BUT_OWN = Sought(
    r"(?s)(?P<head>[^;]{6,500}?)(?:,? but|,? however,?|, (?:though|although|whereas|while))\s+(?P<tail>(?!(?:not|without|with|who|that|which|is|are|was|were|has|have|had|no|only|if|in|must|should|do|does|may|can|will|then|also|still|at|for(?! (?:phase|part|cohort|dose|patients|subjects|participants))|on)\b)[^;]{6,}\Z)"
)
"""Two clauses of which each may have a force of its own."""
_SPLICED = Sought(
    r"(?s)(?P<head>(?!\W*(?:(?:all |any )?(?:patients?|participants?|subjects?|women|men|those|individuals?|persons?)|if|when|for|in|with|known|history|prior|no|not)\b)[^;]{6,300}),\s+"
    r"(?P<tail>(?!(?:and|or|nor|who|which|that|whose|if|when|unless|with|without|including|such|as|in|for|on|at|by|to|then|they|these|this|it|are|is|will|must|should|not|also|e\.g|i\.e)\b)[^,;]{4,120}?"
    r"\b(?:are|is|will be) (?:also )?(?:excluded|ineligible|not (?:eligible|allowed|permitted|included))\W*)\Z"
)
"""A cancer, and behind a comma alone what is shut out of it."""
_ASKED_FOR = frozenset(
    {
        "tumour_type",
        "disease_setting",
        "her2_status",
        "her2_mutation",
        "her2_amplification",
        "hormone_receptor",
        "gene_status",
        "msi_mmr",
        "pd_l1",
    }
)


_STATES_OF_CANCER = frozenset({"tumour_type", "disease_setting"})


def _balanced(written: str) -> bool:
    return written.count("(") == written.count(")") and written.count("[") == written.count("]")


_OF_SOME = Sought(
    r"(?s)\W*(?:for )?(?P<who>(?:patients?|participants?|subjects?|those) with (?!any|one|either|the|following|a )[^.;:,()]{3,60}):\s*(?P<what>\S.*)"
)
"""Whom an exclusion binds, in front of it."""
_EXCLUDED_IF = Sought(
    r"(?s)(?P<who>[^.;:]{5,200}?),? (?:are|is|will be) (?:also )?(?:excluded|ineligible|not eligible)(?: from (?:the|this) (?:study|trial))? (?:if|when)\b(?P<when>.{3,})"
)
"""Whom an exclusion binds only under a condition behind it."""
_ONLY_FOR = Sought(
    r"(?s)(?P<what>\S[^()]{5,400}(?:\([^()]*\)[^()]{0,200}){0,4})\((?:this )?(?:applies |applicable |required |mandatory )?only (?:for|to|in|if) (?P<who>[^(),;]{3,80})(?:[,;][^()]{0,80})?\)[\s.;,]*"
)
"""A proviso in brackets at the end of a sentence."""
_IN_THOSE = Sought(
    r"(?s)(?P<what>[^.;]{5,300}?),? (?:in|for) (?P<who>(?:those |all )?(?:patients|participants|subjects|women) (?:to receive|scheduled to receive|planned to receive|(?:who|that) (?:are to|will) receive)\b[^.;]{3,200})[.;\s]*"
)
"""Whom a demand binds, behind it."""
_OF_WHOM = Sought(
    r"\W*(?:for|in|among) (?:\w+ )?(?:patients|participants|subjects|those|women|men) (?:with|who|whose|having) (?:(?!\b(?:must|should|will|is required|are required)\b)[^,;:.]){3,120}:?\s*"
)
"""Nothing but whom a demand binds."""
_REQUIRED_FOR = Sought(
    r"\W*(?:for|in) (?:\w+ )?(?:patients|participants|subjects|those|women|men) (?:with|who|whose|having) [^,;:]{3,200}\b(?:is|are|will be|must be) (?:also )?(?:required|mandatory|necessary)\b"
)
"""What some patients need: "for subjects with a BRAF mutation targeted therapy will be required"."""
_IS_DEFINED = Sought(r"\W*(?:the )?(?:[\w/-]+ ){1,5}(?:is|are|will be) defined (?:as|by)\b")
"""A sentence that says what a word of the one before means."""
_SHORT_NAME = re.compile(r"\W*\((?P<name>[a-z]{2,5})\):\s+(?=\S)")
_OF_PATIENTS = re.compile(
    r"\W*(?:for|in|among) (?:\w+ )?(?:patients|participants|subjects|those|women|men) (?:with|who|whose|having)\b"
)
_NOT_FOR = re.compile(
    r"\W*(?:note\W+)?(?:except(?:ion|ing)?s?\b|(?:this |it )(?:criterion )?(?:does|do|is|will) not (?:apply|applicable|be required|required)|not (?:applicable|required) (?:for|to|in)\b)"
)
_IF_BUT = re.compile(
    r"\W*if (?:the |a )?(?:patients?|participants?|subjects?|they)\b[^.;]*,[^.;]*\b(?:will|would|may|can) be\b(?![^.;]*\b(?:excluded|ineligible|not eligible)\b)"
)
"""What will be done with some patients shuts out nobody."""
_IF_FIRST = re.compile(r"\W*(?:if|in (?:the )?case of)\b")
_OF_PEOPLE = re.compile(
    r"\W*(?:(?:all|any|both|every|each|the|female|male|in all|for all) )*(?:patients?|participants?|subjects?|women|men|cohorts|parts|phases)\b"
)
"""A sentence with a subject of its own."""
_BUT_MAY = re.compile(
    r"\A(?P<what>(?:(?!\b(?:may|allowed|permitted|eligible)\b)[^.;:()]){12,200}?),? but (?=(?:they |(?:patients?|participants?|subjects?) )?may (?:also )?have (?:also )?(?:previously )?(?:received|had|been treated)\b)"
)
_MAY_AND_MUST = re.compile(
    r"\A(?P<what>(?:(?!\b(?:must|should|will)\b)[^.;:()])*\bmay (?:also )?have (?:(?!\b(?:must|should|will)\b)[^.;:()])*?),? (?:and|but) (?=(?:they |(?:patients?|participants?|subjects?) )?(?:must|should) (?!not\b))"
)
_MUST_BEHIND = re.compile(
    r"\A(?!\W*(?:all |any )?(?:patients?|participants?|subjects?|women|men|females?|males?|individuals?|those|they|if|when|for|in) )(?P<what>(?:(?!\b(?:must|should|may|will)\b)[^.;:]){8,200}?),? and (?=(?:the )?(?:patients?|participants?|subjects?|they) (?:must|should) (?!not\b))"
)
_AND_MUST = re.compile(
    r"\A(?!\W*(?:all |any )?(?:patients?|participants?|subjects?|women|men|females?|males?|individuals?|those|they|if|when|for|in) )[^.;]{3,200}?,? (?:and|but) (?:must|should)\b"
)


_LIST_TO_COME = re.compile(r"(?::|\b(?:including|such as|the following))\W*\Z")
"""A sentence of which the list is missing."""


class Statements:
    """Reads stretches of one text as propositions."""

    def __init__(self, sentence_reader: SentenceReader) -> None:
        self._sentences = sentence_reader

    def joined(self, lead: View, view: View, section: Section) -> Node | None:
        """The proposition of an entry read together with the words of its lead; None where the entry brings its own "no"."""
        if section == "exclusion" and _DENIES.match(view.text):
            return None
        return self._sentences.read(Stretch(lead.joined(view), len(lead.text) + 1), section)[0]

    def statement(self, view: View, section: Section) -> Node | None:
        """The proposition of all sentences of a stretch."""
        pieces = _cut(view)
        parts: list[Node] = []
        for piece in pieces:
            if section == "exclusion" and parts and _IS_DEFINED.match(piece.text):
                parts[-1] = all_of([parts[-1], unread(piece.span(0, len(piece.text)))])
                continue
            if section == "exclusion" and len(pieces) > 1 and force(piece.text) is Force.REQUIRES:
                # "Women not using contraception. They will agree to use it.": the second sentence demands.
                asked = self.sentence(piece, "inclusion")
                parts += [deny(_without_cancer(asked))] if asked is not None else []
            elif section == "exclusion" and parts and force(piece.text) is Force.PERMITS:
                # "Tamoxifen for four weeks. Those who had it to prevent cancer are eligible."
                let_in = self.sentence(piece, section, permits=True)
                if let_in is not None:
                    parts[-1] = deny(with_permit(deny(parts[-1]), _let_in(let_in)))
            elif (node := self.sentence(piece, section)) is not None:
                slip = section == "exclusion" and _is_slip(node, piece.text)
                parts.append(both_ways(node, deny(node)) if slip else node)
        if not parts:
            return None
        return any_of(parts) if section == "exclusion" else all_of(parts)

    def paragraph(self, section: Section, view: View, nested: Sequence[View] = ()) -> tuple[Node | None, Role]:
        """Sentences in order: each demands, excludes, or permits an exception to the one before."""
        decided: list[Node] = []
        permits: list[Node] = []
        of_some: tuple[int, int] | None = None
        """Where the part of the trial stands of which the sentences before speak."""
        views = [half for whole in (view, *nested) for piece in _cut(whole) for half in self._halves(piece, section)]
        for piece in views:
            if section == "exclusion" and decided and _IS_DEFINED.match(piece.text):
                decided.append(unread(piece.span(0, len(piece.text))))
                continue
            what = force(piece.text)
            if section == "exclusion" and what is Force.REQUIRES and _AND_MUST.search(piece.text):
                # "Surgery within four weeks, and must have recovered": half of it excludes, half demands.
                decided.append(unread(piece.span(0, len(piece.text))))
                continue
            if section == "inclusion" and decided and _NOT_FOR.match(piece.text):
                # "… Note: except participants of part 1m": of whom the demand before is made is left open.
                decided[-1] = any_of([decided[-1], unread(piece.span(0, len(piece.text)))])
                continue
            reach = section
            if what is Force.REQUIRES:
                reach = "inclusion"
            elif what is Force.EXCLUDES:
                reach = "exclusion"
            node = self.sentence(piece, reach, permits=what is Force.PERMITS)
            if node is None:
                continue
            if what is Force.PERMITS:
                if decided:
                    decided[-1] = with_permit(decided[-1], _let_in(node))
                elif section == "inclusion" and (demand := _proviso(node, piece.text)) is not None:
                    decided.append(demand)
                else:
                    permits.append(node)
                continue
            if section == "exclusion" and what is Force.SECTION and _is_slip(node, piece.text):
                node = both_ways(node, deny(node))
            if reach == "exclusion" and _LIST_TO_COME.search(piece.text) and _of_illness(node):
                # "Active cardiac disease:" and a list that stands elsewhere: the list says what is meant.
                node = all_of([node, leaf("unread", note="the text can be read in two ways")])
            if section == "exclusion" and what is Force.REQUIRES:
                # "Cancer patients with pancreatic insufficiency must take enzymes": the cancer says of whom it speaks.
                node = _without_cancer(node)
            demand = polar(node, reach)
            bound = of_part(piece.text) if section == "inclusion" else None
            if bound is not None:
                of_some = piece.span(*bound[0])
            elif _OF_PEOPLE.match(piece.text):
                of_some = None
            elif of_some is not None:
                # "Participants in part D must have A. Must have received B.": the second sentence speaks of them too.
                demand = When(unread(of_some), demand)
            if decided and reach == "inclusion" and _OR_FIRST.match(piece.text) and not isinstance(demand, When):
                # "Measurable disease; or lesions that can be evaluated."
                decided[-1] = any_of([decided[-1], demand])
                continue
            decided.append(demand)
        if decided:
            if permits:
                decided[0] = with_permit(decided[0], all_of(permits))
            return all_of(decided), role_of(decided)
        if permits:
            return all_of(permits), Role.PERMITS
        return None, Role.PERMITS

    def _halves(self, view: View, section: Section) -> list[View]:
        """Cut "gastric cancer, squamous cell carcinomas are excluded" and "A is allowed, but B is not": each has its own force."""
        text = view.text
        if section == "exclusion" and (demand := _MUST_BEHIND.match(text)) is not None:
            # "Surgery within two weeks, and patients must have recovered": half of it excludes, half demands.
            return [part(view, 0, demand.end("what")), part(view, demand.end(), len(text))]
        if section == "inclusion" and (remark := _BUT_MAY.match(text)) is not None:
            # "No A within a year, but may have received B": half of it demands, half permits.
            return [part(view, 0, remark.end("what")), part(view, remark.end(), len(text))]
        if section == "inclusion" and (demand := _MAY_AND_MUST.match(text)) is not None:
            # "May have had A, and must have B": half of it permits, half demands.
            return [part(view, 0, demand.end("what")), part(view, demand.end(), len(text))]
        if section == "inclusion" and (second := second_guard(text)) is not None:
            # "HER2 status known and participants with positive tumours show progression on trastuzumab".
            return [part(view, 0, second), part(view, second, len(text))]
        if force(text) not in (Force.EXCLUDES, Force.SECTION, Force.PERMITS):
            return [view]
        found = _BUT_OWN.match(text)
        if found is not None:
            one, other = force(found["head"]), force(found["tail"])
            if one is not other and other in (Force.EXCLUDES, Force.PERMITS) and _balanced(found["head"]):
                return [part(view, *found.span("head")), part(view, *found.span("tail"))]
        if section == "inclusion" and force(text) is Force.EXCLUDES:
            found = _SPLICED.match(text)
            if found is not None and _balanced(found["head"]) and self._asks(part(view, *found.span("head"))):
                return [part(view, *found.span("head")), part(view, *found.span("tail"))]
        return [view]

    def _guarded(self, view: View) -> Node | None:
        """Return a demand under the condition in front of it; None where nothing in front is a condition."""
        for guard in (guard_of(view.text), cancer_guard_of(view.text)):
            if guard is None:
                continue
            condition, _ = self._sentences.read(Stretch(part(view, *guard.when)), "inclusion")
            then, _ = self._sentences.read(Stretch(part(view, *guard.then)), "inclusion")
            if condition is None or then is None:
                continue
            if guard.holds(condition) or (
                _decides(then)
                and (
                    (guard.explicit and _OF_PATIENTS.match(view.text) and _VIRUS.search(view.text, *guard.when) is None)
                    or (_IF_FIRST.match(view.text) and _ASKS.search(view.text))
                )
            ):
                # "If the histology is X, must have Y": what of the condition was not read stays open in it.
                return When(condition, then)
            open_ = all(one.kind == "unread" for one in leaves(condition))
            if guard.of_people and not guard.only_cancer and open_ and _decides(then):
                # "Patients with hormone-sensitive tumours must have received …": of whom, is not known.
                return When(condition, then)
            if guard.of_people and self._of_some_cancers(condition) and _decides(then):
                # "Patients with ovarian cancer must have received platinum", in a trial that takes others too.
                bound = When(condition, then)
                if self._sentences.tumours:
                    return bound  # the record itself says which cancers it takes
                return all_of([any_of([condition, unread(view.span(*guard.when))]), bound])
        return self._tested(view)

    def _tested(self, view: View) -> Node | None:
        """Return "patients over 60 must have an echocardiogram": whom it binds is not asked for."""
        guard = of_some_people(view.text)
        if guard is None or _VIRUS.search(view.text, *guard.when):
            return None
        condition, _ = self._sentences.read(Stretch(part(view, *guard.when)), "inclusion")
        if condition is not None and all(inner.kind == "unread" for inner in leaves(condition)):
            # Among demands an illness is not read; here it says who is meant.
            condition, _ = self._sentences.read(Stretch(part(view, *guard.when)), "exclusion")
            condition = condition if condition is not None and _of_illness(condition) else None
        then, _ = self._sentences.read(Stretch(part(view, *guard.then)), "inclusion")
        if condition is None or then is None:
            return None
        drug = any(inner.kind == "concomitant_medication" for inner in leaves(condition))
        if drug and not _decides_anything(then):
            return None
        if _of_illness(condition) or (_narrows(condition) and not _decides_anything(then)):
            return When(condition, then)
        return None

    def _of_some_cancers(self, node: Node) -> bool:
        """Whether words name cancers, and not all that the trial takes."""
        found = list(leaves(node))
        types = [name for inner in found for name in getattr(inner.params, "types", ())]
        kinds = {inner.kind for inner in found}
        return bool(types) and kinds <= {*_STATES_OF_CANCER, "unread"} and not self._sentences.takes_only(types)

    def _asks(self, view: View) -> bool:
        """Whether words name what a trial asks for: its cancer and the state of it."""
        node = self.sentence(view, "inclusion")
        return node is not None and {inner.kind for inner in leaves(node)} <= _ASKED_FOR

    def sentence(self, view: View, section: Section, *, permits: bool = False) -> Node | None:
        """The proposition of one sentence; "if HER2-positive, …" and "patients with … must have received …" are guards."""
        if len(view.text) > _LONGEST_SENTENCE or view.text.count("(") > _MOST_BRACKETS:
            return unread(view.span(0, len(view.text)))
        if permits and _NO_LIMIT.fullmatch(view.text):
            return unread(view.span(0, len(view.text))) if _BUT.search(view.text) else None
        free = _ANY_NUMBER.search(view.text)
        if free is not None and not permits:
            return self.sentence(part(view, 0, free.start()), section)
        named = _SHORT_NAME.match(view.text)
        if named is not None:
            name, _ = self._sentences.read(Stretch(part(view, *named.span("name"))), section)
            if name is None or all(inner.kind == "unread" for inner in leaves(name)):
                # "Cohort 1 (DDI): …": the short name of a group of patients.
                return self.sentence(part(view, named.end(), len(view.text)), section, permits=permits)
        fronted = _UNLESS_FIRST.match(view.text)
        if fronted is not None and not permits:
            # "Unless contraindicated, patients must have received A": the main clause keeps its sign.
            escape = unread(view.span(fronted.start("unless"), fronted.end("unless")))
            main = self.sentence(part(view, *fronted.span("main")), section)
            if main is None:
                return None
            return all_of([main, escape]) if section == "exclusion" else any_of([main, escape])
        defines = _DEFINES.search(view.text) if section == "inclusion" else None
        if (
            defines is not None
            and (not permits or " not " in defines[0] or "non" in defines[0])
            and not _ASKS.search(view.text)
        ):
            # "2+ is considered negative" says what a word means and asks nothing.
            return unread(view.span(0, len(view.text)))
        if (
            _RECORDS.match(view.text)
            or _ADVISES.match(view.text)
            or _GENES_ARE.match(view.text)
            or _IN_THAT_CASE.match(view.text)
            or _REFLEX.match(view.text)
            or _IS_DISEASE.match(view.text)
        ):
            return unread(view.span(0, len(view.text)))
        if section == "exclusion" and _IF_BUT.match(view.text):
            # "If the weight is normal, but was low before, …" says what happens then.
            return unread(view.span(0, len(view.text)))
        excluded_if = _EXCLUDED_IF.fullmatch(view.text) if section == "exclusion" and not permits else None
        if excluded_if is not None:
            # "Those with brain metastases are excluded if these are …": what must hold beside is left to a person.
            who = self.sentence(part(view, *excluded_if.span("who")), section)
            if who is not None:
                return all_of([who, unread(view.span(*excluded_if.span("when")))])
        some = _OF_SOME.fullmatch(view.text) if section == "exclusion" and not permits else None
        if some is not None:
            # "Patients with ovarian cancer: bowel obstruction" shuts out those with both.
            who = self.sentence(part(view, *some.span("who")), section)
            what = self.sentence(part(view, *some.span("what")), section)
            if what is not None and who is not None and names_cancer(who):
                return all_of([who, what])
        only = _ONLY_FOR.fullmatch(view.text) if not permits else None
        if only is not None:
            # "At least one prior line (only for gastric cancers)" binds those alone.
            who = self.sentence(part(view, *only.span("who")), "inclusion")
            what = self.sentence(part(view, *only.span("what")), section)
            if what is not None:
                known = who is not None and all(inner.kind != "unread" for inner in leaves(who))
                when = who if who is not None and known else unread(view.span(*only.span("who")))
                return all_of([when, what]) if section == "exclusion" else When(when, what)
        if section == "inclusion" and not permits and (bound := of_part(view.text)) is not None:
            # "In phase 2, participants must have …" binds those of that part alone.
            asked = self.sentence(part(view, *bound[1]), section)
            behind = bound[0][0] > bound[1][0]
            if not behind or (asked is not None and all(one.kind != "tumour_type" for one in leaves(asked))):
                return When(unread(view.span(*bound[0])), asked or unread(view.span(*bound[1])))
        heads = section == "inclusion" and not permits and guard_of(view.text) is None
        if heads and (_OF_WHOM.fullmatch(view.text) or _REQUIRED_FOR.match(view.text)):
            # "For patients with liver metastases:" heads what stands below, and asks nobody for them.
            return unread(view.span(0, len(view.text)))
        treated = _IN_THOSE.fullmatch(view.text) if section == "inclusion" and not permits else None
        if treated is not None and (what := self.sentence(part(view, *treated.span("what")), section)) is not None:
            # "Normal LVEF in patients to receive trastuzumab (HER2-positive)".
            return When(unread(view.span(*treated.span("who"))), what)
        guarded = self._guarded(view) if section == "inclusion" and not permits else None
        if guarded is not None:
            return guarded
        return self._sentences.read(Stretch(view), section, permits=permits)[0]


def _of_illness(node: Node) -> bool:
    kinds = {inner.kind for inner in leaves(node)} - {"unread", "judgement"}
    return bool(kinds) and kinds <= UNWANTED


_VIRUS = re.compile(r"\bh[ibc]v\b|\bhepatitis\b|\bimmunodeficiency virus\b")
"""Whom a demand on an infection binds, its own rule reads."""


def _decides(node: Node) -> bool:
    kinds = {inner.kind for inner in leaves(node)}
    return "tumour_type" not in kinds and kinds != {"unread"}


def _decides_anything(node: Node) -> bool:
    """Whether a demand asks for more than a test, a sample or a confirmation."""
    return any(inner.kind not in _CONFIRM and inner.kind != "unread" for inner in leaves(node))


def _narrows(node: Node) -> bool:
    """Whether words on people, as read, name some of them by what they have, and not the trial's own patients."""
    kinds = {inner.kind for inner in leaves(node)}
    grown = any(inner.kind == "age" and (inner.params.min or 0) <= _GROWN for inner in leaves(node))
    return bool(kinds & (UNWANTED | {"age", "lab_value", "lvef"})) and not kinds & _ASKED_FOR and not grown


_GROWN = 25
"""Years; an age up to here is one that a trial may ask of all."""


def _without_cancer(node: Node) -> Node:
    """Return what a later sentence of an exclusion demands, without the cancer: it says of whom it speaks, or why."""
    match node:
        case Leaf(kind=kind, span=span) if kind in _ASKED_FOR:
            return Leaf("unread", leaf("unread").params, span)
        case AllOf(parts=parts):
            return AllOf(tuple(_without_cancer(part) for part in parts), node.span)
        case When(when=when, then=then):
            return When(when, _without_cancer(then), node.span)
    return node


def names_cancer(node: Node) -> bool:
    """Whether words name a cancer and nothing else."""
    kinds = {inner.kind for inner in leaves(node)}
    return "tumour_type" in kinds and kinds <= _ASKED_FOR


def polar(node: Node, section: Section) -> Node:
    """Return the demand that a proposition makes in a section."""
    return deny(node) if section == "exclusion" else node


def _cut(view: View) -> list[View]:
    """Cut a paragraph into sentences; one of more than many pages is cut blindly before."""
    if len(view.text) <= _LONGEST_SENTENCE:
        cuts = [0, *(found.end() for found in _NOTE_NUMBER.finditer(view.text)), len(view.text)]
        return [piece for a, b in itertools.pairwise(cuts) for piece in sentences(part(view, a, b))]
    found: list[View] = []
    at = 0
    while at < len(view.text):
        stop = min(at + _LONGEST_SENTENCE, len(view.text))
        space = view.text.rfind(" ", at, stop) if stop < len(view.text) else -1
        stop = space if space > at else stop
        found += sentences(part(view, at, stop))
        at = stop
    return found


_STABLE_BRAIN = re.compile(
    r"\b(?:are|be|is) (?:still |also |considered )?(?:eligible|allowed|permitted|included|enrolled)\b[^.;]{0,20}\b(?:only )?(?:if|provided|as long as|when)\b"
)


def _proviso(node: Node, written: str) -> Node | None:
    """Return what "A is allowed provided that B" demands of those with A: B; None where it demands nothing."""
    if isinstance(node, When):
        return When(node.then, node.when)
    if _is_wait(node):
        return node  # "A is allowed if it ended a month ago" binds those who had it
    kinds = {inner.kind for inner in leaves(node)}
    if kinds - {"unread"} == {"cns_metastases"} and _STABLE_BRAIN.search(written):
        # "Patients with treated brain metastases are eligible if stable": those with others are not.
        states = {state for inner in leaves(node) if inner.kind == "cns_metastases" for state in inner.params.accepted}
        return node if "none" in states and "active_or_progressing" not in states else None
    return node if isinstance(node, Not) and kinds == {"viral_infection"} and _PROVIDED.search(written) else None


def _is_wait(node: Node) -> bool:
    """Whether a node asks only for a time since treatments, which whoever had none meets."""
    match node:
        case Leaf(kind="washout"):
            return True
        case Not(part=Leaf(kind="procedure" | "concomitant_medication", params=params)):
            return params.within_days is not None
        case AllOf(parts=parts):
            return all(map(_is_wait, parts))
    return False


def _let_in(node: Node) -> Node:
    """Whom "A is allowed provided that B" lets in: those with A who fulfil B."""
    return all_of([node.then, node.when]) if isinstance(node, When) else node


def with_permit(node: Node, permitted: Node) -> Node:
    """What a following "patients with … are allowed" does: where it holds, the demand before may not bind."""
    return merged_cns(node, permitted) or looser(node, permitted) or both_ways(node, AnyOf((node, permitted)))


def _is_slip(node: Node, written: str) -> bool:
    """Whether an exclusion denies a disease ("no known allergy"): its author may have meant the disease itself."""
    kinds = {inner.kind for inner in leaves(node)} - {"unread", "judgement"}
    turned = isinstance(node, Not) or kinds == {"washout"}
    return turned and bool(kinds) and kinds <= UNWANTED | {"prior_therapy"} and _DENIES.match(written) is not None


def unread(span: tuple[int, int]) -> Leaf:
    """Return an unread leaf for a stretch of the registry's text."""
    return Leaf("unread", leaf("unread").params, span)


def role_of(nodes: Sequence[Node]) -> Role:
    """What only a person confirms blocks nothing; what a physician judges of the patient's state decides."""
    found = [inner for node in nodes for inner in leaves(node)]
    if not found or any(inner.kind not in _CONFIRM for inner in found):
        return Role.DECIDES
    return Role.DECIDES if any(of_state(getattr(inner.params, "topic", None)) for inner in found) else Role.CONFIRM
