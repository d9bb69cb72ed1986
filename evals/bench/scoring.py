"""Measure scoring alone: verdicts a second on one core, against a naive scorer that reads everything anew.

    python -m evals.bench.scoring [--accounts N]

Facts of about 40 attributes, a profile of 20 criteria. The reference does what a first draft does: for each
account it parses the profile's YAML and validates the findings' JSON, then scores. Both run interleaved in
one process, so a busy machine slows both alike. Every account is scored once, with all its reasons written;
the best round counts.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from datetime import date, timedelta

from pydantic import JsonValue

from agent.attributes import attribute_names, canonical_value, entry
from agent.icp import parse_icp
from agent.icp.catalogue import use_of
from agent.models import Evidence, Fact, Findings, SourceCoverage
from agent.scoring import compile_icp, score_account, stand

AS_OF = date(2026, 6, 30)
TARGET = 5_000
"""Verdicts a second on a core of its own; on a busy machine only the ratio to the reference means anything."""
LEAST_TIMES_FASTER = 15
PROFILE = """
icp: bench
criteria:
  - {id: size, attribute: employee_count, weight: 3, ideal: [200, 1000], acceptable: [100, 2000]}
  - {id: sector, attribute: industry, weight: 2, any_of: [logistics, manufacturing], required: true}
  - {id: home, attribute: headquarters, any_of: [DACH, US, UK]}
  - {id: age, attribute: founded_year, ideal: [1990, 2020]}
  - {id: revenue, attribute: revenue, ideal: [10M, 500M], acceptable: [1M, 1B], currency: USD}
  - {id: owner, attribute: ownership, none_of: [government, nonprofit]}
  - {id: stage, attribute: funding_stage, any_of: [series_a, series_b, series_c]}
  - {id: model, attribute: business_model, any_of: [b2b, saas]}
  - {id: crm, attribute: technology, relation: uses, any_of: [Salesforce, HubSpot]}
  - {id: cloud, attribute: technology, relation: uses, any_of: [AWS, Google Cloud, Microsoft Azure]}
  - {id: no-rival, attribute: technology, relation: uses, none_of: [Pipedrive], read_sources: [website, technographics]}
  - {id: trust, attribute: certification, any_of: [SOC 2, ISO 27001]}
  - {id: api, attribute: api_offered, present: true}
  - {id: motion, attribute: go_to_market, any_of: [sales_led, hybrid]}
  - {id: segment, attribute: customer_segment, any_of: [mid_market, enterprise]}
  - {id: hiring, attribute: hiring, where: {department: sales}, min_count: 3, within_days: 90, half_life_days: 45}
  - {id: money, attribute: funding_round, within_days: 365, half_life_days: 180}
  - {id: leader, attribute: leadership_change, where: {title: sales}, within_days: 180, half_life_days: 90}
  - {id: launch, attribute: product_launch, within_days: 180}
  - id: maturity
    attribute: employee_count
    cases: [{grade: 5, at_least: 500}, {grade: 3, at_least: 100}, {grade: 1, otherwise: true}]
exclude:
  - {id: tiny, attribute: employee_count, below: 20, effect: disqualify}
  - {id: public, attribute: industry, any_of: [government], effect: disqualify}
  - {id: layoffs, attribute: layoffs, within_days: 180, effect: penalty, points: 10}
personas:
  - {role: economic_buyer, titles: [VP Sales, COO]}
"""
_SAMPLES: dict[str, list[JsonValue]] = {
    "employee_count": [12, 150, 480, "201-500", 3000],
    "industry": ["logistics", "software", "manufacturing"],
    "headquarters": ["Berlin, Germany", "Austin, Texas", "Paris, France"],
    "founded_year": [1987, 2004, 2021],
    "revenue": ["$45M", "$2B", "€30M"],
    "total_funding": ["$12M", "$80M"],
    "growth_rate": ["12%", "40%"],
    "operating_region": ["Germany", "United States"],
    "technology": ["Salesforce", "AWS", "Pipedrive", "React", "Stripe"],
    "api_offered": [True],
    "hiring": [
        {"department": "sales", "title": "Account Executive"},
        {"department": "engineering", "title": "Engineer"},
    ],
    "funding_round": ["Series B"],
    "leadership_change": ["VP Sales"],
    "layoffs": [{"count": 50}],
    "acquisition": [{"role": "acquirer", "other": "Example GmbH"}],
    "buying_role": ["VP Sales"],
}


def make_accounts(count: int) -> list[Findings]:
    """Return seeded accounts that each know about 40 attributes, most of them with two quotes."""
    rng = random.Random(7)
    return [_account(rng, number) for number in range(count)]


def _account(rng: random.Random, number: int) -> Findings:
    facts: list[Fact] = []
    evidence: list[Evidence] = []
    for attribute in attribute_names():
        if rng.random() < 0.1:
            continue
        raw = _raw_value(rng, attribute)
        value = canonical_value(attribute, raw)
        dated = use_of(attribute).shape == "event"
        names = []
        for _ in range(rng.randint(1, 3)):
            names.append(f"{number}-{len(evidence)}")
            evidence.append(
                Evidence(
                    id=names[-1],
                    attribute=attribute,
                    value=value,
                    quote=f"sentence {len(evidence)} of account {number} says {raw}",
                    document=names[-1],
                    start=10,
                    end=60,
                    url=f"https://www.account-{number}.example/about",
                    source_kind="website",
                    source_tier="first-party-text",
                    published_at=AS_OF - timedelta(days=rng.randint(0, 400)) if dated else None,
                    polarity="asserts",
                    extractor="rule:bench@1",
                )
            )
        facts.append(Fact(attribute=attribute, value=value, status="supported", evidence=tuple(names)))
    coverage = tuple(
        SourceCoverage(source=source, state="read", documents=5)
        for source in ("website", "jobs", "news", "technographics", "registries")
    )
    return Findings(facts=tuple(facts), evidence=tuple(evidence), coverage=coverage)


def _raw_value(rng: random.Random, attribute: str) -> JsonValue:
    """Return a value as varied as in life: no two companies are of one size, and kept answers must not help."""
    if attribute == "employee_count" and rng.random() < 0.8:
        return int(10 ** rng.uniform(1, 4))
    if attribute == "founded_year":
        return rng.randint(1950, 2025)
    if attribute == "revenue":
        return f"${rng.randint(1, 900)}M"
    return rng.choice(_SAMPLES.get(attribute) or list(entry(attribute).closed) or ["planning"])


def run(accounts: int = 3_000, rounds: int = 10) -> dict[str, float]:
    """Return verdicts a second of the best round, ours and the reference's, and attributes an account."""
    findings = make_accounts(accounts)
    stored = [one.model_dump_json() for one in findings[:20]]
    profile = compile_icp(parse_icp(PROFILE))
    ours, heads, reference = 0.0, 0.0, 0.0
    part = accounts // rounds
    for at in range(rounds):
        fresh = findings[at * part : (at + 1) * part]
        start = time.process_time()
        for one in fresh:
            score_account(profile, one, AS_OF)
        ours = max(ours, part / (time.process_time() - start))
        start = time.process_time()
        for one in fresh:
            stand(profile, one, AS_OF)
        heads = max(heads, part / (time.process_time() - start))
        start = time.process_time()
        for text in stored:
            score_account(compile_icp(parse_icp(PROFILE)), Findings.model_validate_json(text), AS_OF)
        reference = max(reference, len(stored) / (time.process_time() - start))
    facts = sum(len(one.facts) for one in findings) / len(findings)
    return {
        "verdicts_per_second": ours,
        "standings_per_second": heads,
        "naive_per_second": reference,
        "times_faster": ours / reference,
        "facts": facts,
    }


def main() -> None:
    """Print the figures as JSON; exit 1 when scoring lost its lead over the reference of the same run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=3_000)
    figures = run(parser.parse_args().accounts)
    print(json.dumps({name: round(value, 1) for name, value in figures.items()}))
    if figures["verdicts_per_second"] < TARGET:
        print(f"below the {TARGET:,} verdicts a second meant for a free core", file=sys.stderr)
    if figures["times_faster"] < LEAST_TIMES_FASTER:
        raise SystemExit(f"less than {LEAST_TIMES_FASTER} times as fast as the reference of the same run")


if __name__ == "__main__":
    main()
