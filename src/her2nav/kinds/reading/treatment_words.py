"""The words of sentences about treatment: settings, outcomes, numbers of lines and the small words between them."""

from __future__ import annotations

import re
from typing import Any, Literal, NamedTuple

from her2nav.language.beginnings import BySign
from her2nav.language.patterns import MACROS
from her2nav.language.pieces import guarded
from her2nav.language.sought import Sought

Setting = Literal["neoadjuvant", "adjuvant", "metastatic", "maintenance", "local"]


class Token(NamedTuple):
    """A stretch of a sentence about treatment and what it is."""

    kind: str
    start: int
    end: int
    value: Any = None


_TIME = MACROS["time"]
_COUNT_OP = (
    r"≥|≤|>|<|at least|at most|no (?:more|less|greater|fewer) than|not more than|not less than|not exceeding|more than or equal to|(?:greater|less|more|fewer) than"
    r"(?: or equal(?: to)?)?|up to|a? ?minimum of|a? ?maximum of|maximum|minimum|(?:a )?limit of|limited to|exactly|only|more than|over|must not exceed"
)
COUNT = Sought(
    rf"(?:(?P<op1>{_COUNT_OP}) ?(?:\([≥≤<>] ?\))? ?)?(?P<n1>\b\d\b|\b(?:one|two|three|four|five|six|single|a)\b)(?: ?\(\d\)| \(\d ?(?:to|-) ?\d\))?(?P<more1> or (?:more|greater)\b| or (?:fewer|less)\b|\+)?(?: (?:prior |previous )?(?:lines?|regimens?)(?=,? but (?:(?:no|not) more than|at most|up to)\b))?"
    rf"(?:(?:, ?(?:\b[2-4]\b|\b(?:two|three|four)\b)(?=,? or (?:\d|three|four|five|six)\b))?,? ?\(?(?P<joint>-|to|or|but|and)?,? ?(?:(?P<op2>{_COUNT_OP}) ?(?:\([≥≤<>] ?\))? ?)?(?P<n2>\b\d\b|\b(?:one|two|three|four|five|six)\b)(?: ?\(\d\))?(?P<more2> or more\b| or fewer\b)?[,)]?)?"
    r"(?= )"
)
_SETTINGS: tuple[tuple[tuple[Setting, ...], str], ...] = (
    (("neoadjuvant", "adjuvant"), r"(?:\(neo[ -]?\)[ -]?|neo ?/ ?|neo[ -]*(?:and/or|or|and) |neo\()adjuvant\)?|neo-?adjuvant[ ,]*(?:/|and/or|or|and)[ ,]*adjuvant|adjuvant[ ,]*(?:/|and/or|or|and)[ ,]*neo-?adjuvant|neo-?adjuvant[ ,]*(?:/|and/or|or|and)[ ,]*adjuvant|peri-?operative"),
    (("neoadjuvant",), r"(?<!post-)(?<!post )(?<!post)neo[- ]?adjuvant|pre-?operative"),
    (("adjuvant",), r"post-?neo-?adjuvant|adjuvant|post-?operative"),
    (("metastatic",), r"(?:(?:loco-?regionally[- ](?:advanced|recurrent)|loco-?regionally(?= recurrent or)|locally[- ]advanced|unresectable|inoperable|recurrent|relapsed|incurable|advanced|metastatic|stage (?:iv|4)|non-?resectable|locally[- ]recurrent|un-?resectable locally[- ]advanced)(?: unresectable)?[ ,/()]*(?:and/or |or |and )?(?:surgically )?)*(?:metastatic|advanced(?:[- ]stage)?|stage (?:iv|4)|unresectable|inoperable|palliative|incurable|(?:labc ?/ ?)?mbc)(?: \((?:mbc|stage iv|metastatic)\))?(?:[ ,/]*(?:and/or |or |and )?(?:recurrent|relapsed|locally[- ]advanced|metastatic|unresectable|inoperable))*(?: (?:cancers?|malignanc(?:y|ies))(?= *(?:[.,;)]|\Z)| (?:within|from|in (?:the )?(?:last|past|previous)|less|before|prior|during|until|or\b|and\b|is\b|are\b)))?"),
    (("maintenance",), r"maintenance"),
)  # fmt: skip
_AND_THE_STUDY = (
    r"and (?:the )?(?:(?:date|day|start|first day|beginning|initiation|commencement|administration|first dose|planned start|first administration) of )+(?:the |this )?"
    r"(?:(?:study|trial|protocol)[- ]?)?(?:registration|randomi[sz]ation|enrol+ment|inclusion|screening|entry|treatment|therapy|drugs?|medication|intervention)?(?: date)?(?=\W*(?:[.,;)]|\Z| and that\b))"
)
"""Behind "between" and a treatment: the day of the study."""
_NOT_GROWN = "".join(
    f"(?<!{grown} {when} {the})"
    for grown in ("progressed", "progression")
    for when in ("since", "after", "on")
    for the in ("", "the ")
)
"""In front of "last treatment": how the cancer went on under it, and not when it was given."""
_WORDS: tuple[tuple[str, str], ...] = (
    ("allowed", r"(?:is|are|will be) (?:also )?(?:allowed|permitted|acceptable|permissible)(?= (?:[>≥]|at least|more than|greater than|if (?:[>≥]|at least|more than|greater than)))|(?:is |are |will be |were )?(?:also )?(?:allowed|permitted|acceptable|permissible)?,? ?(?:but|if|provided|as long as|when|so long as|and)(?: that)?(?: (?:it|they|the|this|last|final|most recent|dose|doses|treatment|therapy|regimen|administration|chemotherapy|these|which|any|such|surgery|radiotherapy|date))*(?: (?:was|were|is|are|has|have|been|had|must|should|be|occurred))* (?:completed|concluded|given|administered|finished|ended|discontinued|stopped|performed|done|occurred|received|should be|must be)"),
    ("outcome", r"(?P<pdint>(?:progress\w*|relaps\w*|fail\w*|recur\w*|refractory)[ ,/]*(?:disease )?(?:(?:on|to|after|during|following|with|upon|of)[ ,/]*(?:and|or)?[ ,/]*)*(?:or|and/or|/)[ ,]*(?:(?:were|was|are|is|been|have|be|being|an?|had|has|unable to|could not|who|who are)\s)*(?:intoleran\w+|intolerable|not tolerat\w+|unacceptable toxicity|tolerate))|(?P<intol>\bintoleran\w+|\bunable to tolerate)|(?P<pd>\b(?:(?:(?:documented|radiographic(?:ally)?|radiologic(?:al)?(?:ly)?|clinical|objective|tumou?r|disease|imaging|evidence of) )*progress(?:ed|ion|ing|ive)?(?: of (?:the |their )?disease)?(?: disease)?(?: (?:radiologically|radiographically|clinically))?(?:,? (?:based on|(?:as )?(?:assessed|documented|determined|evidenced|defined|confirmed|shown) (?:by|on)|by|per)(?:[ ,/]+(?:radiographic|radiologic(?:al)?|clinical|pathologic(?:al)?|imaging|investigator|objective|recist|ct|mri|criteria|assessments?|evidence|evaluation|scans?|or|and/or|and|the)\b)+(?= (?:on|during|after|following|while|subsequent to)\b))?|relapsed?|recurr(?:ed|ence)|failed|failure(?: to respond)?|refractory|resistan(?:t|ce))\b)(?:[ ,/]*(?:\b(?:on|or|after|to|during|following|with|upon|and/or|and|while|under|from|despite|receiving|taking|either|subsequent to|since|within)\b(?! (?:the (?:first |last )?|or equal to |less than )?(?:\d|one |two |three |four |five |six |nine |twelve ))|/)(?! progress| relaps| intoler))*"),
    ("together", r"(?:given |administered |used )?(?:either )?(?:as )?(?:a )?(?:in combination(?: or (?:separately|sequentially|as (?:a )?(?:single[- ]agents?|monotherapy)))?|separately(?:,? or in combination)?|together or separately|combined(?: or separately)?|concurrently or sequentially|sequentially or concurrently|sequentially or in combination|(?:as )?(?:a )?(?:monotherapy|single[- ]agents?|alone) or (?:in combination|as part of (?:a )?combination)(?: therapy)?(?: with (?:other (?:agents?|therap(?:y|ies)|drugs?)))?|administered in combination)(?! with)"),
    ("alone", r"\b(?:as )?(?:a )?(?:monotherapy|single[- ]agent(?: therapy)?|alone)\b(?! (?:or|and|and/or)\b)(?![,/])"),
    ("combined", r"in combination with|combined with|concurrent(?:ly)? with|together with|plus|\+|along with|concomitant(?:ly)? with"),
    ("with_or_without", r"with or without|with/without|± ?|\+/- ?|(?:either )?(?:alone|(?:as )?(?:a )?(?:monotherapy|single[- ]agents?)) or (?:in combination|combined|together) with\b"),
    ("disease", r"(?:for |of |in |directed (?:at|against|to) )(?:the )?(?:treatment (?:of|for) |management of |therapy (?:of|for) )?(?:the |their |this |current |study |any |that |primary |index |under study |newly diagnosed |present |malignant )*(?:indication|cancer(?: treatment)?|disease|malignanc(?:y|ies)|tumou?rs?|neoplasms?|current (?:cancer|malignancy)|condition)(?: under (?:study|investigation))?"),
    ("heading", r"(?:an? )?(?:minimum )?(?<!free )(?<!free-)(?:time )?intervals?(?= (?:of (?:at least |more than |≥ ?|> ?)?(?:\d|one|two|three|four|six|eight)|(?:from|since) (?:the )?(?:last|end|completion|prior|any|previous)))|(?:(?:any|one or more|one|either|at least one) (?:of )?)?(?:the )?following(?: (?:prior|previous|other|concomitant|prohibited|anti-?cancer|systemic|types? of|medications?|drugs?|agents?|treatments?|therap(?:y|ies)|procedures?|products?|or|and|and/or)){1,6}(?=,? (?:at any time )?(?:within|in the (?:last|past|previous)|during the (?:last|past)|less than|≤|<) ?[^:.;]{2,90}:)"),
    ("next", r"(?:any |one or more |one |either |all |some |at least one )?(?:of )?(?:the )?(?:following)(?: \w+){0,3}? ?[:.]|(?:any|either|one or more|at least one|one|both) of(?: the)?(?! (?:which|whom|these|those|them)\b)|as follows:?"),
    ("washout", r"(?:(?:must |should |patients? |participants? |subjects? |to )*(?:has|have) (?:had )?(?:an? )?)?(?:(?:adequate|sufficient|appropriate|required|minimum|minimal|the following|following|an?|the) )*(?:(?:prior |previous |anti-?cancer )*(?:treatments?|therap(?:y|ies)|medications?|drugs?) )?wash-?out(?: periods?| times?| intervals?)?(?: (?:is|are|was|were|has been|have been) (?:required|needed|necessary))?(?:[ ,(]*(?:prior to|before|until|to|from|the|first|dose|doses|of|study|trial|protocol|treatment|therapy|drugs?|day (?:1|-1|one)|cycle (?:1|one)|c1d1|registration|enrol+ment|randomi[sz]ation|start|starting|initiation|inclusion|screening|intervention|baseline)\b[,)]?){0,12}[ ,]*(?:(?:is |are |as )*(?:defined|specified|described|listed|follows?|detailed|indicated)(?: as| below| by| here)*(?: follows)?\b ?:?|: ?)|(?:an? )?wash-?out(?: periods?| times?| intervals?)? (?:for|from|of) (?=[a-z\ue000-\uf8ff])(?!at |the |an? )"),
    ("case", r"[;,]? ?(?:in (?:the )?case of|in the event of)(?: an?| any| the)?(?= )"),
    ("instead", rf"(?<!interval of )(?<!washout of )(?:(?:(?<=\()|(?<=\( ))(?:or )?(?:less than|within) )?(?P<othertime>{_TIME})(?: \([^)]{{1,14}}\))?(?: (?:prior|before|earlier)(?= (?:for|if|in )))? (?:for|if(?: (?:on|receiving|treated with|given))?|in (?:the )?cases? of|since|after|from)(?! (?:the )?(?:treatment|therapy|management) (?:of|for)\b)(?: (?:a|an|any|the|last|prior|treatment with|use of))*(?= )"),
    ("prior", r"\b(?:prior|previous(?:ly)?|past|earlier|pre-?treated|pre-?treatment)\b(?! to\b)(?:[ ,]*(?:or|and/or|/)[ ,]*(?:concurrent|current|concomitant|ongoing|planned))?"),
    ("plan", r"\b(?:intention to (?:initiate|treat with|start|use)|(?:is |are |have )?(?:planned|planning|scheduled|intended|about|due) to (?:receive|start|initiate|begin|undergo|be treated with)|plan(?:s|ned)? (?:for |to (?:receive|start|initiate|treat with))|planned (?:treatment|therapy|use)(?: with| of)?|(?:planned|scheduled|anticipated|expected)(?: need)?(?: for)?(?= (?:an? )?(?:[\w-]+ ){0,2}(?:surg|radiother|radiat|operat|transplant))|(?:is |are |be )?scheduled to have|(?:will|to) (?:be receiving|receive|be treated with|initiate|start(?! of\b))|(?:anticipated|expected)(?: need for| use of)?|(?:in )?anticipation of (?:the )?need for|who will receive)(?= )"),
    ("anchor", _AND_THE_STUDY),
    ("earlier", r"(?:at any time )?\b(?:prior to|before) (?:the )?(?:(?:start|initiation|beginning|first dose|commencement|administration|onset) of )?(?:the |this )?(?:study|trial|protocol|enrol+ment|registration|randomi[sz]ation|inclusion)(?: (?:entry|treatment|drugs?|therapy|medication|start|enrol+ment|inclusion))?(?=\s*(?:[.,;)]|\Z)| (?:must|should|has to|have to|needs? to)\b)"),
    ("ever", r"at any (?:(?:prior|previous|earlier|other) )?time(?: point)?(?: in the past| before| previously)?(?=\s*(?:[.,;)]|\Z))"),
    ("ongoing", r"(?:at any time )?(?:while (?:on|in|enrolled in|participating in)|during|throughout|for the (?:entire )?duration of)(?: the)?(?: (?:course|conduct|duration|treatment phase|treatment period) of)?(?: the| this| their)? ?(?:entire )?(?:clinical )?(?:study|trial|protocol)(?: (?:treatment|therapy|participation|intervention|medication|drug(?: administration)?))?(?: (?:period|phase))?\b"),
    ("needs", r"\b(?:(?:concomitant|concurrent|ongoing|current|continued|chronic|any|a|absolute) )*(?:requirements? (?:for|of)|requires?|requiring|needs?(?: for)|needing|in need of)(?: (?:the )?(?:concomitant |concurrent |chronic |continuous |continued |ongoing |long-term )*(?:use|treatment|therapy|administration)(?: of| with))?(?= )"),
    ("current", r"(?:\b(?:chronic(?:ally)?|long-?\s?term|regular(?:ly)?)[, ]+(?:daily )?(?:use of|treatment with|therapy with|systemic(?! (?:cortico|gluco)?(?:steroid|corticoid)| immuno| anti)|administration of)?(?= ?))|\b(?:(?:any |has an? |have an? |an? )?(?:other )?(?:medical )?conditions? (?:that )?requir(?:ing|es?)|active(?= (?:systemic )?(?:immunosuppress|anti-?coag|steroid|cortico))|(?:be|are|is|currently|actively) (?:receiving|taking|on|using|undergoing)|(?<=who )receives?|receiving|(?:(?<=patients )|(?<=participants )|(?<=subjects )|(?<=individuals )|(?<=those ))on(?! (?:or|and|the|this|study|stud(?:y|ies)|protocol|trial|day|arm|day|treatment|therapy|active)\b)|current(?:ly)?(?! (?:[a-z-]+ ){0,2}?(?:cancers?|carcinomas?|malignanc\w+|tumou?rs?|diagnos[ei]s|breast cancer disease)\b)|concurrent(?:ly)?|concomitant(?:ly)?|ongoing|simultaneous(?:ly)?)\b(?:[ ,]*(?:or|and/or|and|/)[ ,]*(?:concurrent|concomitant|ongoing|continued|current|planned|anticipated|simultaneous|has received|have received|previous|prior|previously))*"),
    ("expose", r"\b(?:either )?stable (?:disease )?or (?:disease )?progress(?:ion|ing|ive|ed)(?: disease)? (?:(?:on|or|after|during|following|with|and/or)[ /]+)+(?:therapy with |treatment with )?(?:at least )?(?=[a-z0-9\ue000-\uf8ff])|\b(?:received|rec(?:ie|i|eie)ved|recevied|reveived|(?<!who )(?<!must )(?<!should )(?<!will )receives?|receipt(?: of)?|treated|pretreated|undergone|underwent|administered|exposed to|exposures? (?:to|of)|exposure|history of|hav(?:e|ing) had|had|any (?:prior |previous )?lines? of)\b"),
    ("use", r"\b(?:undergoing|treatment with|therapy with|use of|usage of|used|taken|taking|takes|given|administration of|treatment using|on treatment with|start of|started|initiation of|initiated|(?:use|administration|exposure|treatment|dosing)(?= (?:within|in the (?:last|past|previous|preceding)|during the (?:last|past|previous)|less than|≤|<) )|use(?= (?:at least|[≥>]) ))\b"),
    ("given", rf"\b(?:occurring|occurred|performed|discontinued|stopped|withheld|conducted|{_NOT_GROWN}last (?:dose|doses|administration|treatment|infusion|injection)(?: of)?)\b"),
    ("line", r"\b(?:lines?|regimens?|regiments?|courses?|line-?s)\b(?: ?\(s\))?"),
    ("ordinal", r"\b(?P<nth>first|second|third|fourth|1st|2nd|3rd|1l|2l|3l)(?:[- ]?(?:or|/|and|to)[- ]?(?:second|third|fourth|2nd|3rd|2l|3l))?[- ]?line\b"),
    ("noun", r"\b(?:therap(?:y|ies)|treatments?|agents?|drugs?|medications?|medicines?|inhibitors?|combinations?|products?|modalit(?:y|ies)|monotherapy|infusions?|doses?|setting|doublets?|triplets?|analogu?e?s?|derivatives?|salts?)\b(?: ?\(i?e?s\))?"),
    ("deny", r"\bnot yet\b|\b(?:no|not|never|without|nor|neither|none|non)\b|\bn[o']t\b|na[iï]ve|untreated|\bcannot\b"),
    ("except", r"\bunless\b|\bexcept(?:ing|ions?)?(?: (?:for|of|in|if|when|that|to))*\b|\bwith (?:the )?exceptions? (?:of|for)\b|\bother than\b|\bapart from\b|\baside from\b|\bexcluding\b|\bnot including\b"),
    ("examples", r"(?:which|that|and) (?:must|should|has to|had to|have to) (?:have )?(?:included?|contain(?:ed)?)(?: at least)?(?: (?:one|1)(?: (?:prior |previous )?(?:line|regimen|course) (?:of|with))?)?\b|of which (?:at least )?one (?:must|should) (?:have )?(?:be|been|include[d]?|contain(?:ed)?)\b|(?:(?:of which|with|and) )?(?:at least )?(?:one|1)(?: of (?:which|whom|these|those|them))(?: (?:prior |previous )?(?:lines?|regimens?|therap(?:y|ies)|treatments?))?(?: (?:must|should|has to|had to))? (?:(?:have |has )?(?:be|been|is|was|were|include[sd]?|contain(?:s|ed)?|including|containing|given|administered)\b ?)+(?:in combination with)?|(?:with|of which) (?:at least )?(?:one|1)(?: line| regimen)? in combination with|\be\.? ?g(?![a-z0-9])\.?,?|\bsuch as\b|\bfor (?:example|instance)\b,?|\bincluding (?:at least )?(?:one|1)\b(?: (?:(?:prior |previous )?(?:lines?|regimens?) (?:of|with|containing)\b)|(?! of\b| (?:of|to|or|and|weeks?|months?|days?|doses?|cycles?|courses?|(?:prior |previous )?(?:lines?|regimens?))\b))|\binclud(?:ing|es?)(?:,? but (?:is |are )?not limited to)?,?\b:?|\blike\b|\bi\.? ?e\.?,"),
    ("or_both", r",? (?:or|and/or) both\b|\bor both\b"),
    ("or", r"\band ?/ ?or\b|\bor\b|/"),
    ("and", r"\band\b|\bas well as\b|&"),
    ("comma", r","),
    ("open", r"[(\[]"),
    ("close", r"[)\]]"),
    ("gy", r"(?:(?:to |of |with |at )?(?:a )?(?:total |cumulative )?(?:doses? )?(?:of )?)?(?P<gyop>>|≥|more than|greater than|exceeding|at least|over) ?(?P<grays>\d+(?:\.\d+)?) ?(?:gy|grays?)\b(?: ?\(gy\))?"),
    ("to", r"\bto(?! (?:treat|manage) (?:the|their|his|her|this|metastatic|advanced|breast)\b)(?: the)?\b"),
    ("why", r"(?:in|for) (?:either )?(?:the |an? )?(?:early(?:[- ]stage)?|locali[sz]ed|curative(?:[- ]intent)?|non-?metastatic)(?:[ ,/]+(?:disease )?(?:or|and/or|and) |[ ]?/[ ]?)(?:in )?(?:the )?(?:(?:locally |loco-?regionally )?(?:advanced|metastatic|recurrent|unresectable)(?:[ ,/]+(?:(?:or|and/or) )?)?)+(?: ?(?:disease )?settings?| ?disease)?(?=[ ,.;)]|\Z)|regardless of (?:(?:the|any|when|its|their|prior|number|of|time|timing|setting|duration|line|lines|type|intent|reason|outcome|therapy|treatment|last|dose|administration|wash-?out|period|response|received|given|it|was|were|disease)\b ?)+(?=[.,;)]|\Z)|irrespective of (?:(?:the|any|when|its|number|of|time|timing|setting|duration|line|lines|type|intent)\b ?)+(?=[.,;)]|\Z)|(?:approved|commercial(?:ly available)?|marketed|standard) (?:or|and|and/or|/) (?:investigational|investigative|experimental)\b|investigational (?:or|and|and/or|/) (?:commercial(?:ly available)?|approved|non-investigational|marketed|standard)(?: investigational)?\b|for any (?:(?:other|prior|previous|earlier|known|type of|kind of|(?:histologically |pathologically )?confirmed) )*(?:indication|reason|malignancy|malignancies|cancer|tumou?r|purpose)s?\b|(?:administered |given )?with (?:the )?(?:intention|intent) (?:to treat|of treating)(?: the| this)? (?:malignancy|cancer|disease|tumou?r)"),
    ("frame", r"(?:must|should|has to|have to|had to|needs? to) (?:have |has )?(?:also )?(?:includ(?:ed?|ing)|contain(?:ed)?|consist(?:ed)? of|involved?)(?: at least)?(?= (?:both |either |an? |the |[a-z\ue000-\uf8ff]))(?! (?:\d|one|two|three|a minimum))|in (?:a|an|another|any|any other) (?:clinical |investigational |experimental |other )*(?:trial|study)(?=,? (?:within|in the (?:last|past)|during the (?:last|past)|prior to|before|≤|<)| *(?:[.;)]|\Z))|known (?=poly|(?:strong|potent|moderate|weak) |[a-z0-9/-]{2,12} inhibitors?\b)|(?:remained|stayed) (?=on (?:the |this |that )?(?:treatment|therapy)\b)|(?<=surgery )(?:in the (?:judge?ment|opinion) of|as judged by) (?:the )?(?:(?:treating|principal|local|study|site) )?investigator|from (?:a |the |any )?(?:previous|prior) (?:(?:anti-?cancer|cancer) )?(?:(?:treatment )?regimens?|clinical (?:study|studies|trials?))(?: or (?:a )?(?:(?:previous|prior) )?(?:clinical )?(?:study|studies|trials?))?(?=,? )|participating(?: in)? (?:or|and/or)(?: (?:has|have))?(?= participated\b)|(?<=elapsed )between(?= (?:the )?(?:last|end|completion|prior|most recent))|(?:(?<=elapsed )|(?<=elapse )|(?<=passed )|(?<=pass ))between(?= [^.;:]{3,120}? " + _AND_THE_STUDY + r")|out(?= (?:from|of) (?:the |their |last |any |prior )*(?:chemo|radio|radia|surg|treatment|therapy|definitive|dose|end|completion))|to (?:treat|manage)(?= (?:the|their|his|her|this|metastatic|advanced|breast)\b)|anti-?(?:cancer|neoplastic|tumou?r)(?= (?:hormon|endocrine|chemo|immuno|biologic|radio|radiation|cytotoxic|targeted))|(?:based on|according to|as (?:defined|assessed|determined|documented|evidenced|confirmed) by|documented by|per|using)(?:[ ,/(]*(?:radiographic|radiologic(?:al)?|clinical|pathologic(?:al)?|imaging|investigator|objective|recist|ct|mri|version|v ?1[.][01]|1[.][01]|criteria|assessments?|evidence|evaluation|scans?|or|and|the|investigator's|modified)\b[)]?)+|(?:is |are |was |were |will be )?(?:also )?(?:allowed|permitted|acceptable)(?= (?:in|as|for) (?:either )?(?:the |an? )?(?:neo|adjuv|metast|advanc|locally))|different(?= (?:prior |previous |systemic )*(?:chemo\w*|lines?|regimens?|therap(?:y|ies)|treatments?)\b)|therapeutic(?= (?:lines?|regimens?)\b)|(?:that|which) (?:contain(?:s|ed)?|includes?)(?= )|\b(?:classified as|additional|such(?= (?:therap(?:y|ies)|treatments?|agents?|drugs?|medications?)\b)|(?:patient|participant|subject)'s(?= (?!disease))|non-?protocol|oral(?:ly)? ?(?:or|and/or|/|and) ?(?:parenteral(?:ly)?|intravenous(?:ly)?|iv|i\.v\.|intramuscular|subcutaneous)|conventional|experienced|developed|whose|proved|injectable|commercial(?:ly)?|marketed|involving|the|an?|of|in|for|with|on|as|at|by|to|from|any|all|other|another|either|both|that|which|who|have|has|having|been|be|being|is|are|was|were|must|should|will|patients?|participants?|subjects?|women|men|individuals|those|their|his|her|this|these|based|containing|derived|targeted|targeting|systemic|standard|approved|commercially available|completed|course|cycles?|last|most recent|final|part of|least|same|class|type|types?|kind|form|specific|directed|single|full(?![ -]doses?\b)|complete|intravenous|iv|oral(?! (?:cytotoxic |anti-?cancer |anti-?neoplastic )?(?:chemo|bisphosph|anti-?cancer|anti-?neo|antibio|antifung|steroid|cortico|gluco))|setting|documented|disease|documentation|evidence|radiographic|radiologic(?:al)?|objective|confirmed|recipients?|whose|it|time|also|payloads?|following|up|complet(?:ing|ion)|finishing|discontinu(?:ing|ation)|stopping|end|after|on or after)\b|[ .:'\"*-]+|\bany time\b"),
)  # fmt: skip
WORD = BySign(_WORDS)
SETTING = Sought(
    "|".join(guarded(rf"(?P<s{i}>(?<!\w)(?:{pattern})(?!\w))") for i, (_, pattern) in enumerate(_SETTINGS))
)


ONE_OF_THEM = re.compile(r"(?:of which |with |and )?(?:at least )?(?:one|1)\b|(?:which|that|and) (?:must|should|ha)")
"""What demands a treatment of those before it: "one of which must have included A", "which must include A"."""
NUMBER_OF = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|single)\b|(?:least|most|than|exceeding|exceed|to|of|maximum|minimum|exactly|only|over|[≥≤<>)]) ?a\b"
)
TELLING = tuple(
    Sought(dict(_WORDS)[kind])
    for kind in (
        "prior",
        "expose",
        "use",
        "plan",
        "current",
        "outcome",
        "ongoing",
        "needs",
        "earlier",
    )
)


def setting_at(text: str, at: int) -> Token | None:
    """Return the setting that begins at a place."""
    found = SETTING.expression.match(text, at)
    if found is None:
        return None
    for i, (settings, _) in enumerate(_SETTINGS):
        if found[f"s{i}"]:
            # "Advanced (locally recurrent or metastatic)" ends with its bracket.
            closed = found[0].count("(") > found[0].count(")") and text.startswith(")", found.end())
            return Token("setting", at, found.end() + closed, settings)
    return None


_NO_COUNT = re.compile(
    r"\b(?:cycle|day|part|arm|phase|stage|cohort|step|grade|group|level|week|version|type|class|cohorts|stages|parts)s? ?$|[\d.]$|\b(?:counts?|counted|considered|regarded)(?: as)?(?: an?)? ?$"
)
_HYPHENS = ("-", "\u2010", "\u2011")
"""In front of a number: it belongs to a name, as in "PD-1"."""
COUNTED = Sought(
    r"(?: (?:prior|previous|different|separate|distinct|additional|full|complete|consecutive|or more|or fewer|previously|such|systemic|standard|lines?|approved|types?|cytotoxic|palliative|single|oral|established|available|known|of|the|treatment|therapeutic|antineoplastic|[\w/()+-]+)){0,7}? (?:lines?|regim(?:en|ent)s?|courses?|therap(?:y|ies)|treatments?|chemotherap(?:y|ies))\b"
)
"""Nouns of what is counted."""


_NO_LINES = re.compile(
    r" (?:day|week|month|year|hour|cycle|dose|lesion|of the following|of (?:which|whom|these|those|them)\b|measurable)"
)


_SINGLE_AGENT = re.compile(r"[ -]agents?\b")
"""Behind "single": how it is given, and no number of lines."""


def counted_at(text: str, at: int) -> Token | None:
    """A number of lines: the noun need not follow at once, the caller looks for it."""
    found = COUNT.expression.match(text, at)
    if found is None or (found["n1"] == "a" and not (found["op1"] or found["joint"])):
        return None
    if text.startswith(_HYPHENS, max(0, at - 1)) or _NO_COUNT.search(text[max(0, at - 24) : at]):
        return None
    behind = text[found.end() : found.end() + 90]
    if not COUNTED.expression.match(behind):
        return None
    if _NO_LINES.match(behind) or (found["n1"] == "single" and _SINGLE_AGENT.match(behind)):
        return None
    return Token("count", at, found.end(), found)
