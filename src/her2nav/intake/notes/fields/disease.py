"""The cancer: stage, extent, setting, dates, what treatment before surgery left."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from her2nav.intake.notes.context import context, own_sentences
from her2nav.intake.notes.fields.brain import read_brain
from her2nav.intake.notes.fields.brain_row import read_brain_rows
from her2nav.intake.notes.fields.diagnosis_day import named_days
from her2nav.intake.notes.fields.disease_days import (
    RELAPSE,
    UNTIL_RELAPSE,
    ended_by_relapse,
    in_node,
    read_diagnosed,
    read_relapse,
)
from her2nav.intake.notes.fields.spread import read_sites
from her2nav.intake.notes.fields.spread_named import only_spoken_of
from her2nav.intake.notes.fields.tumour import DIAGNOSED, METASTATIC, STAGE, read_types, stated
from her2nav.intake.notes.fields.tumour_grade import synoptic, tissue_around
from her2nav.intake.notes.fields.tumour_size import SIZE, dated, read_sizes
from her2nav.intake.notes.found import Asked, Found, Item
from her2nav.intake.notes.gate import Gate, Gated
from her2nav.intake.notes.note import Note, Sentence

_STAGE_BRACKET = Gated(
    r"\b[cyp]{0,2}t[0-4][a-d]?[\s,]{0,2}[cyp]{0,2}n[0-3x][^()\n]{0,14}\((?:stage )?(?P<s>iv|iii[abc]?|ii[abc]?|i[abc]?)\)"
)
_ROMAN = {"0": "0", "1": "I", "2": "II", "3": "III", "4": "IV"}
_CORRECTION = Gated(r"\b(?:correction|scratch that|disregard (?:the )?(?:above|that))\b")
_TNM = Gated(
    r"(?<![a-z0-9])m?(?P<tp>yp|yc|cp|[cpyr])?t(?P<t>is|x|[0-4][a-d]?(?:\(m\))?)[\s,/;]{0,3}(?P<np>yp|yc|[cpyr])?n(?P<n>[0-3][a-c]?(?:mi)?|x)(?:\s?\((?:sn|i[+-]|f|\d{1,2}/\d{1,2}|\d{1,2} of \d{1,2})\))?(?:[\s,/;]{0,3}(?P<mp>[cp])?m(?P<m>[01][a-d]?|x))?(?![a-z0-9])"
)
_T_WITH_NODES = Gated(
    r"(?<![a-z0-9])(?P<tp>[cp])?t(?P<t>[1-4][a-d]?)[\s,]{0,2}[cp]?n\s?\+[\s,]{0,2}(?:(?P<mp>[cp])?m(?P<m>[01][a-d]?))?(?![a-z0-9])"
)
_T_ALONE = Gated(r"(?<![a-z0-9])(?P<p>[cp])t(?P<t>[1-4][a-d]?)(?![a-z0-9]|[\s,/;]{0,3}(?:yp|[cp])?n\s?[0-3x+])")
_M_ALONE = Gated(r"(?<![a-z0-9])(?P<mp>[cp])?m(?P<m>1[a-d]?)(?![a-z0-9])")
_YPN = Gated(r"(?<![a-z0-9])ypn(?P<n>[0-3][a-c]?(?:mi)?)(?![a-z0-9])")
_YPT = Gated(r"(?<![a-z0-9])ypt(?P<t>is|[0-4][a-d]?)(?:\s?(?:\(m\))?)?[\s,]{0,2}(?:yp)?n?(?P<n>(?<=n)[0-3][a-c]?)?")
_PCR = Gated(
    r"\bpcr\b|pathologic(?:al)? complete response|complete pathologic(?:al)? response|no residual (?:invasive )?(?:carcinoma|cancer|disease|tumou?r)"
)
_RESIDUAL = Gated(
    r"\bresidual (?:invasive )?(?:disease|cancer|carcinoma|tumou?r|focus|\d{1,3} ?mm)\b|\brcb[- ]?(?:i{1,3}|[123])\b|non-?pcr|partial pathologic"
)
_GRADE = Gated(
    r"\b(?:(?:nottingham |histologic(?:al)? |nuclear |tumou?r )?grade(?:\s?\((?:highest|overall|worst|nottingham|max\w*|elston[- ]ellis)\))?|grado)[\s:=]{0,3}(?P<g>[1-3]|i{1,3})\b(?!\s?(?:\w+\s)?(?:neuropathy|diarrh|alopecia|rash|toxic|nausea|fatigue|mucositis|pneumonitis|pns|sensory|peripheral|periph|anaem|anem|neutrop|hand|periph|vomit|ctcae|adverse|ae\b))|\b(?:idc|ilc|nst|nos|carcinoma|ductal|lobular),?\s(?:\([a-z]{2,4}\)\s)?gr(?:ade)?\.?[\s-]?(?P<j>[1-3]|i{1,3})\b|\bg(?:r(?:ade)?\.?\s?)?(?P<h>[1-3])\s(?:idc|ilc|nst|invasive|ductal|adenocarcinoma)|\b(?:idc|ilc|nst|(?:adeno)?carcinoma)(?: of (?:the )?(?:left |right )?\w+)?,?\s(?:g|grade\s)(?P<i>[1-3])\b|\bgd\s?(?P<k>[1-3])\b|(?<=[,(] )g(?P<l>[1-3])(?=[\s]?[,.;)]|\s?$)"
)
_EARLY = Gated(r"\b(?:early(?:[- ]stage)? (?:breast|her2)|operable|resectable(?! liver)|ebc)\b")
_LA = Gated(r"\blocally[- ]advanced\b(?P<rest>[^.;]{0,40})|\bunresectable\b")
_RECURRENT = Gated(r"\b(?:local|locoregional|chest wall|in-breast) (?:recurrence|relapse)\b")
_CATEGORY = Gated(
    r"(?:\bpt category|\bpn category|\bpm category)[\s:|]{1,6}(?P<v>(?P<p>yp|p|c)?(?P<k>[tnm])(?P<n>is|x|[0-4][a-d]?(?:mi)?))(?![a-z0-9])"
)
_NODE_COUNT = Gated(
    r"\b(?P<p>[1-9]\d?|one|two|three|four|five|six) (?:positive|involved|metastatic) (?:axillary |sentinel )?(?:lymph )?nodes?(?: out)? of \d{1,2}\b"
    r"|\b(?P<q>[1-9]\d?|one|two|three|four|five|six) (?:out )?of (?:\d{1,2}|two|three|four|five|six) (?:axillary |sentinel |lymph )*nodes? (?:were |was |are )?(?:positive|involved)"
)
_NODE_CATEGORY = Gated(
    r"(?<![a-z0-9])(?:yp|[cp])?(?:t[0-4xi][a-z]{0,2}[\s,]{0,2}(?:yp|[cp])?)?n[0-3x](?![0-9])|\bpn category\b"
)
_MEASURABLE = Gated(
    r"\b(?P<no>no measurable|non-?measurable|not measurable|without measurable|bone[- ]only|unmeasurable|evaluable only|non measurable)\b|\b(?P<yes>measurable)\b"
)


_OF_NODE = re.compile(r"metastatic (?:adeno)?carcinoma\b|metastas[ei]s of (?:the |a )?(?:\w+ )?(?:adeno)?carcinoma\b")


def read_disease(note: Note) -> Iterator[Item]:
    """Yield what a note says of the cancer."""
    yield from read_types(note)
    readers = [(note.cued(gate), reader) for gate, reader in _READERS]
    for sentence in own_sentences(note):
        if sentence.section in ("history", "social", "allergies", "medications") and not METASTATIC.search(
            note.plain, sentence.start, sentence.end
        ):
            continue
        for cued, reader in readers:
            if sentence.start in cued:
                yield from reader(note, sentence)
    for _, day in named_days(note):
        yield Found("cancer.diagnosed", str(day.value), (day.start, day.end))
    yield from read_relapse(note)
    yield from read_sites(note)
    yield from read_brain(note)
    yield from read_brain_rows(note)


def _stage(note: Note, sentence: Sentence) -> Iterator[Item]:
    for pattern in (STAGE, _STAGE_BRACKET):
        for match in pattern.finditer(note.plain, sentence.start, sentence.end):
            if stated(note, match.span()) and _corrected(note, sentence, match.end()):
                yield Asked(
                    "stage", "the sentence with the stage is corrected behind it; the stage is not used", match.span()
                )
            elif stated(note, match.span()):
                written = match["s"].replace(" ", "").upper()
                stage = _ROMAN[written[0]] + written[1:] if written[0].isdigit() else written
                yield Found("cancer.stage", stage, match.span(), *dated(note, sentence, match.span()))
    for match in _TNM.finditer(note.plain, sentence.start, sentence.end):
        if not stated(note, match.span()):
            continue
        day = dated(note, sentence, match.span())
        prefix = match["tp"] or ""
        if prefix == "yp":
            yield Found("cancer.residual.ypt", f"ypT{match['t']}", match.span("t"), *day)
            yield Found("cancer.residual.ypn", f"ypN{match['n']}", match.span("n"), *day)
            continue
        yield Found("cancer.tnm.t", f"{prefix}T{match['t']}", match.span("t"), *day)
        yield Found("cancer.tnm.n", f"{match['np'] or prefix}N{match['n']}", match.span("n"), *day)
        if match["m"] and match["m"] != "x":
            yield Found("cancer.tnm.m", f"{match['mp'] or ''}M{match['m']}", match.span("m"), *day)
    for match in _T_WITH_NODES.finditer(note.plain, sentence.start, sentence.end):
        if stated(note, match.span()):
            day = dated(note, sentence, match.span())
            yield Found("cancer.tnm.t", f"{match['tp'] or ''}T{match['t']}", match.span("t"), *day)
            if match["m"]:
                yield Found("cancer.tnm.m", f"{match['mp'] or ''}M{match['m']}", match.span("m"), *day)
    lone = None if _TNM.search(note.plain) else _T_ALONE.search(note.plain, sentence.start, sentence.end)
    if lone and stated(note, lone.span()):
        yield Found("cancer.tnm.t", f"{lone['p']}T{lone['t']}", lone.span(), *dated(note, sentence, lone.span()))
    whole = _TNM.search(note.plain, sentence.start, sentence.end)
    alone = _M_ALONE.search(note.plain, whole.end(), sentence.end) if whole and not whole["m"] else None
    if alone and whole and whole["tp"] != "yp" and stated(note, alone.span()):
        day = dated(note, sentence, whole.span())
        yield Found("cancer.tnm.m", f"{alone['mp'] or ''}M{alone['m']}", alone.span("m"), *day)
    for match in _CATEGORY.finditer(note.plain, sentence.start, sentence.end):
        if match["n"] != "x":
            kind = match["k"]
            path = f"cancer.residual.yp{kind}" if match["p"] == "yp" else f"cancer.tnm.{kind}"
            yield Found(path, f"{match['p'] or ''}{kind.upper()}{match['n']}", match.span("v"))
    for match in _GRADE.finditer(note.plain, sentence.start, sentence.end):
        written = next(one for one in match.group("g", "h", "i", "j", "k", "l") if one)
        if (
            sentence.section not in ("toxicity",)
            and stated(note, match.span())
            and (tissue_around(note, sentence, match.start()) or synoptic(note, sentence))
        ):
            yield Found("cancer.grade", len(written) if written[0] == "i" else int(written), match.span())

    for match in _DIFFERENTIATED.finditer(note.plain, sentence.start, sentence.end):
        grade = note.words.grades.get(match["w"])
        if grade and stated(note, match.span()) and _DIFFERENTIATED_OF.search(note.plain, sentence.start, sentence.end):
            yield Found("cancer.grade", grade, match.span(), weight=0)


_DIFFERENTIATED = Gated(r"(?<! to )\b(?P<w>well|moderately|poorly)[- ]differentiated\b")
_DIFFERENTIATED_OF = re.compile(r"carcinoma|adenoca\b|\bidc\b|\bilc\b|tumou?r|cancer")


def _corrected(note: Note, sentence: Sentence, place: int) -> bool:
    """True when the words behind a place on its line take back what the sentence said."""
    line = note.line(place)
    stop = note.line_starts[line] if line < len(note.line_starts) else len(note.plain)
    return _CORRECTION.search(note.plain, place, max(stop, sentence.end)) is not None


_OTHER_PCR = re.compile(r"non-?$|\brt-?\s?$|covid|\bdna\b|rate|\b(?:by|via|on|using|through) (?:\w+ )?$|msi")
_AFTER_TREATMENT = Gated(
    r"\b(?:neo-?adj\w*|nact|nst|pre-?operativ\w*|respon\w+|achiev\w+|attain\w+|residual|surg\w+|operat\w+|y?pt\d|mastectomy|lumpectomy|resect\w+|excis\w+|breast|nodes?|axilla|after|tchp?|histolog\w+|patholog\w+)\b"
)
_PCR_TEST = re.compile(
    r"(?:-based|\s(?:panel|test\w*|assay|array|kit|method|result|for|on|of|was (?:positive|negative)|positive|negative|detect\w+)\b)"
)
_VIRAL_PCR = re.compile(
    r"covid|hbv|hcv|viral|bcr|pneumocystis|\bp[jc]p\b|\bcmv\b|\bebv\b|influenza|\brsv\b|sputum|lavage|\bbal\b|aspergill|tubercul|legionell|cultures?\b|swab|\bpcr (?:is |was )?(?:still )?(?:out|pending|awaited)\b"
)
_NOTHING_LEFT = re.compile(
    r"\b(?:not (?:one|a single|any)|no)\s(?:\w+\s){0,2}?(?:cancer|tumou?r)\s(?:cells?\s)?(?:(?:was|were|had been)\s)?(?:left|found|seen|remain\w*)\b"
)


_PCR_NO = re.compile(r"\s?[:=?–-]?\s?(?:no\b(?!\s\w)|not (?:achieved|reached|attained)\b|n\b(?=[,;)]))")


_BY_EYE = re.compile(r"\b(?:debulk\w*|cytoreduc\w*|r0\b|macroscopic\w*|gross(?:ly)?|optimal(?:ly)?)")


def _residual(note: Note, sentence: Sentence) -> Iterator[Item]:
    for match in _PCR.finditer(note.plain, sentence.start, sentence.end):
        before = note.plain[max(sentence.start, match.start() - 24) : match.start()]
        if _OTHER_PCR.search(before) or _VIRAL_PCR.search(note.said(sentence.start, sentence.end)):
            continue
        laboratory = note.text[match.start() : match.end()] == "PCR" and not _AFTER_TREATMENT.search(
            note.plain, sentence.start, sentence.end
        )
        if laboratory or _PCR_TEST.match(note.plain, match.end()):
            continue  # the polymerase chain reaction
        if match[0].startswith("no residual") and _BY_EYE.search(
            note.plain, sentence.start, min(sentence.end, match.end() + 12)
        ):
            continue  # what the surgeon left behind, and not what the microscope found
        said = context(note, *match.span())
        if said.unsure or said.hypothetical or said.planned or said.template:
            continue
        denied = (said.negated or _PCR_NO.match(note.plain, match.end())) and not match[0].startswith("no ")
        denied = denied and not _NOTHING_LEFT.search(note.plain, sentence.start, match.start())
        yield Found("cancer.residual.status", "residual" if denied else "pcr", match.span())
    for match in _RESIDUAL.finditer(note.plain, sentence.start, sentence.end):
        if re.search(r"\bno\s(?:\w+\s)?$", note.plain[max(sentence.start, match.start() - 16) : match.start()]):
            continue
        context_words = note.said(sentence.start, sentence.end)
        if stated(note, match.span()) and re.search(
            r"mastectomy|surgery|lumpectomy|slnb|\bypt|resection|neoadj|pathology|rcb|specimen|wle|excision",
            context_words,
        ):
            yield Found("cancer.residual.status", "residual", match.span())
    ypt = _YPT.search(note.plain, sentence.start, sentence.end)
    for alone in _YPN.finditer(note.plain, sentence.start, sentence.end):
        if stated(note, alone.span()):
            yield Found("cancer.residual.ypn", f"ypN{alone['n']}", alone.span("n"))
    if ypt and not _TNM.search(note.plain, ypt.start(), min(sentence.end, ypt.end() + 8)) and stated(note, ypt.span()):
        yield Found("cancer.residual.ypt", f"ypT{ypt['t']}", ypt.span())


_NODAL_BEFORE = re.compile(r"\b(?:workup|work-up|node|nodal|axillary|non-?)\s?$")
_NO_STATEMENT = re.compile(r"^\s(?:setting|screen)")
_IN_NODES = re.compile(
    r"\bnodes?(?: (?:were|was|which|that|is|are))? (?:containing|contained?|contains|with|show(?:s|ed|ing)?|harbou?r\w*)\s(?:a\s)?$"
)
"""Deposits in nodes that were taken out: "2 of 16 nodes containing metastatic deposits"."""
_OF_NODE_TISSUE = re.compile(
    r"(?:metastatic|metastas[ei]s (?:of|from)) (?:\w+ ){0,3}?(?:adeno)?(?:carcinoma|ca\b|cancer|disease|deposits?|tumou?r)"
)
_NODE = re.compile(r"\b(?:lymph )?nodes?\b|\baxilla\w*|\bsentinel\b|\bln\b|\bslnb?\b")


def _node_named(note: Note, sentence: Sentence, place: int) -> bool:
    """True where only a node is named before "metastatic carcinoma": whether it is a regional one is not known."""
    named = _NODE.search(note.plain, max(sentence.start, place - 80), place) is not None
    sites = {hit.id("site") for hit in note.hits_in(sentence.start, place, "site")} - {"lymph_node", "breast", None}
    return named and not sites


_METASTA = re.compile(r"metasta")
_NEXT = 40
"""So far behind the sentence its node may be named: "metastasis of carcinoma, 5 mm. No extranodal growth"."""
_OF_NODES = re.compile(r"lymph|node|nodal|axill|extracapsular")


def _setting(note: Note, sentence: Sentence) -> Iterator[Item]:
    for value, pattern in (("metastatic", METASTATIC), ("recurrent", _RECURRENT)):
        for match in pattern.finditer(note.plain, sentence.start, sentence.end):
            if (
                stated(note, match.span())
                and not _NODAL_BEFORE.search(
                    note.plain[max(sentence.start, match.start() - 12) : match.start()],
                )
                and not _NO_STATEMENT.search(note.plain[match.end() : match.end() + 8])
            ):
                if (
                    (sentence.section == "pathology" or _OF_NODE.match(note.plain, match.start()))
                    and _METASTA.match(match[0])
                    and _OF_NODES.search(
                        note.said(max(0, sentence.start - 160), min(len(note.plain), sentence.end + _NEXT))
                    )
                ):
                    continue
                if match[0].startswith("metastas") and in_node(note, sentence, match):
                    continue
                if only_spoken_of(note, sentence, *match.span()):
                    continue
                if _IN_NODES.search(note.plain, max(sentence.start, match.start() - 40), match.start()):
                    continue
                if _OF_NODE_TISSUE.match(note.plain, match.start()) and _node_named(note, sentence, match.start()):
                    continue
                yield Found("cancer.setting", value, match.span(), weight=3)
                break
    for match in STAGE.finditer(note.plain, sentence.start, sentence.end):
        if match["s"].startswith(("iv", "4")) and stated(note, match.span()):
            yield Found("cancer.setting", "metastatic", match.span(), weight=3)
    early = _EARLY.search(note.plain, sentence.start, sentence.end)
    if early and not context(note, *early.span()).family:
        said = context(note, *early.span())
        if not (said.unsure or said.template or (said.negated and not early[0].startswith("no "))):
            yield Found("cancer.setting", "early", early.span(), weight=1)
    advanced = _LA.search(note.plain, sentence.start, sentence.end)
    if advanced and stated(note, advanced.span()):
        rest = note.said(advanced.start(), min(sentence.end, advanced.end() + 30))
        if re.search(r"unresectable|inoperable", rest):
            yield Found("cancer.setting", "locally_advanced_unresectable", advanced.span(), weight=2)
        elif re.search(r"(?<!un)resectable|operable", rest):
            yield Found("cancer.setting", "locally_advanced_resectable", advanced.span(), weight=2)
    measurable = _MEASURABLE.search(note.plain, sentence.start, sentence.end)
    if measurable and not (
        measurable.lastgroup == "yes" and _ONLY_HEADS.match(note.plain, measurable.end(), sentence.end)
    ):
        said = context(note, *measurable.span())
        if not (said.unsure or said.template or said.family or said.hypothetical):
            yield Found(
                "cancer.measurable_disease", measurable.lastgroup == "yes" and not said.negated, measurable.span()
            )


_ONLY_HEADS = re.compile(r"\s(?:disease|lesions?)\s*(?:\([^()]*\)\s*)?:?\s*$")
"""A heading over lesions, which does not say that they are measurable: "E. MEASURABLE DISEASE (CT 24 August)"."""


def _nodes(note: Note, sentence: Sentence) -> Iterator[Item]:
    """Ask for the node category where a note counts positive nodes and states none.

    The count alone does not give it: the size of the deposits and treatment before surgery decide as well.
    """
    match = _NODE_COUNT.search(note.plain, sentence.start, sentence.end)
    if match is None or not stated(note, match.span()) or _NODE_CATEGORY.search(note.plain):
        return
    yield Asked(
        "nodes",
        f"'{note.text[match.start() : match.end()].strip()}': the note gives no node category (pN); not derived",
        match.span(),
    )


_READERS: tuple[tuple[Gate, Callable[[Note, Sentence], Iterable[Item]]], ...] = (
    (Gate(STAGE, _STAGE_BRACKET, _TNM, _T_ALONE, _T_WITH_NODES, _CATEGORY, _GRADE, _DIFFERENTIATED), _stage),
    (Gate(_PCR, _RESIDUAL, _YPT, _YPN), _residual),
    (Gate(METASTATIC, _RECURRENT, STAGE, _EARLY, _LA, _MEASURABLE), _setting),
    (Gate(DIAGNOSED, RELAPSE), read_diagnosed),
    (Gate(_NODE_COUNT), _nodes),
    (Gate(UNTIL_RELAPSE), ended_by_relapse),
    (Gate(SIZE), read_sizes),
)
