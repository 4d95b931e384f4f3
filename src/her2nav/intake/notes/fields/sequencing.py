"""The words by which notes name sequencing; every module that looks for a sequencing test takes them from here."""

from __future__ import annotations

SEQUENCING = (
    r"(?:ngs|hybrid[- ]capture|w[eg]s(?=[:,; ]|$)|next[- ]gen\w*(?: sequencing)?|sequencing|(?<!ihc )(?<!immuno )(?<!antibody )(?<!mmr )(?<!her2 )(?<!her-2 )(?<!marker )(?<!receptor )(?<!hormone )(?<!stain )panel|f1 ?cdx|foundation ?one|foundation medicine|foundation(?=[:(]|\s(?:report|testing|panel|ngs|cdx)\b)|guardant\d*|g360|tempus|oncomine"
    r"|(?:cna|rna|dna|wes|wts)[- ]?seq|seq(?=[\t |]+(?:dna|rna))|whole[- ]exome\w*|tumou?r profil\w+|msk-impact|caris|tso[- ]?500|trusight|ct-?dna|cf-?dna|circulating tumou?r dna|cell[- ]free dna|liquid biopsy|molecular profil\w+|genomic profil\w+|(?:big|large|broad|full|whole) gene (?:test|analysis)|genetic (?:test(?:ing)?|analysis) (?:of|on) (?:the|her|his|my) (?:tumou?r|cancer|biopsy)|tumou?r (?:gene|dna) test(?:ing)?)"
)
