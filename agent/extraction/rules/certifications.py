"""Security and quality certifications the account itself holds.

A vendor that "helps you become SOC 2 compliant" holds nothing by saying so: the account must be certified,
attested or audited, or list the badge on its security page. GDPR and CCPA are laws nobody certifies: every
company in their reach has to keep them, so that saying so tells no two accounts apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.canonical.literals import may_match
from agent.canonical.terms import canonical_term
from agent.extraction.rules.reading import Reading
from agent.grounding.sentences import Span
from agent.models import Claim

_I = re.IGNORECASE
CERTIFICATIONS = re.compile(
    r"\b(?P<name>SOC[ ]?[123](?:[ ]?[-–(]?[ ]?Type[ ](?:II|I|1|2)\)?)?|ISO(?:/IEC)?[ -]?(?:27001|27017|27018|27701|42001|22301|20000|9001|14001|13485|45001|50001|55001|26262)"
    r"|HIPAA|PCI[ -]?DSS|FedRAMP|StateRAMP|TX-RAMP|HITRUST(?:[ ]CSF)?|TISAX|CSA[ ]STAR|Cyber[ ]Essentials(?:[ ]Plus)?|BSI[ ]C5|IRAP|IATF[ ]16949|AS[ ]?9100D?"
    r"|B[ ]Corp(?:oration)?)(?![\w])",
)
_HELD = re.compile(
    r"\b(?:(?:operates?|works?|develops?)[ ]in[ ](?:full[ ])?(?:compliance|accordance|conformity)[ ]with|certified|certification|certifications|compliant|attest(?:ed|ation)|accredit(?:ed|ation)|audited|authori[sz]ed|(?:audit|compliance)[ ]report|holds?|hold|maintains?|achieved"
    r"|obtained|earned|received|awarded|complet(?:ed|es)|undergo(?:es)?|zertifiziert\w*|zertifizierung|certifiée?s?|certificad[ao]s?|certificat[ao]|gecertificeerd|conformes?|certificación|certificazione|certificação|certificering)\b"
    # "Our ISO 9001 certificate was renewed", "The SOC 2 report is available on request"
    r"|\b(?:our|the|unser\w*|das|notre|le|nuestro|el|ons|onze|het|il[ ]nostro|nosso)\b[^.]{0,40}(?:certificates?|reports?|zertifikat\w*|bericht\w*|certificats?|rapports?|certificado|informe|certificaat|rapport|certificato|certificado)\b[^.]{0,60}?\b(?:renewed|available|on[ ]request|valid|issued|senden|schicken|anfrage|erneuert|gültig|verfügbar"
    r"|renouvelé|disponible|demande|renovado|solicitud|petición|vernieuwd|beschikbaar|aanvraag|geldig|rinnovato|richiesta|disponibile|disponível|pedido)\b",
    _I,
)
_SELLS_COMPLIANCE = re.compile(
    r"\b(?:your|you|you're|customers?|clients?|companies|organi[sz]ations|businesses|teams)\b|\b(?:help|helps|helping|get|getting|become|becoming|automat\w+|prepar\w+|readiness|checklist|template"
    r"|guide|requirements|framework[s]?|what[ ]is|how[ ]to|learn|webinar|consult\w+|audits?[ ]for|services?[ ]for|working[ ]towards?|in[ ]progress|planned|plans?|will|pursuing|expected|soon|roadmap|not[ ]yet"
    r"|suppliers?|vendors?|data[ ]cent(?:er|re)s?|hosting[ ]providers?|subprocessors?|AWS|Amazon|Google[ ]Cloud|Azure|Stripe|third[- ]party[ ]providers?|partners?)\b",
    _I,
)
_NEEDS_ASSERTION = frozenset(("HIPAA",))
_BADGE = re.compile(
    r"^[\s•·✓✔*-]{0,4}(?:AICPA[ ])?(?:we[ ]are[ ])?"
    + CERTIFICATIONS.pattern
    + r"(?:[:][0-9]{4})?(?P<held>[ ](?:certified|compliant|attested|audited|accredited|authorized|zertifiziert)|[ ](?:certification|attestation|report|compliance))?[\s.]*$",
    _I,
)
_EXPLAINS = re.compile(r"^[^.]{0,40}\b(?:is|are|was)[ ](?:an?|the)[ ](?!.*\b(?:our|we)\b)", _I)
"""What follows the name of a standard that is explained rather than held: "… is a rigorous assessment of"."""
_SAYS_HELD = ("certified", "attested", "audited", "accredited", "authorized", "zertifiziert")
_PLAIN_ASSERTION = re.compile(
    r"\b(?:is|are|we['’]re|being|been|fully|as|ist|sind|est|sommes|es|somos|è|siamo)[ ](?:[\w-]+[ ]){0,3}?$|(?:hold|holds|maintain|maintains|achieved|obtained|earned|received|completed|have|has)[ ](?:[\w-]+[ ]){0,4}?$",
    _I,
)


def read_certifications(reading: Reading) -> Iterator[Claim]:
    """Yield held certifications; a sentence that denies one is left to grounding to turn."""
    document = reading.document
    if document.kind != "website" and not (document.kind == "news" and document.tier == "first-party-text"):
        return
    if document.purpose in ("structured_data", "markup", "feed", "blog", "customers"):
        return
    seen: set[str] = set()
    if document.purpose in ("security", "home", "product", "faq", "other"):
        yield from _badges(reading, seen)
    for sentence in reading.sentences if may_match(CERTIFICATIONS, reading.lowered) else ():
        text = reading.slice(sentence)
        if not CERTIFICATIONS.search(text) or not _is_held(reading, sentence, text):
            continue
        for match in CERTIFICATIONS.finditer(text):
            name = canonical_term("certification", clean_certification(match["name"]))
            if name is None or name in seen or not _is_asserted(name, text, match):
                continue
            seen.add(name)
            quote = reading.quote_around(sentence.start + match.start(), sentence.start + match.end())
            yield from reading.claim("certification@2", "certification", name, quote)


def _is_held(reading: Reading, sentence: Span, text: str) -> bool:
    explained = CERTIFICATIONS.search(text)
    if explained and _EXPLAINS.match(text[explained.end() :]) and not reading.identity.is_mentioned(text):
        return False
    if not _HELD.search(text) or _SELLS_COMPLIANCE.search(text) or text.rstrip().endswith("?"):
        return False
    return reading.is_own_voice(sentence) or (
        reading.document.purpose == "security" and not reading.is_quotation(sentence)
    )


def _is_asserted(name: str, text: str, match: re.Match[str]) -> bool:
    """Ask of a law (HIPAA) that the sentence says the account complies, not just that they exist."""
    if name not in _NEEDS_ASSERTION:
        return True
    after = text[match.end() : match.end() + 20]
    return (
        re.match(r"[- ](?:compliant|certified|konform|conforme)", after, _I) is not None
        and _PLAIN_ASSERTION.search(text[: match.start()]) is not None
    )


def _badges(reading: Reading, seen: set[str]) -> Iterator[Claim]:
    for line in reading.lines if may_match(_BADGE, reading.lowered) else ():
        text = reading.slice(line)
        match = _BADGE.match(text) if len(text) <= 70 else None
        name = canonical_term("certification", clean_certification(match["name"])) if match else None
        if match is None or name is None or name in seen or name in _NEEDS_ASSERTION:
            continue
        if reading.document.purpose != "security" and not (match["held"] or "").casefold().endswith(
            _SAYS_HELD
        ):
            continue
        seen.add(name)
        yield from reading.claim("certification_badge@1", "certification", name, line)


def clean_certification(name: str) -> str:
    """Return the name of a certification as the vocabulary spells it."""
    spaced = re.sub(r"^(SOC)[ ]?([123])", r"\1 \2", name)
    spaced = re.sub(r"[ ]?[-–(][ ]?(Type)", r" \1", spaced).rstrip(")")
    spaced = re.sub(r"^ISO(?:/IEC)?[ -]?", "ISO ", spaced)
    return re.sub(r"^PCI[ -]?DSS$", "PCI DSS", re.sub(r"^AS[ ]?9100D?$", "AS9100", spaced))
