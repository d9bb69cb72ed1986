"""Score dated signals: how many there are, how fresh each is, and what an undated one could be worth."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pydantic import JsonValue

from agent.icp.catalogue import use_of
from agent.icp.model import SignalTest
from agent.models import SOURCES
from agent.scoring.outcome import (
    MOST_KEPT,
    Evaluate,
    Outcome,
    Ruling,
    Rulings,
    compile_silence,
    conflict,
    not_met,
    unknown,
)
from agent.scoring.units import UNIT, decay, divide
from agent.scoring.view import FactRow, Narrowings, View, narrowings, passes
from agent.scoring.wording import both_sides, cite, days_words, value_words, words_of

_MOST_OPENINGS = 1_000
"""No criterion asks for more, so a board of 40,000 jobs costs no more than this."""
Signal = tuple[date | None, FactRow, tuple[str, ...]]
"""One event: its day (`None` when undated), the fact, and the evidence that tells it."""


_Tally = tuple[int, int, list[Signal], list[Signal], list[Signal], int]
"""What signals add up to: shares of the wanted count, proven and at best; the fresh, the undated, the old
ones; and how many are dated later than `as_of`."""


def compile_signal(test: SignalTest) -> Evaluate:
    """Return the evaluator of a dated signal."""
    attribute, where = test.attribute, narrowings(test.where)
    counted = attribute == "hiring"
    words = _Words.of(test)
    title = words.title
    known = Rulings(_found_words)
    lone = not counted and test.min_count == 1
    silent = compile_silence(attribute, title + words.window)

    def dispute(view: View, fact: FactRow) -> str:
        return f"{title}: {both_sides(view, fact)}."

    def evaluate(view: View) -> Outcome:
        facts = view.facts.get(attribute)
        if facts is None:
            return silent(view)
        if lone and len(facts) == 1 and facts[0]["status"] == "supported":
            fact = facts[0]
            if not where or passes(fact["value"], where):
                on, _, names = _event(view, fact)
                ruling = words.of_age((view.as_of - on).days) if on is not None else None
                if ruling is not None:
                    return ruling, fact, names
        signals: list[Signal] = []
        disputed: FactRow | None = None
        denied: FactRow | None = None
        for fact in facts:
            if fact["status"] == "supported":
                if counted:
                    signals += _openings(view, fact, where)
                elif not where or passes(fact["value"], where):
                    signals.append(_event(view, fact))
            elif passes(fact["value"], where) or (counted and _denies_all(fact)):
                if fact["status"] == "contradicted":
                    disputed = disputed or fact
                else:
                    denied = denied or fact
        tally = _tally(view.as_of, signals, words)
        low, _, fresh, undated, old, later = tally
        if disputed is not None and low < UNIT:
            return conflict(dispute, disputed, low=low)
        if fresh or undated:
            return _found(tally, words, counted and _whole_board_read(view), known)
        if denied is not None and _still_holds(view, denied, test):
            said = f"{title}: {value_words(attribute, denied['value'])} is denied{cite(view, denied['evidence'])}."
            return not_met(said, evidence=denied["evidence"])
        if old:
            last = old[0]
            return words.passed, (last, words), last[2]
        if later:
            return unknown(f"{title}: only dated after {view.as_of.isoformat()}, so not yet happened.")
        return silent(view)

    return evaluate


def _whole_board_read(view: View) -> bool:
    """Tell whether a count of openings is final: a board cut off by the cap may hold more of them."""
    return view.reading[SOURCES.index("jobs")] == "read" and "jobs" not in view.unread


class _Words(NamedTuple):
    """One test made ready: what it asks for and what its sentences share.

    `shares` remembers what each age in days is worth, `lone` the rulings on one event of that age; `faded`
    closes the sentence on one that is worth less; `passed` rules on signals that are all too old.
    """

    attribute: str
    title: str
    window: str
    wanted: int
    within: int | None
    half_life: Decimal | None
    faded: str
    shares: dict[int, int]
    lone: dict[int, Ruling]
    passed: Ruling

    @classmethod
    def of(cls, test: SignalTest) -> _Words:
        subject = use_of(test.attribute).subject
        narrowed = ", ".join(value.replace("_", " ") for part in test.where for value in part.values)
        return cls(
            attribute=test.attribute,
            title=f"{subject[0].upper()}{subject[1:]}" + (f" ({narrowed})" if narrowed else ""),
            window=f" within {test.within_days:,} days" if test.within_days else "",
            wanted=test.min_count,
            within=test.within_days,
            half_life=test.half_life_days,
            faded=f" % at a half-life of {test.half_life_days or 0:f} days",
            shares={},
            lone={},
            passed=Ruling(0, UNIT, tell=_old_words),
        )

    def of_age(self, age: int) -> Ruling | None:
        """Return the ruling on one event of that age where one is wanted; `None` when it is not a fresh one."""
        ruling = self.lone.get(age)
        if ruling is not None or age < 0 or (self.within is not None and age > self.within):
            return ruling
        if len(self.lone) >= MOST_KEPT:
            self.lone.clear()
        share = _share(age, self)
        ending = f", the latest {days_words(age)}{_worth_words(share, self)}."
        ruling = self.lone[age] = Ruling(
            share,
            share,
            ending,
            words=words_of(self.attribute),
            opening=f"{self.title}: ",
            middle=self.window,
        )
        return ruling


def _tally(as_of: date, signals: list[Signal], words: _Words) -> _Tally:
    """Sort signals by freshness and add up the freshest."""
    wanted, within = words.wanted, words.within
    fresh: list[Signal] = []
    undated: list[Signal] = []
    old: list[Signal] = []
    later = 0
    for signal in signals:
        on = signal[0]
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
    for on, _, _ in fresh[:wanted]:
        worth.append(_share((as_of - (on or as_of)).days, words))
    low = sum(worth) if wanted == 1 else divide(sum(worth), wanted)
    # An undated signal could be from today: it takes the place of the weakest.
    slots = min(wanted, len(undated)) if undated else 0
    high = divide(slots * UNIT + sum(worth[: wanted - slots]), wanted) if slots else low
    return low, high, fresh, undated, old, later


def _share(age: int, words: _Words) -> int:
    share = words.shares.get(age)
    if share is None:
        share = words.shares[age] = decay(age, words.half_life)
    return share


def _found(tally: _Tally, words: _Words, board_read: bool, known: Rulings) -> Outcome:
    """Score what was found; a count that falls short is final only when the whole board was read."""
    low, high, fresh, undated, _, _ = tally
    wanted = words.wanted
    if not board_read and len(fresh) + len(undated) < wanted:
        high = UNIT
    told = [*fresh, *undated][: max(wanted, 3)] if undated else fresh[: max(wanted, 3)]
    # One event told twice rests on both tellings; of many postings each has its one.
    if len(told) == 1 and told[0][2]:
        evidence = told[0][2]
    else:
        evidence = tuple(dict.fromkeys([name for _, _, names in told for name in names[:1]]))
    return known.of(low, high), (tally, words, board_read), evidence


def _found_words(view: View, said: tuple[_Tally, _Words, bool]) -> str:
    (low, _, fresh, undated, _, _), words, board_read = said
    wanted = words.wanted
    if not fresh:
        _, fact, evidence = undated[0]
        told = f"{words.title}: {value_words(words.attribute, fact['value'])}{cite(view, evidence)}"
        return f"{told} is undated, and an undated signal is never taken as fresh."
    on, fact, evidence = fresh[0]
    found = len(fresh)
    if wanted == 1:
        counted = value_words(words.attribute, fact["value"])
    else:
        counted = f"{found:,} of {wanted:,}" if found < wanted else f"{found:,} ({wanted:,} wanted)"
    more = ""
    if undated:
        more = f"; {len(undated):,} more undated"
    if found < wanted:
        final = board_read and not undated
        more += "; the board was read, so that is all" if final else "; there may be more"
    more += _worth_words(low, words)
    age = days_words(0 if on is None else (view.as_of - on).days)
    return f"{words.title}: {counted}{words.window}{cite(view, evidence)}, the latest {age}{more}."


def _worth_words(share: int, words: _Words) -> str:
    return (
        f"; counts {share * 100 // UNIT}{words.faded}" if words.half_life is not None and share < UNIT else ""
    )


def _old_words(view: View, told: tuple[Signal, _Words]) -> str:
    (on, _, evidence), words = told
    latest = f"the latest{cite(view, evidence)} was {days_words((view.as_of - (on or view.as_of)).days)}"
    return f"{words.title}: nothing found{words.window}; {latest}."


def _event(view: View, fact: FactRow) -> Signal:
    """Return one event with its latest date up to `as_of` (else its first), told by that evidence first."""
    known, as_of, names = view.evidence, view.as_of, fact["evidence"]
    latest: date | None = None
    told = ""
    for name in names:
        item = known.get(name)
        if item is None or (on := item["published_at"]) is None:
            continue
        if latest is None or (latest < on <= as_of) or (on < latest > as_of):
            latest, told = on, name
    if not told or told == names[0]:
        return latest, fact, names
    return latest, fact, (told, *[name for name in names if name != told])


def _openings(view: View, fact: FactRow, where: Narrowings) -> list[Signal]:
    """Return a department's openings, each posting with its own date, freshest first.

    A board and a careers page list the same jobs, so tiers are not added up: the k-th freshest opening is
    the freshest k-th of any tier, which can only be too few. A stated total ("12 open roles") is one more
    such list. Without its evidence the fact's own count, undated, is all there is.
    """
    lists: dict[str, dict[tuple[str, int], Signal]] = {}
    known = False
    evidence = view.evidence
    for name in fact["evidence"]:
        item = evidence.get(name)
        if item is None or item["polarity"] != "asserts":
            continue
        known = True
        told = item["value"]
        if where and not passes(told, where):
            continue
        value = told if isinstance(told, dict) else {}
        on = item["published_at"]
        if value.get("title") is None and (count := _count(value)) > 1:
            lists[f"stated by {name}"] = {("", at): (on, fact, (name,)) for at in range(count)}
            continue
        listed = lists.setdefault(item["source_tier"], {})
        place = (item["document"], item["start"])
        signal: Signal = (on, fact, (name,))
        held = listed.get(place)
        if held is None or _order(signal) < _order(held):
            listed[place] = signal
    if not known and passes(fact["value"], where):
        count = _count(fact["value"] if isinstance(fact["value"], dict) else {})
        return [(None, fact, fact["evidence"]) for _ in range(count)]
    ranked = [sorted(postings.values(), key=_order) for postings in lists.values()]
    if len(ranked) < 2:
        return ranked[0] if ranked else []
    longest = max([len(postings) for postings in ranked])
    return [min([row[at] for row in ranked if at < len(row)], key=_order) for at in range(longest)]


def _count(value: dict[str, JsonValue]) -> int:
    count = value.get("count", 1)
    return min(count, _MOST_OPENINGS) if isinstance(count, int) and count > 0 else 1


def _order(signal: Signal) -> tuple[int, tuple[str, ...]]:
    """Order signals freshest first, undated last, then by id, so that input order never matters."""
    on, _, evidence = signal
    return (-on.toordinal() if on else 0, evidence)


def _denies_all(fact: FactRow) -> bool:
    """Tell a denial of all hiring ("we are not hiring") from one of a single department."""
    value = fact["value"]
    return isinstance(value, dict) and value.get("department") == "other" and value.get("title") is None


def _still_holds(view: View, denied: FactRow, test: SignalTest) -> bool:
    """Tell whether a denial is not itself too old to say anything about the window."""
    on = view.dated(denied)
    return on is None or test.within_days is None or (view.as_of - on).days <= test.within_days
