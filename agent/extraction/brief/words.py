"""The closed English in which a brief may speak: which words state which kind of fact.

A word that states something (it uses, it left, it raised) is only allowed where the cited fact is of that
kind; a word of neither list must stand in the fact's value or, in order, in its quote. So a true quote can
never carry an untrue verb.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from agent.attributes import OPEN_ENDED, entry, is_question


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PLAIN = _words(
    "a an the this that these it its it's itself they them their as of in on at for to from by with within and or "
    "but while plus also both is are was were be been being has have had does do who which where there here into "
    "company account currently today now latest about around roughly some what whose than then so both one's since "
    "team office business role roles area areas part kind"
)
"""Words that state nothing by themselves."""
NEGATIONS = _words(
    "not no never without nor neither none cannot lack lacks lacking isn't aren't doesn't don't didn't hasn't haven't wasn't won't"
)
DISPUTE = _words(
    "disagree disagrees disagreeing dispute disputed differ differs differing conflict conflicting contradict contradictory"
)
"""What a sentence on a contradicted fact must say."""
_FITS = _words(
    "fit fits fitting match matches matching meet meets profile ideal target targets within inside range band"
)
_MISSES = _words("against outside profile excludes excluded misses")
_ROLES = _words(
    "economic buyer technical champion user gatekeeper legal procurement influencer decision maker sponsor"
)
_SIZE_AT_LEAST = _words("more over least plus")

_BY_ATTRIBUTE: dict[str, frozenset[str]] = {
    "name": _words("called named known trades name"),
    "industry": _words("industry sector works working active operates operating sells selling makes making provides providing"),
    "sub_industry": _words("industry sector branch works working active operates serves serving"),
    "employee_count": _words("employ employs employing employees employee people staff headcount workforce strong size"),
    "revenue": _words("revenue revenues turnover sales yearly annual annually year"),
    "growth_rate": _words("grew grown growing growth grow % percent"),
    "founded_year": _words("founded started established founding"),
    "headquarters": _words("headquartered headquarters hq based head office located"),
    "operating_region": _words("operates operating active country countries region regions market markets works"),
    "ownership": _words("owned ownership held listed traded backed"),
    "funding_stage": _words("stage funding funded round raised"),
    "total_funding": _words("raised funding total all together altogether"),
    "business_model": _words("sells selling model business"),
    "organisation_department": _words("department departments has"),
    "parent": _words("belongs owned parent subsidiary part group"),
    "subsidiary": _words("owns subsidiary subsidiaries brand group"),
    "api_offered": _words("offers offering api public provides developers"),
    "certification": _words("holds holding certified certification certificate compliant compliance attested attestation"),
    "go_to_market": _words("sells selling sales motion through led market goes"),
    "pricing_model": _words("prices priced pricing charges charging model plans plan"),
    "customer_segment": _words("serves serving customers customer segment sells selling clients"),
    "partner_program": _words("partner partners programme program runs offers has"),
    "sales_methodology": _words("sells selling uses using methodology method"),
    "hiring": _words(
        "hiring hires hire recruiting recruits recruit opening openings open role roles job jobs position positions vacancy "
        "vacancies posting postings posted advertises advertised looking department listed"
    ),
    "funding_round": _words("raised raising raise raises funding funded round money closed secured investment new"),
    "product_launch": _words("launched launching launches launch released introduced new product"),
    "expansion": _words("expands expanding expanded expansion opens opened opening new location market office facility entered entering"),
    "layoffs": _words("laid off layoff layoffs cut cuts cutting job jobs people staff positions let go % percent"),
    "partnership": _words("partnered partnering partnership partners partner"),
    "website_change": _words("changed change website"),
    "event_attendance": _words("attends attending attended exhibits exhibiting event"),
    "vendor_evaluation": _words("evaluates evaluating evaluation comparing compares looking vendors vendor"),
    "third_party_intent": _words("reads reading researches researching interest topic intent reported"),
    "pain_point": _words("names named problem problems pain says struggles"),
    "goal": _words("wants goal goals aims aiming says"),
    "buying_trigger": _words("trigger says"),
    "buying_role": _words("place person holds title buying") | _ROLES,
    "technology_adoption": _words("adopts adoption says"),
    "team_structure": _words("organised team teams structure says"),
    "budget_signal": _words("budget says"),
    "content_topic": _words("writes writing publishes topic topics"),
}  # fmt: skip
_RELATIONS: dict[str, frozenset[str]] = {
    "uses": _words("uses use using runs running works working relies built"),
    "integrates_with": _words("integrates integrating integration integrations integrate connects connecting connected"),
    "sells": _words("sells selling sell resells reselling implements implementing implementation"),
    "migrating_from": _words("migrating migrates migration leaving leaves moving moves away replacing replaces replaced"),
    "evaluates": _words("evaluates evaluating evaluate evaluation comparing compares considers considering"),
}  # fmt: skip
_CHANGES: dict[str, frozenset[str]] = {
    "appointed": _words("place appointed appoints appointing appointment named new joined joins hired"),
    "promoted": _words("place promoted promotes promotion"),
    "departed": _words("left leaves leaving departed departs departure resigned stepped down gone"),
}
_DEALS: dict[str, frozenset[str]] = {
    "acquirer": _words("acquired acquires acquiring acquisition bought"),
    "acquired": _words("acquired acquisition bought taken over"),
}
_STATING = _words(
    "may might could would should will shall can likely probably perhaps possibly apparently seems appears suggests suggesting "
    "plans planned planning expects expected soon only all every most many few several first largest leading best fastest biggest "
    "rapidly quickly strongly successful failed failing fails struggling struggle lost loses losing loss declining decline shrinking "
    "dropped drops stopped stops switched switching abandoned sold merged merging fired firing dismissed sued bankrupt insolvent "
    "profitable unprofitable needs need needing wants ready approved must doubled tripled former formerly previously ex "
    "competitor competitors customers clients"
)
"""Words that state or suppose something and belong to no attribute: never taken from a quote."""


def allowed_words(attribute: str, value: Any, *, fits: bool, misses: bool) -> frozenset[str]:
    """Return the words that a fact of this kind and (canonical) value may be stated with."""
    found = (
        _of_value(attribute, value) | (_FITS if fits else frozenset()) | (_MISSES if misses else frozenset())
    )
    if attribute in ("hiring", "leadership_change"):
        found |= _ROLES
    if attribute == "employee_count" and value["high"] >= OPEN_ENDED:
        found |= _SIZE_AT_LEAST
    return found


def _of_value(attribute: str, value: Any) -> frozenset[str]:  # Any: as above
    match attribute:
        case "technology":
            return _RELATIONS[value["relation"]]
        case "leadership_change":
            return _CHANGES.get(value["change"], frozenset())
        case "acquisition":
            return _DEALS.get(value["role"], frozenset())
    if is_question(attribute):
        return frozenset({"yes", "no"})
    return _BY_ATTRIBUTE.get(attribute, frozenset())


def label_words(attribute: str) -> frozenset[str]:
    """Return the words of an attribute's label, by which a dispute about it is named."""
    return _words("sources number founding year company name") | frozenset(
        entry(attribute).label.casefold().replace("-", " ").split()
    )


@cache
def stating_words() -> frozenset[str]:
    """Return every word that states something, whatever it states."""
    groups: list[Mapping[str, frozenset[str]]] = [_BY_ATTRIBUTE, _RELATIONS, _CHANGES, _DEALS]
    listed = frozenset().union(*(words for group in groups for words in group.values()))
    return (listed | _STATING | NEGATIONS | DISPUTE | _FITS | _MISSES | _SIZE_AT_LEAST) - PLAIN


QUESTION_WORDS = _words(
    "how what which who whom whose when where would could can will you your we us our do does did is are today tell about "
    "handle handled manage managed decide decides decided involved owns own responsible priority priorities plan plans planned "
    "timeline next current tool tools working work works happen look like important need needs choose chosen compare measured "
    "success at the moment moment this year there any other another already yet"
)
"""Words that a question without evidence may use besides those of the profile's own questions."""
