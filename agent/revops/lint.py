"""Lint a profile: what loads, but will mislead the team that relies on it. Each finding has a one-line fix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from difflib import get_close_matches

from agent.icp.catalogue import use_of
from agent.icp.model import (
    ICP,
    Criterion,
    ExclusionRule,
    Graded,
    NumberTest,
    SetTest,
    SignalTest,
    leaf_tests,
    tested_attribute,
)
from agent.models import Frozen
from agent.revops.attainable import attainable_points
from agent.revops.conflicts import clash, exclusive, inside, overlap, sufficient
from agent.revops.reference import ACCOUNTS, AS_OF, reference_accounts
from agent.scoring.compiled import compile_icp, criterion_points
from agent.scoring.score import stand
from tools.technographics import canonical_product, products

TOO_BROAD = 0.5
NEGLIGIBLE_POINTS = 2
REVIEW_DAYS = 100
MOST_ICPS = 3
_UNSOURCED = {
    "third_party_intent": "import it (`dossier import evidence`), or drop the criterion",
    "website_change": (
        "no single reading of a site shows it, and `dossier watch` reports changes without making it a fact; "
        "import it (`dossier import evidence`), or drop the criterion"
    ),
}

CODES: dict[str, str] = {
    "ICP001": "no exclusions",
    "ICP002": "too broad",
    "ICP003": "too narrow",
    "ICP004": "a criterion too light to matter",
    "ICP005": "a criterion that decides alone",
    "ICP006": "overlapping bands, or one thing tested twice",
    "ICP007": "a gap between bands",
    "ICP008": "a tier no account can reach",
    "ICP009": "a criterion no source can answer",
    "ICP010": "wanted and excluded at once",
    "ICP011": "no review date",
    "ICP012": "review date passed or too far away",
    "ICP013": "more than three profiles",
    "ICP014": "only firmographics",
    "ICP015": "a technology nobody knows by that name",
    "ICP016": "a signal that never grows old",
    "ICP017": "an amount of money without a currency",
    "ICP018": "a dimension without criteria",
    "ICP019": "tiers out of order",
}


class LintFinding(Frozen):
    """One weakness of a profile. `where` is the id of a criterion or exclusion, a key, or empty."""

    code: str
    profile: str
    where: str
    message: str
    fix: str


def lint_icps(icps: Sequence[ICP], today: date) -> tuple[LintFinding, ...]:
    """Return the findings on each profile in turn, in the order of their codes."""
    findings = [finding for icp in icps for finding in lint_icp(icp, today)]
    if len(icps) > MOST_ICPS:
        names = ", ".join(icp.name for icp in icps)
        findings.append(
            LintFinding(
                code="ICP013",
                profile="",
                where="",
                message=f"{len(icps)} profiles ({names}): nobody remembers that many",
                fix=f"merge them into at most {MOST_ICPS}",
            )
        )
    return tuple(findings)


def lint_icp(icp: ICP, today: date) -> tuple[LintFinding, ...]:
    """Return what is weak in one profile, in the order of the codes."""
    checks = (
        _exclusions,
        _breadth,
        _weights,
        _bands,
        _tiers,
        _answerable,
        _contradictions,
        _products,
        _windows,
        _currencies,
        _dimensions,
    )
    found = [finding for check in checks for finding in check(icp)]
    found += _review(icp, today)
    return tuple(sorted(found, key=lambda finding: finding.code))


def _rules(icp: ICP) -> tuple[Criterion | ExclusionRule, ...]:
    return (*icp.criteria, *icp.exclude)


def _finding(icp: ICP, code: str, where: str, message: str, fix: str) -> LintFinding:
    return LintFinding(code=code, profile=icp.name, where=where, message=message, fix=fix)


def _exclusions(icp: ICP) -> Iterator[LintFinding]:
    if not icp.exclude:
        yield _finding(
            icp,
            "ICP001",
            "exclude",
            "nobody is excluded, so time goes to accounts that never buy",
            "add the last three kinds of account that were lost for the same reason",
        )


def _breadth(icp: ICP) -> Iterator[LintFinding]:
    share = accepted_share(icp)
    if share > TOO_BROAD:
        yield _finding(
            icp,
            "ICP002",
            "",
            f"{share:.0%} of the synthetic reference accounts reach a tier",
            "raise the lowest tier, narrow the bands, or make a criterion required",
        )
    if share == 0:
        yield _finding(
            icp,
            "ICP003",
            "",
            f"not one of {ACCOUNTS} synthetic reference accounts reaches a tier",
            "lower the lowest tier, widen the bands, or drop a required criterion",
        )


def accepted_share(icp: ICP) -> float:
    """Return the share of the synthetic reference accounts that reach a tier."""
    profile = compile_icp(icp)
    named = {tier.name for tier in icp.tiers}
    tiers = [stand(profile, findings, AS_OF).tier for findings in reference_accounts(icp)]
    return sum(tier in named for tier in tiers) / len(tiers)


def _weights(icp: ICP) -> Iterator[LintFinding]:
    lowest = icp.tiers[-1].min
    for criterion, points in zip(icp.criteria, criterion_points(icp), strict=True):
        worth = f"{float(points):.1f} of 100 points"
        if points < NEGLIGIBLE_POINTS and not criterion.required:
            yield _finding(
                icp,
                "ICP004",
                criterion.id,
                f"worth {worth}: it cannot matter",
                "raise its weight or drop it",
            )
        if len(icp.criteria) > 1 and points >= lowest > 0:
            yield _finding(
                icp,
                "ICP005",
                criterion.id,
                f"worth {worth}: alone it reaches {icp.tiers[-1].name!r}",
                "lower its weight, or say so with required: true",
            )


def _bands(icp: ICP) -> Iterator[LintFinding]:
    numbers = [(one, one.condition) for one in icp.criteria if isinstance(one.condition, NumberTest)]
    for at, (first, left) in enumerate(numbers):
        for second, right in numbers[at + 1 :]:
            same = left.attribute == right.attribute and left.where == right.where
            if same and overlap(left.ideal, right.ideal):
                yield _finding(
                    icp,
                    "ICP006",
                    second.id,
                    f"its ideal band overlaps that of {first.id!r}: one number is paid twice",
                    "merge the two, or use one criterion with cases",
                )
    for at, one in enumerate(icp.criteria):
        for other in icp.criteria[at + 1 :]:
            if one.condition == other.condition and not isinstance(one.condition, NumberTest):
                yield _finding(
                    icp,
                    "ICP006",
                    other.id,
                    f"tests the same as {one.id!r}: one fact is paid twice",
                    "drop one of the two and add up their weights",
                )
    for criterion in icp.criteria:
        if isinstance(criterion.condition, Graded):
            yield from _shadowed(icp, criterion, criterion.condition)
            yield from _gaps(icp, criterion, criterion.condition)


def _shadowed(icp: ICP, criterion: Criterion, graded: Graded) -> Iterator[LintFinding]:
    """Find cases that are never reached, because an earlier one already holds wherever they do."""
    for at, case in enumerate(graded.cases):
        for earlier in graded.cases[:at]:
            first, second = earlier.when, case.when
            same = first == second
            if isinstance(first, NumberTest) and isinstance(second, NumberTest):
                alike = first.attribute == second.attribute and first.where == second.where
                same = alike and inside(second.ideal, first.ideal)
            if same:
                yield _finding(
                    icp,
                    "ICP006",
                    criterion.id,
                    f"the case of grade {case.grade} is never reached: that of grade {earlier.grade} stands before it",
                    "put the narrower case first",
                )
                break


def _gaps(icp: ICP, criterion: Criterion, graded: Graded) -> Iterator[LintFinding]:
    bands = sorted(
        (case.when.ideal for case in graded.cases if isinstance(case.when, NumberTest)),
        key=lambda band: (band.low is not None, band.low),
    )
    covered = bands[0].high if bands else None
    for band in bands[1:]:
        if covered is None or band.low is None:
            return
        if band.low > covered + 1:
            yield _finding(
                icp,
                "ICP007",
                criterion.id,
                f"no case covers the numbers between {covered:,} and {band.low:,}",
                "let the bands meet, or add `otherwise: true`",
            )
        covered = None if band.high is None else max(covered, band.high)


def _tiers(icp: ICP) -> Iterator[LintFinding]:
    most = attainable_points(icp)
    for tier in icp.tiers:
        if tier.min > most:
            yield _finding(
                icp,
                "ICP008",
                f"tiers {tier.name}",
                f"it begins at {tier.min}, and criteria that exclude each other allow {float(most):.2f} at most",
                "lower the tier, or join the competing criteria into one",
            )
    given, order = icp.tiers_as_given, [tier.name for tier in icp.tiers]
    if given and list(given) != order:
        yield _finding(
            icp,
            "ICP019",
            "tiers",
            f"they are given as {', '.join(given)}, and count by their least score: {', '.join(order)}",
            "write the best tier first, or correct the score that is out of place",
        )


def _answerable(icp: ICP) -> Iterator[LintFinding]:
    for one in _rules(icp):
        for attribute in dict.fromkeys(tested_attribute(leaf) for leaf in leaf_tests(one.condition)):
            if attribute in _UNSOURCED:
                yield _finding(
                    icp, "ICP009", one.id, f"no source that is read tells {attribute}", _UNSOURCED[attribute]
                )


def _contradictions(icp: ICP) -> Iterator[LintFinding]:
    for criterion in icp.criteria:
        for rule in icp.exclude:
            both = [
                clash(wanted, unwanted)
                for wanted in sufficient(criterion.condition, "any", "all")
                for unwanted in sufficient(rule.condition, "any")
            ]
            if any(both):
                yield _finding(
                    icp,
                    "ICP010",
                    criterion.id,
                    f"wants {next(filter(None, both))}, which {rule.id!r} excludes",
                    "take it out of one of the two",
                )
    required = [one for one in icp.criteria if one.required]
    for at, first in enumerate(required):
        for second in required[at + 1 :]:
            if exclusive(first.condition, second.condition):
                yield _finding(
                    icp,
                    "ICP010",
                    second.id,
                    f"required together with {first.id!r}, but no account can meet both",
                    "drop `required` from one of the two",
                )


def _products(icp: ICP) -> Iterator[LintFinding]:
    for one in _rules(icp):
        for leaf in leaf_tests(one.condition):
            if not isinstance(leaf, SetTest) or leaf.attribute != "technology":
                continue
            for value in leaf.values:
                if canonical_product(value) is None:
                    names = {product.name.casefold(): product.name for product in products()}
                    close = get_close_matches(value.casefold(), names, n=1, cutoff=0.7)
                    hint = f"did you mean {names[close[0]]!r}?" if close else "check the spelling."
                    yield _finding(
                        icp,
                        "ICP015",
                        one.id,
                        f"{value!r} is not in the product catalogue, so site code never shows it",
                        f"{hint} If it is right, only texts that name it will count",
                    )


def _windows(icp: ICP) -> Iterator[LintFinding]:
    for one in _rules(icp):
        for leaf in leaf_tests(one.condition):
            if isinstance(leaf, SignalTest) and leaf.within_days is None and leaf.half_life_days is None:
                yield _finding(
                    icp,
                    "ICP016",
                    one.id,
                    f"{use_of(leaf.attribute).subject} of any age counts, ten years back included",
                    "add within_days, and half_life_days if older ones should count less",
                )


def _currencies(icp: ICP) -> Iterator[LintFinding]:
    for one in _rules(icp):
        for leaf in leaf_tests(one.condition):
            money = isinstance(leaf, NumberTest) and leaf.attribute in ("revenue", "total_funding")
            if money and isinstance(leaf, NumberTest) and leaf.currency is None:
                yield _finding(
                    icp,
                    "ICP017",
                    one.id,
                    "amounts in yen and in dollars are compared alike",
                    "add currency: USD (or yours); other currencies then stay unknown",
                )


def _dimensions(icp: ICP) -> Iterator[LintFinding]:
    used = {icp.pool_of(criterion.dimension) for criterion in icp.criteria}
    if used == {"firmographic"}:
        yield _finding(
            icp,
            "ICP014",
            "",
            "only firmographics: most teams stop there, and so do their rivals",
            "add a criterion on how they work (technology, hiring) and one on why now",
        )
        return
    for share in icp.dimensions:
        if share.dimension not in used and share.share > 0:
            yield _finding(
                icp,
                "ICP018",
                share.dimension,
                f"{share.share} points have no criterion and go to the other dimensions",
                "add a criterion, or set dimensions to what is used",
            )


def _review(icp: ICP, today: date) -> Iterator[LintFinding]:
    due = icp.review_by
    if due is None:
        yield _finding(
            icp,
            "ICP011",
            "review_by",
            "nobody is due to look at it again",
            "add review_by, a quarter from now",
        )
    elif due < today:
        yield _finding(
            icp,
            "ICP012",
            "review_by",
            f"the review was due on {due.isoformat()}",
            "run `dossier icp backtest`, adjust, and set review_by a quarter ahead",
        )
    elif (due - today).days > REVIEW_DAYS:
        yield _finding(
            icp,
            "ICP012",
            "review_by",
            f"the next review is {(due - today).days} days away",
            "review quarterly: set review_by at most 100 days ahead",
        )
