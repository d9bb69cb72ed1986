"""The few questions `dossier icp new` asks; an answer no profile could hold is said at once."""

from __future__ import annotations

import sys
from datetime import date
from typing import Any

import click

from agent.errors import ICPError, InputError
from agent.icp import parse_icp
from agent.icp.draft import Answers, draft_profile

_LISTS = {
    "industries": "Which industries buy from you?",
    "markets": "In which countries or regions?",
    "technologies": "Which products do good customers use?",
    "hiring": "Which departments are they hiring for when they buy?",
    "excluded_industries": "Which industries never buy?",
    "titles": "Which job titles sign?",
}
_COUNTS = {
    "least_employees": "From how many employees on?",
    "most_employees": "Up to how many employees?",
}
_ORDER = ("industries", *_COUNTS, "markets", "technologies", "hiring", "excluded_industries", "titles")


def ask(name: str | None, today: date) -> Answers:
    """Return the answers to the questions, asked on stderr; an empty one leaves the criterion out.

    Somebody at a terminal is asked again after an answer that cannot be used. Answers piped in are not:
    the next line answers the next question.
    """
    try:
        answers = _asked(None, "name", name, today) if name is not None else None
        while answers is None:
            said = click.prompt("What shall the profile be called?", default="my-icp", err=True)
            answers = _asked(None, "name", said, today)
        for field in _ORDER:
            answered = None
            while answered is None:
                answered = _asked(answers, field, _said(field), today)
            answers = answered
    except click.Abort:
        raise InputError("no answers to read; use `dossier icp new --template NAME` instead") from None
    return answers


def _said(field: str) -> str:
    question = _LISTS.get(field) or _COUNTS[field]
    form = "comma-separated, or empty" if field in _LISTS else "a number, or empty"
    return str(click.prompt(f"{question} ({form})", default="", show_default=False, err=True))


def _asked(answers: Answers | None, field: str, said: str, today: date) -> Answers | None:
    """Return the answers with one more, or `None` to ask again."""
    try:
        value = _read(field, said)
        more = Answers(name=said) if answers is None else answers.model_copy(update={field: value})
        parse_icp(draft_profile(more, today))
    except ICPError as error:
        # Nobody has seen the draft yet, so its lines and keys would tell nothing.
        reason = str(error).split(": ", 2)[-1]
    except InputError as error:
        reason = str(error)
    else:
        return more
    if not sys.stdin.isatty():
        raise InputError(reason)
    click.echo(reason, err=True)
    return None


def _read(field: str, said: str) -> Any:  # Any: a list of words, a count, or nothing
    if field in _LISTS:
        return tuple(part.strip() for part in said.split(",") if part.strip())
    said = said.strip()
    if field == "name" or not said:
        return said or None
    if not said.isascii() or not said.isdigit() or not 0 < int(said) < 10**7:
        raise InputError(f"{said!r} is not a number of employees; write digits only, for example 200")
    return int(said)
