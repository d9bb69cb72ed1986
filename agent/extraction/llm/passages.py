"""Choose the passages that can still decide something, and pack them into prompts of bounded size.

Sentences are ranked by the words that go with the undecided attributes and by the page they stand on,
with their neighbours for context. Everything is deterministic, so that recordings replay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.grounding import Span, split_sentences
from agent.llm.budget import estimate_tokens
from agent.models import SourceDocument

_I = re.IGNORECASE
_SHORT = 25
_MOST_SENTENCES_A_DOCUMENT = 3_000
_CUES: dict[str, str] = {
    "employee_count": r"employ|people|staff|team\s+of|headcount|workforce|mitarbeit|beschäftig|salari|collaborat|emplead|dipendent|medewerker|funcion|従業員|社員",
    "founded_year": r"found|establish|since|began|start|history|gegründet|seit|fond|cré[ée]|depuis|fundad|desde|opgericht|sinds|(?:19|20)\d\d",
    "headquarters": r"headquarter|based\s+in|head\s+office|\bhq\b|address|located|hauptsitz|sitz|siège|sede|gevestigd|本社",
    "operating_region": r"countr|region|worldwide|global|europe|asia|america|offices?\s+in|länder|pays|país|paesi|landen",
    "industry": r"industr|platform|provider|manufactur|software|services?|solutions?|we\s+(?:are|make|build|help)|anbieter|branche|secteur|sector|settore",
    "revenue": r"revenue|turnover|sales\s+of|\barr\b|umsatz|chiffre|ingresos|fatturato|omzet|[$€£]\s?\d",
    "growth_rate": r"grew|grow|%|doubled|tripled|wachs|crois|crec",
    "total_funding": r"rais|fund|invest|backed|[$€£]\s?\d",
    "funding_round": r"series\s+[a-k]\b|seed|round|rais|fund|invest|[$€£]\s?\d",
    "funding_stage": r"series\s+[a-k]\b|seed|ipo|bootstrap|listed|nasdaq|nyse",
    "ownership": r"owned|privately|publicly|listed|subsidiary|family|backed|nasdaq|nyse",
    "parent": r"subsidiary|part\s+of|parent|group|acquired\s+by|gehört|filiale",
    "subsidiary": r"subsidiar|brands?|acquired|group",
    "business_model": r"b2b|b2c|saas|marketplace|subscription|businesses|consumers",
    "technology": r"\buse|stack|built\s+(?:on|with)|powered|integrat|connect|migrat|experience\s+with|tools|nutz|utilis|utiliz",
    "api_offered": r"\bapi|sdk|webhook|developer",
    "certification": r"soc\s?[12]|iso[\s/-]|hipaa|pci|gdpr|certif|complian|fedramp|zertifi",
    "go_to_market": r"demo|sales|self-serve|sign\s+up|free|partner|reseller",
    "pricing_model": r"pric|per\s+(?:user|seat|month)|free|trial|plan|quote|pay\s+as",
    "customer_segment": r"customers|enterprise|small\s+business|startups|teams|for\s+(?:companies|businesses)|kunden|clients",
    "partner_program": r"partner|reseller|affiliate|referral",
    "hiring": r"hir|open\s+(?:role|position)|join\s+(?:us|our)|career|vacanc|stellen|recrut|vacant",
    "leadership_change": r"appoint|joins?\b|joined|named|ceo|cto|cfo|coo|chief|steps?\s+down|president|vorstand",
    "product_launch": r"launch|introduc|announc|new|release|available|beta",
    "expansion": r"open|expan|new\s+(?:office|market)|enter|launch",
    "acquisition": r"acqui|merge|bought|takeover|übern|rachat",
    "layoffs": r"lay(?:ing)?\s?-?off|laid\s+off|job\s+cuts|redundan|restructur|stellenabbau",
    "partnership": r"partner|alliance|collaborat|teams?\s+up|together\s+with",
    "event_attendance": r"conference|summit|booth|expo|fair|messe|salon|event",
    "vendor_evaluation": r"evaluat|looking\s+for|select|rfp|tender|compar",
    "pain_point": r"problem|challeng|struggl|pain|difficult|manual|delay|cost|risk|issue",
    "goal": r"goal|aim|mission|vision|plan|target|strateg|want\s+to|ambition",
    "buying_trigger": r"new|replac|migrat|grow|expan|deadline|regulat|complian",
    "buying_role": r"ceo|cto|cfo|coo|cmo|cio|ciso|chief|head\s+of|director|vp\b|vice\s+president|founder",
    "budget_signal": r"budget|invest|spend|fund",
    "team_structure": r"team|department|squad|report",
    "sales_methodology": r"meddic|meddpicc|challenger|spin|bant|sandler|account-based|outbound|inbound",
}
_PAGES: dict[str, frozenset[str]] = {
    "about": frozenset(
        [
            "employee_count",
            "founded_year",
            "headquarters",
            "industry",
            "ownership",
            "operating_region",
            "total_funding",
            "parent",
        ]
    ),
    "contact": frozenset({"headquarters", "operating_region"}),
    "legal": frozenset({"headquarters", "parent", "ownership"}),
    "careers": frozenset({"hiring", "employee_count", "technology", "team_structure"}),
    "security": frozenset({"certification", "technology"}),
    "pricing": frozenset({"pricing_model", "go_to_market", "customer_segment"}),
    "press": frozenset(
        [
            "funding_round",
            "leadership_change",
            "product_launch",
            "expansion",
            "acquisition",
            "partnership",
            "layoffs",
            "revenue",
            "growth_rate",
        ]
    ),
    "product": frozenset({"industry", "business_model", "api_offered", "customer_segment"}),
    "home": frozenset({"industry", "business_model", "customer_segment"}),
    "partners": frozenset({"partner_program", "partnership"}),
}
_STOP = frozenset(
    [
        "does",
        "this",
        "that",
        "they",
        "have",
        "with",
        "from",
        "about",
        "what",
        "which",
        "their",
        "there",
        "company",
        "problem",
        "please",
        "when",
        "where",
    ]
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of neighbouring sentences of one document."""

    document: SourceDocument
    sentences: tuple[Span, ...]
    score: float
    tokens: int


def rank_passages(
    documents: Sequence[SourceDocument],
    undecided: Sequence[str],
    questions: Sequence[str],
    *,
    most_tokens: int,
) -> list[Passage]:
    """Return the best passages first, together at most `most_tokens` by estimate.

    Footers, markup marks, DNS answers and registry entries are left to the rules. Equal texts on several
    pages (a slogan, a menu) are taken once.
    """
    patterns = {name: re.compile(_CUES[name], _I) for name in undecided if name in _CUES}
    patterns |= {
        f"question {n}": pattern for n, text in enumerate(questions) if (pattern := _question_pattern(text))
    }
    found: list[Passage] = []
    seen: set[str] = set()
    for document in documents:
        if document.kind in ("dns", "registry") or document.purpose in ("markup", "structured_data"):
            continue
        found.extend(_passages_of(document, patterns, frozenset(undecided), seen))
    found.sort(key=lambda each: (-each.score, each.document.url, each.sentences[0].start))
    chosen: list[Passage] = []
    left = most_tokens
    for passage in found:
        if passage.tokens <= left:
            chosen.append(passage)
            left -= passage.tokens
    return chosen


def _passages_of(
    document: SourceDocument, patterns: dict[str, re.Pattern[str]], undecided: frozenset[str], seen: set[str]
) -> list[Passage]:
    text = document.text[: document.footer_start] if document.footer_start is not None else document.text
    sentences = split_sentences(text)[:_MOST_SENTENCES_A_DOCUMENT]
    favoured = _PAGES.get(document.purpose, frozenset()) & undecided
    scores: list[float] = []
    for span in sentences:
        said = text[span.start : span.end]
        folded = " ".join(said.casefold().split())
        if folded in seen and len(folded) > _SHORT:
            scores.append(0.0)
            continue
        seen.add(folded)
        hits = [name for name, pattern in patterns.items() if pattern.search(said)]
        score = sum(3.0 if name in favoured or name.startswith("question") else 1.0 for name in hits)
        if hits and re.search(r"\b(?:we|our|us|wir|unser|nous|notre|nos|nuestr|noi|wij|ons)\b", said, _I):
            score += 1.0
        scores.append(score)
    return [_passage(document, text, sentences, scores, run) for run in _runs(scores)]


def _runs(scores: list[float]) -> list[range]:
    """Return runs of scoring sentences with one neighbour on each side, at most twelve sentences long."""
    wanted = sorted(
        {near for place, score in enumerate(scores) if score > 0 for near in (place - 1, place, place + 1)}
    )
    wanted = [place for place in wanted if 0 <= place < len(scores)]
    runs: list[range] = []
    for place in wanted:
        if runs and runs[-1].stop == place and len(runs[-1]) < 12:
            runs[-1] = range(runs[-1].start, place + 1)
        else:
            runs.append(range(place, place + 1))
    return runs


def _passage(
    document: SourceDocument, text: str, sentences: list[Span], scores: list[float], run: range
) -> Passage:
    spans = tuple(sentences[place] for place in run)
    tokens = sum(estimate_tokens(text[span.start : span.end]) + 4 for span in spans)
    total = sum(scores[place] for place in run)
    return Passage(document, spans, round(total / (1 + tokens / 120), 6), tokens)


def _question_pattern(question: str) -> re.Pattern[str] | None:
    words = {word.casefold() for word in re.findall(r"\w{4,}", question)} - _STOP
    stems = sorted(re.escape(word[: max(4, len(word) - 3)]) for word in words)[:30]
    return re.compile("|".join(stems), _I) if stems else None


def pack(passages: Sequence[Passage], *, tokens_a_call: int, most_calls: int) -> list[list[Passage]]:
    """Spread ranked passages over calls, best first; what does not fit any call is left out."""
    calls: list[list[Passage]] = []
    sizes: list[int] = []
    for passage in passages:
        for place, size in enumerate(sizes):
            if size + passage.tokens <= tokens_a_call:
                calls[place].append(passage)
                sizes[place] += passage.tokens
                break
        else:
            if len(calls) < most_calls and passage.tokens <= tokens_a_call:
                calls.append([passage])
                sizes.append(passage.tokens)
    return calls
