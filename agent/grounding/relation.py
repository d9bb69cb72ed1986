"""Read from a sentence how its speaker relates to a product: uses it, integrates with it, leaves it."""

from __future__ import annotations

import re

from agent.grounding.sentences import Span

_I = re.IGNORECASE
_USES = re.compile(
    r"\b(?:us(?:e|es|ed|ing)|stack|built\s+(?:on|with|in)|build(?:s|ing)?\s+(?:on|with)|powered\s+by|runs?\s+on|running\s+on|rel(?:y|ies)\s+on"
    r"|leverag(?:e|es|ed|ing)|hosted\s+(?:on|in|by|with)|host(?:s|ing)?|deploy(?:s|ed)?\s+(?:on|to|with)|stored?\s+(?:in|on|with)|written\s+in|based\s+on"
    r"|our\s+(?:crm|erp|tools|infrastructure|data\s+warehouse)|technolog(?:y|ies)|tools?|sub-?processors?|chose|selected|adopted|switched\s+to|moved\s+to"
    r"|migrated\s+to|work(?:s|ing)?\s+with|provided\s+by|via|nutz\w+|verwend\w+|setz\w*|einsetz\w*|basier\w*|eingesetzt|utilis\w+|utiliz\w+|usa(?:mos|ndo|n)?"
    r"|emplea\w*|construid\w+|basad\w+|gebruik\w*|draai(?:t|en)|gebouwd|cookies?|betrieben|gehostet|gehost|arbeite[tn]|im\s+einsatz|s'appuie(?:nt)?|travaill\w+|tourne(?:nt|ons)?|héberg\w+"
    r"|trabaj\w+|alojad\w+|apoya\w*|werk(?:t|en)|trabalh\w+|hospedad\w+|lavor\w+|ospitat\w+|live[sd]?\s+in|works?\s+in)\b",
    _I,
)
_INTEGRATES = re.compile(
    r"\b(?:integrat\w*|connect(?:s|ed|or|ors|ion|ions|ing)?|plug-?ins?|add-?ons?|extensions?|sync(?:s|ed|ing|hroni[sz]\w*)?|works?\s+(?:seamlessly\s+)?with"
    r"|compatible\s+with|import(?:s|ed|ing)?\s+(?:from|your)|export(?:s|ed|ing)?\s+to|interfac\w*|anbind\w*|schnittstelle\w*|verbind\w*|connect[ée]\w*|conect\w+"
    r"|integr\w+|koppel\w*|available\s+(?:on|in)\s+the)\b",
    _I,
)
_WORK_WITH = re.compile(r"\bwork(?:s|ing)?\s+(?:[\w-]+\s+){0,2}?with\b", _I)
_LEAVES = re.compile(
    r"\b(?:migrat(?:e|ed|es|ing|ion)\s+(?:\w+\s+){0,3}?(?:from|off|away)|mov(?:e|ed|es|ing)\s+(?:\w+\s+){0,3}?(?:from|off|away)|switch(?:ed|es|ing)?\s+(?:\w+\s+){0,2}?from"
    r"|replac(?:e|ed|es|ing|ement)|formerly\s+us\w+|used\s+to\s+use|phas(?:e|ed|ing)\s+out|retir(?:e|ed|ing)|sunset\w*|decommission\w*|legacy"
    r"|ablös\w*|(?:wechsel\w*|umst\w+|steigen|stellen|migrier\w+|ziehen)\s+(?:[\w-]+\s+){0,3}?von|(?:stappen|migreren|gaan)\s+(?:[\w-]+\s+){0,3}?van|(?:passons|migrons|quittons|basculons)\s+(?:[\w-]+\s+){0,3}?(?:de|depuis)|(?:migrando|pasando|cambiando|migramos|pasamos|mudando)\s+(?:[\w-]+\s+){0,2}?(?:de|desde|do)|(?:passando|migrando)\s+(?:[\w-]+\s+)?da|remplac\w+|reemplaz\w+|sostitu\w+|substitu\w+|vervang\w*)\b",
    _I,
)
_POWERED = re.compile(r"\bpowered\s+by\s+$", _I)
_RIVALS = re.compile(
    r"\b(?:alternatives?\s+to|vs\.?|versus|compared\s+(?:to|with)|better\s+than|competitors?|unlike|instead\s+of|alternative\s+zu|alternative\s+à)\b",
    _I,
)

_OF_ITS_MAKER = re.compile(
    r".{0,3}?'s?\s+(?:[\w-]+\s+){0,2}?(?:best\s+practices?|practices|methodolog\w+|approach|principles|standards|guidelines|guidance|expertise|experts"
    r"|partners?|partnership|network|vision|strategy|roadmap|team|people|customers|ecosystem|certification|philosophy|know-?how)\b",
    _I,
)
"""What a vendor teaches or whom it knows: "we follow SAP's best practices" is no use of its products."""

_INVITES = re.compile(r"(?:migrate|move|switch)\s", _I)
_SOMEBODY = re.compile(r"\b(?:we|our|us|they|it|company|team|will|to|must|plan|going)\b", _I)


def relation_of(context: str, place: Span, claimed: str, *, is_posting: bool) -> str | None:
    """Return how the sentence relates its speaker to the product at `place`, or `None` when it does not say.

    Leaving and integrating are read from the words; `uses` on a website needs a word of use.
    """
    plain = context.replace("’", "'")
    before = plain[max(0, place.start - 120) : place.start]
    after = plain[place.end : place.end + 60]
    if _RIVALS.search(before[-40:]) or _OF_ITS_MAKER.match(
        plain[max(place.start, place.end - 2) : place.end + 60]
    ):
        return None
    leaving = _LEAVES.search(before)
    if (
        leaving
        and not is_posting
        and _INVITES.match(leaving.group())
        and not _SOMEBODY.search(before[: leaving.start()])
    ):
        return None  # "Switch from ChatGPT to us": the reader is to leave it
    if leaving:
        arrives = re.search(
            r"\b(?:to|with|by|durch|auf|zu|nach|par|por|con|met|op|naar|vers|à|hacia|a|para)\s+(?:\w+\s+)?$",
            before[leaving.end() :],
        )
        return "uses" if arrives else "migrating_from"
    if claimed == "migrating_from":
        return (
            "migrating_from"
            if re.search(r"\b(?:from|off|formerly|previously|legacy)\b", before + after, _I)
            else None
        )
    if claimed in ("integrates_with", "evaluates", "sells"):
        return claimed
    if _POWERED.search(before):
        return "uses"
    near = before[-80:] + after
    if is_posting:  # "you will work with Slack" is a tool of the job
        near = _WORK_WITH.sub(" ", near)
    if _INTEGRATES.search(near) and not re.search(
        r"\b(?:we|our\s+team|our\s+stack)\b[^.]{0,30}\bus(?:e|ing)\b", before, _I
    ):
        return None if is_posting else "integrates_with"
    return "uses" if is_posting or _USES.search(plain) else None
