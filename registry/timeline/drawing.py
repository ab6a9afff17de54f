"""A line of time as it is drawn: lanes with everything at its place, in the units of the picture.

The picture is one SVG, WIDTH units wide, whose labels are read at any zoom; what it shows stands in a table below it
too, for who can't see it.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from childwelfare.text.days import short_day
from childwelfare.text.words import Words
from registry.timeline.lanes import Bar, Dot, Lane, Tick
from registry.timeline.span import Span

WIDTH, LABELS, HEAD, ROW = 760, 120, 30, 46  # units: the whole, the column of labels, the months, one lane
LETTER = 13  # units that a character of a bar's label takes


@dataclass(frozen=True)
class DrawnBar:
    bar: Bar
    x: float
    width: float
    label: str  # as much of it as fits


@dataclass(frozen=True)
class DrawnDot:
    dot: Dot
    x: float


@dataclass(frozen=True)
class DrawnTick:
    tick: Tick
    x: float
    words_x: float
    anchor: str
    label: Words


@dataclass(frozen=True)
class DrawnLane:
    lane: Lane
    y: int
    bars: list[DrawnBar]
    dots: list[DrawnDot]
    ticks: list[DrawnTick]

    @property
    def words(self) -> list[Words]:
        """All that the lane shows, in the order of its days."""
        found: list[tuple[datetime.date, Words]] = [(bar.since, _bar_words(bar)) for bar in self.lane.bars]
        found += [(dot.on, f"{short_day(dot.on)} {dot.title}") for dot in self.lane.dots]
        found += [(tick.on, str(tick.label)) for tick in self.lane.ticks]
        return [words for _day, words in sorted(found, key=lambda pair: pair[0])]


@dataclass(frozen=True)
class Mark:
    x: float
    label: str


@dataclass(frozen=True)
class Drawing:
    """``today_x``: where today's line stands."""

    lanes: list[DrawnLane]
    marks: list[Mark]
    today_x: float
    height: int
    width: int = WIDTH
    labels: int = LABELS
    head: int = HEAD


def draw(lanes: Iterable[Lane], span: Span, today: datetime.date) -> Drawing:
    drawn = [_drawn(lane, HEAD + number * ROW, span, today) for number, lane in enumerate(lanes)]
    by_year = len({day.month for day in span.marks()}) == 1
    marks = [Mark(_x(span, day), date_format(day, "Y") if by_year else _month(day)) for day in span.marks()]
    return Drawing(drawn, marks, _x(span, today), HEAD + len(drawn) * ROW)


def _drawn(lane: Lane, y: int, span: Span, today: datetime.date) -> DrawnLane:
    bars = [
        _bar(bar, span, today) for bar in lane.bars if bar.since <= span.until and (bar.until or today) >= span.since
    ]
    # what is to come says its day itself: words beside its end would lie on it
    is_told = any(drawn.bar.is_to_come and drawn.label for drawn in bars)
    return DrawnLane(
        lane,
        y,
        bars,
        [DrawnDot(dot, _x(span, dot.on)) for dot in lane.dots if span.has(dot.on)],
        [_tick(tick, span, is_told=is_told) for tick in lane.ticks if span.has(tick.on)],
    )


def _bar(bar: Bar, span: Span, today: datetime.date) -> DrawnBar:
    x = _x(span, bar.since)
    end = _x(span, (bar.until or today) + datetime.timedelta(days=1))
    width = max(end - x, 4.0)
    fits, label = int((width - 8) // LETTER), str(bar.label)
    return DrawnBar(bar, x, round(width, 1), label if len(label) <= fits else "")


def _tick(tick: Tick, span: Span, *, is_told: bool) -> DrawnTick:
    """Its words stand on its right, where what is to come leaves room; on its left where it is late, or where the
    picture ends."""
    x = _x(span, tick.on)
    on_the_left = tick.is_late or x + 8 + len(str(tick.label)) * LETTER > WIDTH
    label = "" if is_told else tick.label
    return DrawnTick(tick, x, x - 6 if on_the_left else x + 6, "end" if on_the_left else "start", label)


def _x(span: Span, day: datetime.date) -> float:
    return round(LABELS + (WIDTH - LABELS) * span.share(day), 1)


def _month(day: datetime.date) -> str:
    return date_format(day, pgettext("date format of a month", "n月"))


def _bar_words(bar: Bar) -> Words:
    what = bar.title or bar.label
    if bar.until is None:
        return _("%(since)s起至今 %(what)s") % {"since": short_day(bar.since), "what": what}
    days = {"since": short_day(bar.since), "until": short_day(bar.until), "what": what}
    return _("%(since)s—%(until)s %(what)s") % days
