"""Read a profile: `load_icp` from a file, `parse_icp` from text. Every mistake is one line with its place."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

from agent.errors import ICPError
from agent.icp.catalogue import use_of
from agent.icp.conditions import Rules, read_condition
from agent.icp.cursor import Cursor
from agent.icp.keys import CRITERION, EXCLUSION, PERSONA, PROFILE, TIER
from agent.icp.model import (
    DEFAULT_DIMENSIONS,
    DEFAULT_TIERS,
    DIMENSIONS,
    ICP,
    INSIDE_BEHAVIORAL,
    Condition,
    Criterion,
    Dimension,
    DimensionShare,
    ExclusionRule,
    Persona,
    Tier,
    leaf_tests,
    tested_attribute,
)
from agent.icp.yaml_source import MAX_BYTES, decode, read_yaml

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")
_SPELLINGS = {"behavioural": "behavioral"}
_RESERVED = ("not_a_fit", "insufficient_evidence", "disqualified")


def load_icp(path: Path | str) -> ICP:
    """Return the profile in a YAML file; what is wrong with it is an `ICPError` of one line."""
    file = Path(path)
    try:
        with file.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise ICPError(f"no profile at {str(file)!r}; `dossier icp new` writes one") from None
    except OSError as error:
        raise ICPError(f"cannot read the profile {str(file)!r}: {error.strerror}") from None
    if len(raw) > MAX_BYTES:
        raise ICPError(
            f"{file.name}: larger than {MAX_BYTES // 1024} kB; allowed: a profile of at most that size"
        )
    return parse_icp(decode(raw, file.name), file.name)


def parse_icp(text: str, name: str = "icp.yaml") -> ICP:
    """Return the profile written in `text`; `name` is what messages call it."""
    source = read_yaml(text, name)
    root = Cursor(source, source.value)
    keys = root.mapping(PROFILE)
    if "icp" not in keys:
        root.fail("no 'icp' key; allowed: icp: a-name-for-this-profile")
    if "criteria" not in keys:
        root.fail("no 'criteria' key; a profile looks for at least one thing")
    profile_name = keys["icp"].text(at_most=100)
    if not _NAME.match(profile_name):
        keys["icp"].refuse(
            "a name; allowed: letters, digits, '-', '_' and '.', beginning with a letter or digit"
        )
    dimensions = _dimensions(keys.get("dimensions"))
    seen: dict[str, Cursor] = {}
    criteria = tuple(_criterion(item, dimensions, seen) for item in keys["criteria"].items(at_most=200))
    _check_pay(keys["criteria"], criteria, dimensions)
    exclude = _given_list(keys.get("exclude"))
    personas = _given_list(keys.get("personas"))
    tiers = _tiers(keys["tiers"]) if "tiers" in keys else DEFAULT_TIERS
    return ICP(
        name=profile_name,
        version=keys["version"].whole(least=1, most=10**6) if "version" in keys else 1,
        description=keys["description"].text() if "description" in keys else None,
        review_by=keys["review_by"].date() if "review_by" in keys else None,
        dimensions=dimensions or _shares(DEFAULT_DIMENSIONS),
        default_dimensions=not dimensions,
        tiers=tuple(sorted(tiers, key=lambda tier: -tier.min)),
        tiers_as_given=tuple(tier.name for tier in tiers),
        min_coverage=keys["min_coverage"].number(least=0, most=1)
        if "min_coverage" in keys
        else Decimal("0.5"),
        criteria=criteria,
        exclude=tuple(_exclusion(item, seen) for item in exclude),
        personas=_personas(personas),
    )


def _check_pay(
    cursor: Cursor, criteria: tuple[Criterion, ...], dimensions: tuple[DimensionShare, ...]
) -> None:
    """Refuse a profile in which every criterion stands in a dimension that is worth nothing."""
    worth = {share.dimension: share.share for share in dimensions or _shares(DEFAULT_DIMENSIONS)}
    pools = {
        "behavioral" if one.dimension in INSIDE_BEHAVIORAL and one.dimension not in worth else one.dimension
        for one in criteria
    }
    if not any(worth[pool] for pool in pools):
        cursor.fail(
            "no criterion belongs to a dimension with a share above 0; give one a share under dimensions"
        )


def _given_list(cursor: Cursor | None) -> tuple[Cursor, ...]:
    """Return the items of an optional list; leaving it out, empty or null is the same."""
    return () if cursor is None or cursor.value in (None, []) else tuple(cursor.items(at_most=200))


def _shares(pairs: tuple[tuple[Dimension, Decimal], ...]) -> tuple[DimensionShare, ...]:
    return tuple(DimensionShare(dimension=name, share=share) for name, share in pairs)


def _dimensions(cursor: Cursor | None) -> tuple[DimensionShare, ...]:
    if cursor is None or cursor.value is None:
        return ()
    given: dict[str, Decimal] = {}
    for key, value in cursor.mapping((*DIMENSIONS, *_SPELLINGS)).items():
        name = _SPELLINGS.get(key, key)
        if name in given:
            value.fail(f"{name!r} is given twice, in two spellings; keep one")
        given[name] = value.number(least=0, most=100)
    total = sum(given.values())
    if total != 100:
        cursor.fail(f"the shares add up to {total:f}; allowed: shares that add up to 100")
    return _shares(tuple((name, given[name]) for name in DIMENSIONS if name in given))


def _read_id(cursor: Cursor, keys: dict[str, Cursor], seen: dict[str, Cursor]) -> str:
    if "id" not in keys:
        cursor.fail("has no id; allowed: id: a-short-name")
    name = keys["id"].text(at_most=100)
    if not _NAME.match(name):
        keys["id"].refuse(
            "an id; allowed: letters, digits, '-', '_' and '.', beginning with a letter or digit"
        )
    if name in seen:
        line = cursor.source.lines.get(seen[name].path, 1)
        keys["id"].fail(f"id {name!r} is already taken on line {line}; ids are unique in a profile")
    seen[name] = cursor
    return name


def _criterion(cursor: Cursor, dimensions: tuple[DimensionShare, ...], seen: dict[str, Cursor]) -> Criterion:
    keys = cursor.mapping(CRITERION)
    criterion_id = _read_id(cursor, keys, seen)
    condition = read_condition(cursor, keys, Rules(partial=True))
    dimension = _dimension(keys.get("dimension"), condition)
    named = {share.dimension for share in dimensions} or {name for name, _ in DEFAULT_DIMENSIONS}
    if dimension not in named and not (dimension in INSIDE_BEHAVIORAL and "behavioral" in named):
        (keys.get("dimension") or cursor).fail(
            f"dimension {dimension!r} has no share in this profile; allowed: {', '.join(sorted(named))}, "
            "or give it one under dimensions"
        )
    return Criterion(
        id=criterion_id,
        dimension=dimension,
        weight=keys["weight"].number(above=0, most=1000) if "weight" in keys else Decimal(1),
        required=keys["required"].flag() if "required" in keys else False,
        condition=condition,
        label=keys["label"].text(at_most=120) if "label" in keys else None,
        ask=keys["ask"].text(at_most=300) if "ask" in keys else None,
    )


def _dimension(cursor: Cursor | None, condition: Condition) -> Dimension:
    if cursor is not None:
        chosen = cursor.choice((*DIMENSIONS, *_SPELLINGS))
        return next(name for name in DIMENSIONS if name == _SPELLINGS.get(chosen, chosen))
    tests = leaf_tests(condition)
    return use_of(tested_attribute(tests[0])).dimension if tests else "behavioral"


def _exclusion(cursor: Cursor, seen: dict[str, Cursor]) -> ExclusionRule:
    keys = cursor.mapping(EXCLUSION)
    exclusion_id = _read_id(cursor, keys, seen)
    penalty = "effect" in keys and keys["effect"].choice(("disqualify", "penalty")) == "penalty"
    if penalty and "points" not in keys:
        cursor.fail("a penalty needs points; allowed: points: more than 0, at most 100")
    if not penalty and "points" in keys:
        keys["points"].fail("belongs to effect: penalty; a disqualifier needs no points")
    return ExclusionRule(
        id=exclusion_id,
        effect="penalty" if penalty else "disqualify",
        points=keys["points"].number(above=0, most=100) if penalty else Decimal(0),
        condition=read_condition(cursor, keys, Rules(partial=False)),
        label=keys["label"].text(at_most=120) if "label" in keys else None,
        ask=keys["ask"].text(at_most=300) if "ask" in keys else None,
    )


def _tiers(cursor: Cursor) -> tuple[Tier, ...]:
    tiers: list[Tier] = []
    for item in cursor.items(at_most=20):
        keys = item.mapping(TIER)
        for needed in TIER:
            if needed not in keys:
                item.fail(f"has no {needed!r}; allowed: {{name: Tier 1, min: 80}}")
        name = keys["name"].text(at_most=60)
        if name in _RESERVED:
            keys["name"].fail(f"{name!r} is what Dossier itself calls an outcome; choose another name")
        least = keys["min"].number(least=0, most=100)
        if least * 100 % 1 != 0:
            keys["min"].fail(f"{least} has more than two decimals; scores have two")
        for other in tiers:
            if other.name == name:
                keys["name"].fail(f"tier {name!r} is named twice")
            if other.min == least:
                keys["min"].fail(f"tiers {other.name!r} and {name!r} begin at the same score {least}")
        tiers.append(Tier(name=name, min=least))
    return tuple(tiers)


def _personas(cursors: tuple[Cursor, ...]) -> tuple[Persona, ...]:
    personas: list[Persona] = []
    for item in cursors:
        keys = item.mapping(PERSONA)
        for needed in PERSONA:
            if needed not in keys:
                item.fail(f"has no {needed!r}; allowed: {{role: economic_buyer, titles: [VP Operations]}}")
        role = keys["role"].text(at_most=60)
        if any(other.role == role for other in personas):
            keys["role"].fail(f"role {role!r} is listed twice; put all titles in one list")
        personas.append(Persona(role=role, titles=keys["titles"].texts()))
    return tuple(personas)
