"""Score dated signals: how many there are, how fresh each is, and what an undated one could be worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import NamedTuple

from pydantic import JsonValue

from agent.icp.catalogue import use_of
from agent.icp.model import SignalTest, Where
from agent.models import Fact
from agent.scoring.outcome import Outcome, conflict, not_met, unknown
from agent.scoring.units import UNIT, decay, divide
from agent.scoring.view import View, passes
from agent.scoring.wording import both_sides, cite, compile_silence, days_words, value_words

Evaluate = Callable[[View], Outcome]


_MOST_OPENINGS = 1_000
"""No criterion asks for more, so a board of 40,000 jobs costs no more than this."""


class Signal(NamedTuple):
    """One event; `on` is `None` when undated. `fact` and `evidence` say who tells it."""

    on: date | None
    fact: Fact
    evidence: tuple[str, ...]


class _Tally(NamedTuple):
    """What a list of signals adds up to: shares of the wanted count, proven and at best, and what is fresh."""

    low: int
    high: int
    fresh: list[Signal]
    undated: list[Signal]
    old: list[Signal]
    later: int


def compile_signal(test: SignalTest) -> Evaluate:
    """Return the evaluator of a dated signal."""
    attribute, where = test.attribute, test.where
    counted = attribute == "hiring"
    subject = use_of(attribute).subject
    narrowed = ", ".join(value.replace("_", " ") for part in where for value in part.values)
    title = f"{subject[0].upper()}{subject[1:]}" + (f" ({narrowed})" if narrowed else "")
    window = f" within {test.within_days:,} days" if test.within_days else ""

    shares: dict[int, int] = {}
    half_life = None if test.half_life_days is None else f"{test.half_life_days:f}"
    words = _Words(attribute, title, window, test.min_count, half_life)
    silent = compile_silence(attribute, title + window)

    def evaluate(view: View) -> Outcome:
        facts = view.facts.get(attribute)
        if facts is None:
            return silent(view)
        signals: list[Signal] = []
        disputed: Fact | None = None
        denied: Fact | None = None
        for fact in facts:
            if fact.status == "supported":
                if counted:
                    signals += _openings(view, fact, where)
                elif not where or passes(fact.value, where):
                    signals.append(_event(view, fact))
            elif passes(fact.value, where) or (counted and _denies_all(fact)):
                if fact.status == "contradicted":
                    disputed = disputed or fact
                else:
                    denied = denied or fact
        tally = _tally(view.as_of, signals, test, shares)
        if disputed is not None and tally.low < UNIT:
            rival = disputed
            evidence = (*rival.evidence, *rival.against)
            return conflict(lambda: f"{title}: {both_sides(view, rival)}.", evidence, low=tally.low)
        if tally.fresh or tally.undated:
            return _found(view, tally, words, counted and _whole_board_read(view))
        if denied is not None and _still_holds(view, denied, test):
            said = f"{title}: {value_words(attribute, denied.value)} is denied{cite(view, denied.evidence)}."
            return not_met(said, denied.evidence)
        if tally.old:
            return unknown(partial(_old_words, view, tally.old[0], words), tally.old[0].evidence)
        if tally.later:
            return unknown(f"{title}: only dated after {view.as_of.isoformat()}, so not yet happened.")
        return silent(view)

    return evaluate


def _whole_board_read(view: View) -> bool:
    """Tell whether a count of openings is final: a board cut off by the cap may hold more of them."""
    return view.states.get("jobs") == "read" and "jobs" not in view.truncated


class _Words(NamedTuple):
    """What the sentences about one test share."""

    attribute: str
    title: str
    window: str
    wanted: int
    half_life: str | None


def _tally(as_of: date, signals: list[Signal], test: SignalTest, shares: dict[int, int]) -> _Tally:
    """Sort signals by freshness and add up the freshest; `shares` remembers what each age is worth."""
    wanted, within = test.min_count, test.within_days
    fresh: list[Signal] = []
    undated: list[Signal] = []
    old: list[Signal] = []
    later = 0
    for signal in signals:
        on = signal.on
        if on is None:
            undated.append(signal)
        elif on > as_of:
            later += 1
        elif within is not None and (as_of - on).days > within:
            old.append(signal)
        else:
            fresh.append(signal)
    if len(signals) > 1:
        for kind in (fresh, undated, old):
            kind.sort(key=_order)
    worth = []
    for signal in fresh[:wanted]:
        age = (as_of - (signal.on or as_of)).days
        share = shares.get(age)
        if share is None:
            share = shares[age] = decay(age, test.half_life_days)
        worth.append(share)
    low = sum(worth) if wanted == 1 else divide(sum(worth), wanted)
    # An undated signal could be from today: it takes the place of the weakest.
    slots = min(wanted, len(undated))
    high = divide(slots * UNIT + sum(worth[: wanted - slots]), wanted) if slots else low
    return _Tally(low, high, fresh, undated, old, later)


def _found(view: View, tally: _Tally, words: _Words, board_read: bool) -> Outcome:
    """Score what was found; a count that falls short is final only when the whole board was read."""
    wanted = words.wanted
    final = board_read or len(tally.fresh) + len(tally.undated) >= wanted
    high = tally.high if final else UNIT
    told = (tally.fresh + tally.undated)[: max(wanted, 3)]
    # One event told twice rests on both tellings; of many postings each has its one.
    single = told[0].evidence if len(told) == 1 else None
    evidence = single or tuple(dict.fromkeys([name for one in told for name in one.evidence[:1]]))
    return Outcome(tally.low, high, partial(_found_words, view, tally, words, board_read), evidence)


def _found_words(view: View, tally: _Tally, words: _Words, board_read: bool) -> str:
    attribute, title, window, wanted, half_life = words
    if not tally.fresh:
        best = tally.undated[0]
        told = f"{title}: {value_words(attribute, best.fact.value)}{cite(view, best.evidence)}"
        return f"{told} is undated, and an undated signal is never taken as fresh."
    first, found = tally.fresh[0], len(tally.fresh)
    if wanted == 1:
        counted = value_words(attribute, first.fact.value)
    else:
        counted = f"{found:,} of {wanted:,}" if found < wanted else f"{found:,} ({wanted:,} wanted)"
    age = days_words(first.on or view.as_of, view.as_of)
    told = f"{title}: {counted}{window}{cite(view, first.evidence)}, the latest {age}"
    if tally.undated:
        told += f"; {len(tally.undated):,} more undated"
    if found < wanted:
        final = board_read and not tally.undated
        told += "; the board was read, so that is all" if final else "; there may be more"
    if half_life is not None and tally.low < UNIT:
        told += f"; counts {tally.low * 100 // UNIT} % at a half-life of {half_life} days"
    return told + "."


def _old_words(view: View, last: Signal, words: _Words) -> str:
    told = f"the latest{cite(view, last.evidence)} was {days_words(last.on or view.as_of, view.as_of)}"
    return f"{words.title}: nothing found{words.window}; {told}."


def _event(view: View, fact: Fact) -> Signal:
    """Return one event with its latest date up to `as_of` (else its first), told by that evidence first."""
    known, as_of, names = view.evidence, view.as_of, fact.evidence
    latest: date | None = None
    told = ""
    for name in names:
        on = known[name].published_at if name in known else None
        if on is None:
            continue
        if latest is None or (latest < on <= as_of) or (on < latest > as_of):
            latest, told = on, name
    if not told or told == names[0]:
        return Signal(latest, fact, names)
    return Signal(latest, fact, (told, *[name for name in names if name != told]))


def _openings(view: View, fact: Fact, where: tuple[Where, ...]) -> list[Signal]:
    """Return a department's openings, each posting with its own date, freshest first.

    A board and a careers page list the same jobs, so tiers are not added up: the k-th freshest opening is
    the freshest k-th of any tier, which can only be too few. A stated total ("12 open roles") is one more
    such list. Without its evidence the fact's own count, undated, is all there is.
    """
    lists: dict[str, dict[tuple[str, int], Signal]] = defaultdict(dict)
    known = False
    for name in fact.evidence:
        item = view.evidence.get(name)
        if item is None or item.polarity != "asserts":
            continue
        known = True
        if not passes(item.value, where):
            continue
        value = item.value if isinstance(item.value, dict) else {}
        count = _count(value)
        if value.get("title") is None and count > 1:
            lists[f"stated by {name}"] = {
                ("", at): Signal(item.published_at, fact, (name,)) for at in range(count)
            }
            continue
        place = (item.document, item.start)
        held = lists[item.source_tier].get(place)
        signal = Signal(item.published_at, fact, (name,))
        if held is None or _order(signal) < _order(held):
            lists[item.source_tier][place] = signal
    if not known and passes(fact.value, where):
        count = _count(fact.value if isinstance(fact.value, dict) else {})
        return [Signal(None, fact, fact.evidence) for _ in range(count)]
    ranked = [sorted(postings.values(), key=_order) for postings in lists.values()]
    longest = max((len(postings) for postings in ranked), default=0)
    return [min((row[at] for row in ranked if at < len(row)), key=_order) for at in range(longest)]


def _count(value: dict[str, JsonValue]) -> int:
    count = value.get("count", 1)
    return min(count, _MOST_OPENINGS) if isinstance(count, int) and count > 0 else 1


def _order(signal: Signal) -> tuple[int, tuple[str, ...]]:
    """Order signals freshest first, undated last, then by id, so that input order never matters."""
    return (-signal.on.toordinal() if signal.on else 0, signal.evidence)


def _denies_all(fact: Fact) -> bool:
    """Tell a denial of all hiring ("we are not hiring") from one of a single department."""
    value = fact.value
    return isinstance(value, dict) and value.get("department") == "other" and value.get("title") is None


def _still_holds(view: View, denied: Fact, test: SignalTest) -> bool:
    """Tell whether a denial is not itself too old to say anything about the window."""
    on = view.dated(denied)
    return on is None or test.within_days is None or (view.as_of - on).days <= test.within_days
