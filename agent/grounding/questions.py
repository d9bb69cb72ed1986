"""Tell what a question states: nothing by itself, what it asks once it is answered with yes, the reverse with no.

"Was Acme founded in 1990?" is a perfect quote for a wrong year. Questions that only invite ("Ready to join our
300 people?") take what they mention for granted and are no such questions. Closed lists in seven languages.
"""

from __future__ import annotations

import re
from typing import Literal

from agent.grounding.sentences import Span

Answer = Literal["", "open", "yes", "no"]
"""'' where nothing is asked; else how the question is answered in the same passage, `open` if it is not."""

_I = re.IGNORECASE
_ASKS = re.compile(
    r"(?:\s*(?:Q|F|P|V|question|frage|pregunta|vraag)?\s?[0-9]{0,3}\s?[:.)])?[¿\s\"'“„«–—-]*(?:(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|how|what|when|where|which|who|why|since\s+when"
    r"|ist|sind|seid|war|waren|wurde|hat|habt|haben|gibt|kann|können|lässt|wer|wie|was|wann|wo|warum|welche[rsn]?|seit\s+wann|wird|arbeiten"
    r"|est-ce|avez|êtes|est|sont|a-t|existe|peut|quand|combien|où|qui|que|quels?|quelles?|depuis\s+quand|y\s+a-t"
    r"|es|son|está|están|tiene[ns]?|hay|puedo|puede|cuánd?t?[oa]s?|cuándo|dónde|quién|qué|cómo|desde\s+cuándo|ofrece[ns]?"
    r"|é|são|têm|tem|há|posso|quant[oia]s?|quando|onde|dove|chi|come|è|siete|avete|ha|c'è|offrite|posso|da\s+quando"
    r"|hoeveel|zijn|heeft|hebben|hebt|kan|hoe|wanneer|waar|wie|wat|sinds\s+wanneer|biedt|bieden|werkt|werken)\b"
    r"|[^?\n]*\b\w+-(?:t-)?(?:vous|il|elle|on|nous|ils|elles|je)\b)",
    _I,
)
_YES = re.compile(
    r"[\s\"'“–—-]*(?:yes|yep|absolutely|of\s+course|certainly|correct|indeed|sure(?:ly)?|definitely|ja|jawohl|natürlich|selbstverständlich"
    r"|oui|bien\s+sûr|absolument|tout\s+à\s+fait|sí|claro|por\s+supuesto|sì|certo|certamente|sim|com\s+certeza|jazeker|zeker|natuurlijk)\b(?!\s+(?:and|und|et|y|en|e)\s+(?:no|nein|non|nee|não)\b)",
    _I,
)
_NO = re.compile(
    r"[\s\"'“–—-]*(?:no|nope|not|never|unfortunately|nein|noch\s+nicht|nicht|leider|derzeit\s+nicht|momentan\s+nicht|non|pas|malheureusement"
    r"|todavía\s+no|aún\s+no|de\s+momento\s+no|por\s+ahora\s+no|purtroppo|não|ainda\s+não|infelizmente|nee|nog\s+niet|niet|helaas)\b"
    r"(?!\s+(?:problem|doubt|only|wonder|worries|comment)\b)",
    _I,
)
_ANSWER_LABEL = re.compile(r"(?:A|R|answer|antwort|réponse|respuesta|antwoord)\s?[:.]\s+", _I)
_SPOKEN_TO = re.compile(
    r"\b(?:you(?:rs?)?|ihr\w{0,2}|sie|euch|euer|eure\w?|vous|votre|vos|su|vuestr[oa]s?|jullie|uw|vostr[oaie]|voi)\b",
    _I,
)
_SENTENCE_END = re.compile(r"[?\n]|[.!](?=\s|$)")


def answer_to(context: str, place: Span) -> Answer:
    """Return whether what stands at `place` of `context` is only asked, and how the question is answered there."""
    ending = _SENTENCE_END.search(context, place.end)
    if ending is None or ending.group() != "?":
        return ""
    start = max((found.end() for found in _SENTENCE_END.finditer(context, 0, place.start)), default=0)
    answer = opening_of(context[ending.end() :])
    return answer if answer != "open" or _ASKS.match(context, start) else ""


def as_told_by_us(context: str, place: Span) -> str:
    """Return `context`, equally long, with an answered question's "you" turned into "we": it asks the account."""
    if answer_to(context, place) not in ("yes", "no"):
        return context
    end = _SENTENCE_END.search(context, place.end)
    asked = context[: end.start() if end else 0]
    return _SPOKEN_TO.sub(lambda found: "we".ljust(len(found.group())), asked) + context[len(asked) :]


def opening_of(answer: str) -> Answer:
    """Return whether an answer begins with a yes or a no in one of seven languages, else `open`."""
    answer = without_label(answer)
    if _NO.match(answer):
        return "no"
    return "yes" if _YES.match(answer) else "open"


def without_label(answer: str) -> str:
    """Return an answer without the "A:" in front of it."""
    answer = answer.strip(" \t\n+–—-")
    label = _ANSWER_LABEL.match(answer)
    return answer[label.end() :] if label else answer


def is_question(sentence: str) -> bool:
    """Say whether a sentence asks, rather than invites."""
    return sentence.rstrip().endswith("?") and _ASKS.match(sentence) is not None
