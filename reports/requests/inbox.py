"""What is told of requests: that a unit is asked, that its last day comes near, that an answer came back; to a station
what it answers for its villages; to those above once of all that is late; and to who asked, that all have answered."""

import datetime
from collections.abc import Iterable, Iterator

from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.text.days import short_day
from orgs.inbox.kinds import About, InboxKind
from orgs.inbox.reminders import DeadlineKind, Due, Told
from orgs.units.models import OrgUnit
from reports.requests.models import DataAnswer, DataRequest
from reports.requests.notices import above_of, reminded_today
from reports.requests.querysets import DataAnswerQuerySet, left_above
from reports.requests.states import OPEN_STATES, AnswerState, RequestState
from reports.submissions.people import unmanned


def _to_the_answer(about: About) -> str:
    return reverse("request-answer", args=[about.pk])


def _open(*states: str) -> Q:
    return Q(request__state=RequestState.SENT, state__in=states) & (Q(unit__valid_to=None) | left_above())


def _words(about: About) -> dict[str, str]:
    return {"place": OrgUnit(name=about.place).short_name, "title": about.mark}


def _below() -> DataAnswerQuerySet:
    """What is asked by the request of the outer query."""
    found: DataAnswerQuerySet = DataAnswer.objects.expected().filter(request=OuterRef("pk")).order_by()
    return found


OF_AN_ANSWER = {"place": "unit__name", "mark": "request__title"}
OF_A_REQUEST = {"place": "unit__name", "mark": "title"}
ASKED = InboxKind(
    key="data_asked",
    label=gettext_lazy("要数"),
    icon="journal-check",
    records=DataAnswer.objects.all,
    columns=OF_AN_ANSWER,
    waits=lambda: _open(*OPEN_STATES),
    title=lambda about: _("请填“%(title)s”，已有的数都填好了") % {"title": about.mark},
    url=_to_the_answer,
)
LEFT = InboxKind(
    key="data_left",
    label=gettext_lazy("代填要数"),
    icon="journal-check",
    records=DataAnswer.objects.all,
    columns=OF_AN_ANSWER,
    waits=lambda: _open(*OPEN_STATES) & unmanned(),
    title=lambda about: _("%(place)s没有人在岗了，“%(title)s”由本单位代填") % _words(about),
    url=_to_the_answer,
)
IN_PLACE = InboxKind(
    key="data_in_place",
    label=gettext_lazy("代填要数"),
    icon="journal-check",
    records=DataRequest.objects.all,
    columns=OF_A_REQUEST,
    waits=lambda: Q(Exists(_below().vacant())),
    title=lambda about: _("“%(title)s”：没有人在岗的下级单位由本单位代填") % _words(about),
    url=lambda about: reverse("request-list"),
)
# of those above, once of all that is late
BEHIND = InboxKind(
    key="data_behind",
    label=gettext_lazy("下级要数逾期"),
    icon="exclamation-circle",
    records=DataRequest.objects.all,
    columns=OF_A_REQUEST,
    waits=lambda: Q(Exists(_below().late())),
    title=lambda about: _("%(place)s要的“%(title)s”，下面有单位逾期未答") % _words(about),
    url=lambda about: reverse("request-late", args=[about.pk]),
)
DUE = InboxKind(
    key="data_due",
    label=gettext_lazy("要数期限"),
    icon="clock",
    records=DataAnswer.objects.all,
    columns=OF_AN_ANSWER,
    waits=lambda: _open(*OPEN_STATES),
    title=lambda about: _("%(place)s的“%(title)s”还没有答") % _words(about),
    url=_to_the_answer,
)
RETURNED = InboxKind(
    key="data_returned",
    label=gettext_lazy("要数退回"),
    icon="arrow-counterclockwise",
    records=DataAnswer.objects.all,
    columns=OF_AN_ANSWER,
    waits=lambda: _open(AnswerState.RETURNED),
    title=lambda about: _("“%(title)s”被退回，请改好再送") % {"title": about.mark},
    url=_to_the_answer,
)


def _moved_words(about: About) -> str:
    """The day as it is by now."""
    day, _space, title = about.mark.partition(" ")
    due = short_day(datetime.date.fromisoformat(day)) if day else ""
    words = _words(about) | {"title": title, "due": due}
    return _("期限有调整，%(place)s的“%(title)s”截止日期现在是%(due)s") % words


MOVED = InboxKind(
    key="data_moved",
    label=gettext_lazy("要数期限调整"),
    icon="calendar3",
    records=DataAnswer.objects.all,
    columns={
        "place": "unit__name",
        "mark": lambda: Concat(Cast("due_on", CharField()), Value(" "), "request__title", output_field=CharField()),
    },
    waits=lambda: _open(*OPEN_STATES),
    title=_moved_words,
    url=_to_the_answer,
)
COMPLETE = InboxKind(
    key="data_complete",
    label=gettext_lazy("要数收齐"),
    icon="check-circle",
    records=DataRequest.objects.all,
    columns=OF_A_REQUEST,
    waits=lambda: Q(state=RequestState.SENT) & ~Q(Exists(_below())),
    title=lambda about: _("“%(title)s”都答齐了，可以收结") % {"title": about.mark},
    url=lambda about: reverse("request-detail", args=[about.pk]),
)


def not_answered(first: datetime.date, last: datetime.date) -> Iterable[Due]:
    """What is due between ``first`` and ``last`` of requests that are open, of units with somebody who can answer, but
    for those reminded today. Those above are told once of all that is late below them."""
    rows = _due_between(first, last).exclude(reminded_today())
    for row, told in _with_those_above(rows.filter(~unmanned())):
        yield Due(about=row, due_on=row.due_on, unit=row.unit, **told)


def not_answered_in_place(first: datetime.date, last: datetime.date) -> Iterable[Due]:
    """As ``not_answered``, of units where nobody holds the post: the next above that has people answers for them."""
    for row, told in _with_those_above(_due_between(first, last).vacant()):
        if office := next((each for each in row.unit.chain() if each.pk in row.in_office[:1]), None):
            yield Due(about=row.request, due_on=row.due_on, unit=office, **told)


def _due_between(first: datetime.date, last: datetime.date) -> DataAnswerQuerySet:
    rows: DataAnswerQuerySet = DataAnswer.objects.expected().filter(due_on__gte=first, due_on__lte=last)
    return rows.with_all().order_by("due_on", "pk")


def _with_those_above(rows: DataAnswerQuerySet) -> Iterator[tuple[DataAnswer, dict[str, Told]]]:
    """(answer, whom its lateness concerns): the unit above, and who leads the county; none beyond who asked, who is
    told at last instead."""
    for row in rows:
        asker, above = row.request.unit, above_of(row.unit)
        head = row.unit.county if row.unit.county and row.unit.county.level >= asker.level else asker
        if above is None or above.level < asker.level:  # it lies elsewhere by now
            above = asker
        yield row, {"above": Told(row.request, above.pk), "head": Told(row.request, head.pk)}


LAST_DAY = DeadlineKind(
    key="data_due", open=not_answered, to="submit_ledger", above="ask_figures", head="ask_figures",
    together="data_behind",
)  # fmt: skip
LAST_DAY_IN_PLACE = DeadlineKind(
    key="data_in_place", open=not_answered_in_place, to="submit_ledger", above="ask_figures", head="ask_figures",
    together="data_behind",
)  # fmt: skip
