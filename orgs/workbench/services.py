"""What the workbench shows: one list by urgency, what the units below lack, what became of what was sent."""

import datetime
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import partial

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from childwelfare.tables.counting import numbers_of
from childwelfare.tables.kept import kept_rows
from childwelfare.text.days import midnight, short_day
from childwelfare.text.masking import masked_name
from childwelfare.text.words import Words
from childwelfare.workflow.models import RETURNS
from orgs.holidays.working_days import WorkingDays
from orgs.posts.models import Appointment, Role
from orgs.units.models import OrgUnit
from orgs.workbench.kinds import LACKS, METERS, NEWS_KINDS, TODO_KINDS, Below, Meter, News, TodoKind, Waiting, one_list

READ = 400  # rows of what waits that are read, the most urgent first
SOON = 2  # working days from which on a clock is warm
NEWS_SHOWN = 6
NEWS_FOR = datetime.timedelta(days=30)
TIER_BELOW = {1: Role.COUNTY_OFFICER, 2: Role.TOWNSHIP_CLERK, 3: Role.VILLAGE_DIRECTOR}


@dataclass(frozen=True, kw_only=True)
class Clock:
    """How long there is left, in words; ``tone``: danger when it is over, warm when it is nearly."""

    due: datetime.datetime
    left: str
    until: str
    tone: str = ""
    is_over: bool = False
    is_last_day: bool = False


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the list."""

    kind: TodoKind
    title: str
    what: str
    note: str
    age: str
    clock: Clock | None
    url: str
    action: Words
    since: datetime.datetime
    number: int = 1  # how many records it stands for
    overdue: int = 0  # how many of them are overdue
    pressing: int = 0  # how many are overdue or due today

    @property
    def urgency(self) -> tuple:
        """Urgent ones first, then by the clock, then what has none, the oldest first."""
        return (not self.kind.urgent, self.clock is None, self.clock.due if self.clock else self.since, self.since)


@dataclass(frozen=True, kw_only=True)
class NewsLine:
    """One line of what became of what was sent."""

    at: datetime.datetime
    title: str
    note: str
    tone: str
    url: str


@dataclass
class Group:
    """Kinds that bear one label: ``key`` of the first, ``keys`` of all."""

    key: str
    label: Words
    number: int = 0
    keys: list[str] = field(default_factory=list)


@dataclass
class Bench:
    """``lines``: what waits, most urgent first; ``counts``: [(kind, number)] of those there are. ``cut``: more waits
    than was read; the numbers count all of it nevertheless."""

    lines: list[Line] = field(default_factory=list)
    counts: list[tuple[TodoKind, int]] = field(default_factory=list)
    meters: list[Meter] = field(default_factory=list)
    below: list[Below] = field(default_factory=list)
    news: list["NewsLine"] = field(default_factory=list)
    cut: bool = False

    @property
    def groups(self) -> list["Group"]:
        """The filters above the list: kinds of one label stand together, in the order in which kinds were added."""
        groups: dict[str, Group] = {}
        for kind, number in self.counts:
            group = groups.setdefault(str(kind.label), Group(kind.key, kind.label))
            group.number += number
            group.keys.append(kind.key)
        return list(groups.values())

    @property
    def total(self) -> int:
        return sum(number for _kind, number in self.counts)


def bench_of(post: Appointment, *, now: datetime.datetime | None = None) -> Bench:
    """Everything that the workbench of ``post`` shows. A query for all that waits (two where there is more than READ),
    one for each other part."""
    now = now or timezone.now()
    rows = waiting_for(post)
    numbers = _numbers(post, rows)
    return Bench(
        lines=lines_of(rows, post, now, numbers),
        counts=[(kind, numbers[key]) for key, kind in TODO_KINDS.items() if numbers[key]],
        meters=[meter for meters in METERS for meter in meters(post)],
        below=units_below(post),
        news=news_for(post, now),
        cut=sum(numbers.values()) > len(rows),
    )


def lines_labelled(label: Words, bench: Bench, post: Appointment, now: datetime.datetime | None = None) -> list[Line]:
    """The lines of the kinds that bear ``label``; where ``bench`` was cut they are read by themselves, READ of them."""
    if not bench.cut:
        return [line for line in bench.lines if str(line.kind.label) == str(label)]
    kinds = {kind.key: number for kind, number in bench.counts if str(kind.label) == str(label)}
    return lines_of(waiting_for(post, list(kinds)), post, now or timezone.now(), Counter(kinds))


def _numbers(post: Appointment, rows: list[Waiting]) -> Counter[str]:
    """How many of each kind wait: counted among ``rows``, or as the badges count where those are not all."""
    if len(rows) < READ:
        return Counter(row.kind for row in rows)
    waiting = {kind: partial(kind.waiting, post) for kind in TODO_KINDS.values()}
    return Counter({kind.key: n for kind, n in numbers_of(waiting, reach=post.reach, beside=post.unit).items()})


def news_for(post: Appointment, now: datetime.datetime) -> list[NewsLine]:
    """What others did last with what the post's person had sent. One query."""
    kinds, after = tuple(NEWS_KINDS.values()), midnight(timezone.localdate(now) - NEWS_FOR)

    def asked() -> QuerySet:
        return one_list([kind.rows(post, after=after) for kind in kinds], ["-w_at"])[:NEWS_SHOWN]

    return [_news_line(News(*row)) for row in kept_rows(("news", post.reach, kinds, after, NEWS_SHOWN), asked)]


def _news_line(news: News) -> NewsLine:
    kind = NEWS_KINDS[news.kind]
    return NewsLine(
        at=news.at,
        title=f"{news.name if news.is_named else masked_name(news.name)} {kind.titles[news.action]}".strip(),
        note="：".join(part for part in (news.person, news.reason) if part),
        tone="warm" if news.action in RETURNS or news.action in kind.bad else "",
        url=kind.url(news),
    )


def waiting_for(post: Appointment, kinds: Collection[str] = ()) -> list[Waiting]:
    """What waits for ``post``, of every kind or of ``kinds``, the most urgent first; READ rows at most. One query."""
    wanted = tuple(kind for key, kind in TODO_KINDS.items() if not kinds or key in kinds)

    def asked() -> QuerySet:
        return one_list([kind.rows(post) for kind in wanted], ["w_rank", "w_until", "w_since"])[:READ]

    return [Waiting(*row) for row in kept_rows(("waiting", post.reach, wanted, READ), asked)]


def lines_of(rows: list[Waiting], post: Appointment, now: datetime.datetime, numbers: Mapping[str, int]) -> list[Line]:
    """``rows`` in words with their clocks, most urgent first; what is better done at one sitting as one line.
    ``numbers``: {kind: how many wait}, which may be more than were read."""
    if not rows:
        return []
    days = WorkingDays(timezone.localdate(min(row.since for row in rows)), timezone.localdate(now))
    by_kind: dict[str, list[Waiting]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row)
    lines = []
    for key, found in by_kind.items():
        kind = TODO_KINDS[key]
        together = kind.together(found) if kind.together else None
        if together:
            taken = {row.pk for row in together.rows}
            found = [row for row in found if row.pk not in taken]
            oldest = min(together.rows, key=lambda row: row.since)
            clocks = [clock_of(kind, row, now, days) for row in together.rows]
            title = together.title
            if numbers[key] > len(by_kind[key]):
                title = _("至少 %(what)s") % {"what": title}
            lines.append(
                Line(
                    kind=kind, title=title, what="", note=together.note, since=oldest.since,
                    age=_("最久 %(age)s") % {"age": _age_of(oldest, now)},
                    clock=clock_of(kind, oldest, now, days),
                    url=together.url, action=together.action, number=len(together.rows), **_pressing(clocks),
                )
            )  # fmt: skip
        lines += [_line(kind, row, post, now, days) for row in found]
    return sorted(lines, key=lambda line: line.urgency)


def _line(kind: TodoKind, row: Waiting, post: Appointment, now: datetime.datetime, days: WorkingDays) -> Line:
    sent = short_day(timezone.localtime(row.since))
    place = OrgUnit(name=row.place).short_name
    clock = clock_of(kind, row, now, days)
    return Line(
        kind=kind,
        title=row.name if row.is_named else masked_name(row.name),
        what=kind.what(row),
        note=" ".join(part for part in (place, row.made_by, sent) if part),
        age=_age_of(row, now),
        clock=clock,
        url=kind.url(row),
        action=kind.action if not kind.permission or post.holds(kind.permission) else _("查看"),
        since=row.since,
        **_pressing([clock]),
    )


def _pressing(clocks: list[Clock | None]) -> dict[str, int]:
    """Of records with these clocks: how many are overdue, how many that or due today."""
    running = [clock for clock in clocks if clock]
    overdue = sum(clock.is_over for clock in running)
    return {"overdue": overdue, "pressing": overdue + sum(clock.is_last_day for clock in running)}


def _age_of(row: Waiting, now: datetime.datetime) -> str:
    """How long ``row`` has waited; in days where no more than the day is known of it."""
    if row.since_day is None:
        return age_in_words(now - row.since)
    days = (timezone.localdate(now) - row.since_day).days
    return ngettext("%(n)s 天", "%(n)s 天", days) % {"n": days} if days > 0 else _("不到 1 天")


def age_in_words(age: datetime.timedelta) -> str:
    """3 天, 1 小时 7 分; nothing is younger than now, whatever the clock that dated it."""
    age = max(age, datetime.timedelta())
    if age.days:
        return ngettext("%(n)s 天", "%(n)s 天", age.days) % {"n": age.days}
    hours, minutes = divmod(max(0, int(age.total_seconds())) // 60, 60)
    return _("%(h)s 小时 %(m)s 分") % {"h": hours, "m": minutes} if hours else _("%(m)s 分钟") % {"m": minutes}


def clock_of(kind: TodoKind, row: Waiting, now: datetime.datetime, days: WorkingDays) -> Clock | None:
    """The clock of ``row``; None where it has none."""
    if kind.within:
        due = row.since + kind.within
        over = now > due
        left = age_in_words(now - due) if over else age_in_words(due - now)
        return Clock(
            due=due,
            left=(_("已过 %(time)s") if over else _("还剩 %(time)s")) % {"time": left},
            until=_("限 %(n)s 小时") % {"n": int(kind.within.total_seconds() // 3600)},
            tone="danger" if over or kind.urgent else "warm",
            is_over=over,
            is_last_day=not over and timezone.localdate(due) == timezone.localdate(now),
        )
    today = timezone.localdate(now)
    if row.due_on:
        last, until = row.due_on, short_day(row.due_on)
    elif kind.days:
        last = days.after(timezone.localdate(row.since), kind.days)
        until = _("限 %(n)s 个工作日") % {"n": kind.days}
    else:
        return None
    left_days = days.between(today, last)
    if today > last:
        late = (today - last).days
        words, tone = ngettext("逾期 %(n)s 天", "逾期 %(n)s 天", late) % {"n": late}, "danger"
    elif today == last or left_days == 0:
        words, tone = _("今天到期"), "warm"
    else:
        left = ngettext("还剩 %(n)s 天", "还剩 %(n)s 天", left_days) % {"n": left_days}
        words, tone = left, "warm" if left_days <= SOON else ""
    midnight = timezone.make_aware(datetime.datetime.combine(last, datetime.time.max))
    return Clock(
        due=midnight, left=words, until=until, tone=tone, is_over=today > last,
        is_last_day=today <= last and (today == last or left_days == 0),
    )  # fmt: skip


def units_below(post: Appointment) -> list[Below]:
    """The units of the next tier that lack something, the worst first, with who holds the post there."""
    if post.unit.level not in TIER_BELOW:
        return []
    lacking: dict[int, Below] = {}
    for lacks in LACKS:
        for pk, found in lacks(post).items():
            lacking.setdefault(pk, Below(None)).lacks += found
    if not lacking:
        return []
    role = TIER_BELOW[post.unit.level]
    for unit in OrgUnit.objects.visible_to(post, "view_unit").filter(pk__in=lacking):
        lacking[unit.pk].unit = unit
    for held in Appointment.objects.current().filter(unit__in=lacking, role=role).select_related("person"):
        lacking[held.unit_id].posts.append(held)
    below = [each for each in lacking.values() if each.unit is not None]
    return sorted(below, key=lambda each: (-each.weight, each.unit.code or "", each.unit.pk))
