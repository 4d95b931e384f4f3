"""Limits of bilirubin that do not bind patients with Gilbert syndrome, and looser ones that do."""

from __future__ import annotations

import re

_DUE = r"(?: (?:for|in|if|made|due|to|the|of|is|are|patients?|participants?|subjects?|those|with|has|have|who|a|an|history|known|documented|isolated|elevations?|elevated|increased?|rise|raised|bilirubin|hyperbilirubin(?:a?emia)?|related|secondary|attributed|attributable|caused|by|suspected|case|cases|resulting|from))*"
_SIMILAR = (
    r"(?:,? or (?:a )?similar syndromes?(?: (?:due to|involving|with|resulting in) slow conjugation of bilirubin)?)?"
)
EXEMPT = re.compile(
    rf"[ ,]*[(\[]?(?:unless|except(?:ions?)?)\b{_DUE}"
    rf" (?:gilbert'?s?|gilbert-?meulengracht)(?: ?'s)? (?:syndrome|disease)(?!(?:[ ,]*(?:who|in whom|must|may|then|where|for whom|:|can|whose|when|with)\b)|[^.;)\]]{{0,40}}\d){_SIMILAR}[)\]]?"
    r"|[ ,]*[(\[](?:patients|participants|subjects|individuals|those) (?:with|who have) (?:(?:an?|known|documented|documents|history|diagnosis|of|confirmed) )*"
    r"gilbert'?s?(?: ?'s)? (?:syndrome|disease) (?:are|will be|may be|can be) (?:eligible|allowed|permitted|exempt(?:ed)?|acceptable|enrolled|included)[)\]]"
)
"""Patients with Gilbert syndrome, for whom no limit is said."""
MILD_ELEVATION = re.compile(
    rf"[ ,]*(?:unless|except if|except when) (?:the )?(?:patient|participant|subject)s? (?:has|have|had) (?:a )?(?:known )?(?:chronic )?grade (?:1|i) bilirubin elevation \((?:>|greater than|above|more than)[^()≤<]{{0,40}}?(?:≤|<|to)[^()]{{0,12}}?(?P<n>\d(?:\.\d)?) ?(?:x|times)[^()]{{0,50}}\){_DUE} gilbert'?s? (?:syndrome|disease){_SIMILAR}"
)
"""A looser limit for patients with Gilbert syndrome, told by its grade."""
