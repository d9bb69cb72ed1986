"""An archive may claim to be from the first years there are."""

from __future__ import annotations

from datetime import date

import pytest

from tools.news.dates import days_before
from tools.news.story import best_first


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 2), 730, date(2024, 11, 2)),
        (date(1, 1, 1), 730, date(1, 1, 1)),
        (date(2, 6, 1), 10_000, date(1, 1, 1)),
    ],
)
def test_days_before_stops_at_the_first_day(day: date, count: int, expected: date) -> None:
    assert days_before(day, count) == expected


def test_stories_are_ordered_in_any_year() -> None:
    assert best_first([], date(1, 1, 1), 730) == []
