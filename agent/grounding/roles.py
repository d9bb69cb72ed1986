"""Check which part was played: who came and who went, who bought and who was bought.

A title or a company's name standing in the quote does not say which. The words around it do, and a part that
they do not give is not believed.
"""

from __future__ import annotations

import re

from agent.grounding.identity import Identity
from agent.grounding.sentences import Span

_I = re.IGNORECASE
_CAME = re.compile(
    r"\b(?:appoint\w*|nam(?:es|ed|ing)|join(?:s|ed|ing)?|hir(?:es?|ed|ing)|recruit(?:s|ed|ing)?|welcom(?:es?|ed|ing)|tap(?:s|ped)|new(?:ly)?|brings?\s+(?:on|in)|brought\s+(?:on|in)"
    r"|becom(?:es?|ing)|became|takes?\s+(?:over|on|up)|took\s+over|succe(?:eds?|eded|ssor)|elect(?:s|ed)|add(?:s|ed)|select(?:s|ed)|pick(?:s|ed)|step(?:s|ped|ping)?\s+up|start(?:s|ed)\s+as|promot\w+|elevat\w+|returns?\s+as|interim|incoming|has\s+an?|gets"
    r"|neue[rnsm]?|ernenn\w*|ernannt|beruf\w*|bestell\w*|eingestellt|holt|begrüß\w*|übernimmt|wird|folgt|verstärk\w*|erweitert|bekommt|erhält|befördert|leitet|führt|ergänzt"
    r"|nomm\w+|nomination|nouve(?:au|l|lle)|rejoint|recrut\w+|accueill\w+|prend|promu\w*|devient|succède|nombra\w*|nuev[oa]|incorpora\w*|ficha|se\s+une|asume|ascend\w+|contrata\w*"
    r"|benoem\w*|nieuwe|aangesteld|aangetrokken|verwelkom\w*|wordt|krijgt|stelt|bevorderd|nomina\w*|nuov[oa]|nomea\w*|nov[oa]|assume|entra|tient|tiene|recibe)\b",
    _I,
)
_WENT = re.compile(
    r"\b(?:lea(?:ve|ves|ving)|left|depart(?:s|ed|ing|ure)?|step(?:s|ped|ping)?\s+(?:down|aside|away|back)|resign\w*|retir(?:es?|ed|ing|ement)|quit(?:s|ting)?|exit(?:s|ed|ing)?|outgoing|oust\w*|fired|dismiss\w*|sacked|goes|replac(?:es?|ed|ing)|hands?\s+over|former|moves?\s+on|moved\s+on"
    r"|verlässt|verlassen|scheid\w*|ausgeschieden|tritt\s+(?:\w+\s+){0,6}?(?:zurück|ab)|zurückgetreten|rücktritt|geht|abberufen|weggang"
    r"|quitt\w+|démission\w*|départ|part|deja|dejó|abandona\w*|dimit\w+|renunci\w*|salida|se\s+marcha|jubil\w+"
    r"|vertrekt|vertrokken|vertrek|stapt\s+op|opgestapt|treedt\s+af|afgetreten|neemt\s+afscheid|lascia\w*|dimission\w*|si\s+dimette|saída|sai\b|demit\w+)\b",
    _I,
)
_ROSE = re.compile(
    r"\b(?:promot\w+|elevat\w+|step(?:s|ped|ping)?\s+up|rises?|rose|befördert|aufgestiegen|promu\w*|ascend\w+|asciende|bevorderd|promoss[oa]|promovid[oa])\b",
    _I,
)
_BUYS = re.compile(
    r"\b(?:acquir(?:e|es|ed|ing)|acquisition|buy(?:s|ing)?|bought|purchas(?:e|es|ed|ing)|takes?\s+over|took\s+over|taken\s+over|takeover|snap(?:s|ped)\s+up"
    r"|übern(?:immt|ommen|ahme|ehmen)|kauft|gekauft|kauf|erwirbt|erworben|akquiriert|rach[eè]t\w*|rachat|acquiert|acquis|reprend|repris\w*"
    r"|adquier\w+|adquir\w+|adquisici\w+|compr(?:a|ó|ada|ado)|overname|overgenomen|neemt|koopt|gekocht|verworven|acquist\w+|acquisi\w+|rilev\w+|aquisi\w+)\b",
    _I,
)
_BY_WORD = r"(?:by|durch|von|vom|par|por|pela|pelo|da|dal|dalla|door)"
_BY_OTHER = re.compile(rf"\b{_BY_WORD}\s+(?:[a-zà-ÿ'’-]+\s+){{0,6}}$", _I)
_BY = re.compile(rf"\b{_BY_WORD}\s+(?P<who>[^.;]{{1,60}})", _I)
_JOINS = re.compile(
    r"\b(?:join(?:s|ed|ing)?|becom(?:es?|ing)\s+(?:an?\s+)?part\s+of|became\s+(?:a\s+)?part\s+of|(?:is|are)\s+now\s+(?:a\s+)?part\s+of)\s+",
    _I,
)
_US = re.compile(r"\b(?:we|us|our|ours|wir|uns|nous|nosotros|wij|ons|noi|nós|the\s+company)\b", _I)
_A_NAME = re.compile(r"(?<=[\w,] )[A-ZÀ-Þ]\w+")


def tells_change(change: str, context: str, place: Span) -> bool:
    """Say whether a sentence gives the change claimed (`appointed`, `promoted`, `departed`) to the title at `place`.

    Where somebody comes and somebody goes in one sentence, the nearer word decides for the title.
    """
    if change == "promoted":
        return _ROSE.search(context) is not None
    came, went = _distance(_CAME, context, place), _distance(_WENT, context, place)
    wanted, other = (went, came) if change == "departed" else (came, went)
    return wanted is not None and (other is None or wanted <= other)


def _distance(pattern: re.Pattern[str], context: str, place: Span) -> int | None:
    """Return how many characters lie between a title and the nearest word of the kind; `None` without one."""
    gaps = [
        max(place.start - found.end(), found.start() - place.end, 0) for found in pattern.finditer(context)
    ]
    return min(gaps, default=None)


def role_in_purchase(context: str, other: Span, identity: Identity) -> str | None:
    """Return the account's role, `acquirer` or `acquired`, in a sentence that names the `other` company.

    `None` when the sentence does not say who buys whom.
    """
    before, after = context[: other.start], context[other.end :]
    bought_before, bought_after = _BUYS.search(before), _BUYS.search(after)
    if bought_before is None and bought_after is None:
        return _role_in_joining(before, after, identity)
    if _BY_OTHER.search(before):
        return "acquired"
    if any(_is_account(found["who"], identity) for found in _BY.finditer(after)):
        return "acquirer"
    if bought_before is not None:
        buyer = before[: bought_before.start()]
        return "acquirer" if _is_account(buyer, identity) or not _A_NAME.search(buyer) else None
    return _role_before_the_verb(before, after, bought_after, identity) if bought_after is not None else None


def _role_before_the_verb(before: str, after: str, bought: re.Match[str], identity: Identity) -> str | None:
    """Return the account's role where the other company stands before the verb, which German puts last."""
    if _is_account(after[: bought.start()], identity):
        return "acquired"  # "Northmark hat Acme übernommen"
    if _is_account(before, identity):
        return "acquirer"  # "Acme hat Northmark übernommen"
    return "acquired" if _is_account(after[bought.end() :], identity) else None


def _role_in_joining(before: str, after: str, identity: Identity) -> str | None:
    joins = _JOINS.match(after.lstrip())
    if joins is not None and _is_account(after.lstrip()[joins.end() :], identity):
        return "acquirer"
    joined = _JOINS.search(before)
    return "acquired" if joined is not None and _is_account(before[: joined.start()], identity) else None


def _is_account(words: str, identity: Identity) -> bool:
    return identity.is_mentioned(words) or _US.search(words) is not None
