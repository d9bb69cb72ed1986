"""Start a profile: from one of the templates, or from the answers to a few questions."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from importlib.resources import files

from agent.errors import InputError
from agent.icp.cursor import nearest
from agent.icp.yaml_source import scalar
from agent.models import Frozen

REVIEW_AFTER = timedelta(days=90)


class Answers(Frozen):
    """What a person told about their customers; an empty list leaves the criterion out."""

    name: str
    industries: tuple[str, ...] = ()
    least_employees: int | None = None
    most_employees: int | None = None
    markets: tuple[str, ...] = ()
    technologies: tuple[str, ...] = ()
    hiring: tuple[str, ...] = ()
    excluded_industries: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()


def template_names() -> tuple[str, ...]:
    """Return the names of the shipped templates, sorted."""
    folder = files("agent.icp").joinpath("templates")
    return tuple(sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".yaml")))


def template_text(name: str) -> str:
    """Return a template's YAML; an unknown name is an `InputError` naming the nearest."""
    names = template_names()
    if name not in names:
        raise InputError(f"no template named {name!r}{nearest(name, names)}; known: {', '.join(names)}")
    return files("agent.icp").joinpath("templates", f"{name}.yaml").read_text(encoding="utf-8")


def dated(text: str, name: str | None, today: date) -> str:
    """Return a template's text with a review date a quarter ahead and, if given, another name."""
    if name is not None:
        text = re.sub(r"(?m)^icp: .*$", f"icp: {_value(name)}", text, count=1)
    due = (today + REVIEW_AFTER).isoformat()
    return re.sub(r"(?m)^(version: .*)$", rf"\1\nreview_by: {due}", text, count=1)


def draft_profile(answers: Answers, today: date) -> str:
    """Return the YAML of a first profile; load it before it is written, so that mistakes show at once."""
    due = (today + REVIEW_AFTER).isoformat()
    lines = [
        "# `dossier icp schema` prints everything a profile may say; `dossier icp lint` checks this one.",
        f"icp: {_value(answers.name)}",
        "version: 1",
        f"review_by: {due}",
        "criteria:",
        *_criteria(answers),
        "exclude:",
        *_exclusions(answers),
    ]
    if answers.titles:
        lines += ["personas:", f"  - {{role: economic_buyer, titles: {_list(answers.titles)}}}"]
    return "\n".join(lines) + "\n"


def _criteria(answers: Answers) -> list[str]:
    low, high = answers.least_employees, answers.most_employees
    rows = ["  # Who they are"]
    if low is not None or high is not None:
        ideal = f"[{_end(low)}, {_end(high)}]"
        acceptable = (
            f"[{_end(None if low is None else low // 2)}, {_end(None if high is None else high * 2)}]"
        )
        rows.append(
            f"  - {{id: size, attribute: employee_count, weight: 3, ideal: {ideal}, acceptable: {acceptable}}}"
        )
    if answers.industries:
        rows.append(
            f"  - {{id: sector, attribute: industry, weight: 2, any_of: {_list(answers.industries)}}}"
        )
    if answers.markets:
        rows.append(f"  - {{id: market, attribute: headquarters, any_of: {_list(answers.markets)}}}")
    rows.append("  # How they work")
    if answers.technologies:
        rows.append(
            f"  - {{id: stack, attribute: technology, relation: uses, any_of: {_list(answers.technologies)}}}"
        )
    else:
        rows.append(
            "  - {id: sells-to-business, attribute: customer_segment, any_of: [mid_market, enterprise]}"
        )
    rows.append("  # Why now")
    if answers.hiring:
        rows.append(
            f"  - {{id: hiring, attribute: hiring, where: {{department: {_list(answers.hiring)}}}, "
            "min_count: 2, within_days: 90, half_life_days: 45}"
        )
    rows.append("  - {id: fresh-money, attribute: funding_round, within_days: 365, half_life_days: 180}")
    rows.append(
        "  - {id: new-leader, attribute: leadership_change, where: {change: [appointed, promoted]}, "
        "within_days: 180, half_life_days: 90}"
    )
    return rows


def _exclusions(answers: Answers) -> list[str]:
    low = answers.least_employees
    rows = []
    if low is not None and low >= 10:
        rows.append(
            f"  - {{id: too-small, attribute: employee_count, below: {max(2, low // 5)}, effect: disqualify}}"
        )
    if answers.excluded_industries:
        rows.append(
            f"  - {{id: wrong-sector, attribute: industry, any_of: {_list(answers.excluded_industries)}, "
            "effect: disqualify}"
        )
    rows.append("  - {id: shrinking, attribute: layoffs, within_days: 180, effect: penalty, points: 10}")
    return rows


def _end(number: int | None) -> str:
    return "null" if number is None else str(number)


def _list(values: tuple[str, ...]) -> str:
    return "[" + ", ".join(_value(value) for value in values) + "]"


def _value(text: str) -> str:
    """Write a text so that YAML reads it back as that text; JSON strings are YAML strings."""
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9 _./-]*[A-Za-z0-9]", text) and scalar(text) == text
    return text if plain else json.dumps(text, ensure_ascii=False)
