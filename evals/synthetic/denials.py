"""What a site says is not so: its words, where they stand, and what a careless reader would make of them."""

from __future__ import annotations

from evals.synthetic.author import Author
from evals.synthetic.company import Denial
from evals.synthetic.sayings import Wrong

_DEPARTMENTS = ("sales", "engineering", "marketing", "finance", "operations", "people", "support")


def deny(author: Author, denial: Denial, url: str, *, key: str = "") -> str:
    """Return the sentence that denies, noted in the ledger as said at `url`; `key` names another wording."""
    ledger, of = author.site.ledger, denial.of
    match denial.kind:
        case "tool":
            sentence = author.say(key or "denied.tool", tool=of)
            ledger.technology(of, "uses", url, sentence, denies=True)
            ledger.wrong.append(Wrong("technology", {"product": of, "relation": "uses"}, "denied"))
        case "formerly":
            sentence = author.say("denied.formerly", tool=of)
            ledger.technology(of, "uses", url, sentence, denies=True)
            ledger.wrong.append(Wrong("technology", {"product": of, "relation": "uses"}, "denied"))
        case "integration":
            sentence = author.say("denied.integration", tool=of)
            ledger.technology(of, "integrates_with", url, sentence, denies=True)
            ledger.wrong.append(Wrong("technology", {"product": of, "relation": "integrates_with"}, "denied"))
        case "certification":
            sentence = author.say("cert.no", cert=of)
            author.state("certification", of, url, sentence, denies=True)
            ledger.wrong.append(Wrong("certification", of, "denied"))
        case "planned":
            # Planned is neither held nor denied: nothing to find, and a certificate to be tempted by.
            sentence = author.say("cert.planned", cert=of)
            ledger.wrong.append(Wrong("certification", of, "denied"))
        case "api":
            sentence = author.say("denied.api")
            author.state("api_offered", True, url, sentence, denies=True)
            ledger.wrong.append(Wrong("api_offered", True, "denied"))
        case "hiring":
            sentence = author.say("denied.hiring")
            author.state("hiring", {"department": "other", "seniority": None, "title": None, "count": 0}, url, sentence, accept=({"department": "other"},), denies=True)  # fmt: skip
            ledger.wrong += [Wrong("hiring", {"department": name}, "denied") for name in _DEPARTMENTS]
        case "layoffs":
            # The label that layoffs are absent stands: nothing of the kind happened.
            sentence = author.say("denied.layoffs")
    return sentence
