"""What visits add to a child's page: the visits, what is due, and the way to log one."""

import datetime
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from childwelfare.pages.components import Action, TimelineEntry, Todo
from childwelfare.tables.beginning import Beginning, beginning_of
from childwelfare.text.days import short_day
from orgs.access.requests import PostRequest
from orgs.posts.models import Appointment
from registry.child.models import ChildFile, FileState
from registry.child.panels import Panel
from registry.stays.models import may_open
from visits.schedule.services.extra_visits import may_order
from visits.visit.models import Visit

SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class VisitsPanel(Panel):
    visits: Beginning[Visit]


def visits_panel(request: PostRequest, file: ChildFile) -> VisitsPanel | None:
    post, today = request.post, timezone.localdate()
    if not may_open(post, "view_visit", file):
        return None
    visits = beginning_of(Visit.objects.filter(child=file).newest_first().select_related("made_by"), SHOWN)
    return VisitsPanel(
        title=_("走访"),
        anchor="visits",
        count_label=_("%(n)s 次") % {"n": visits.number},
        template="visits/visit/_panel.html",
        visits=visits,
        timeline=tuple(_entry(visit) for visit in visits),
        todos=tuple(_todos(file, post, today)),
        action=_action(file, post),
    )


def _action(file: ChildFile, post: Appointment) -> Action | None:
    if file.state == FileState.SUBMITTED and post.may("approve_child", file):
        return Action(url=reverse("review-case", args=["file", file.pk]), icon="clipboard-check", label=_("去审核"))
    if file.is_to_visit and may_open(post, "log_visit", file):
        return Action(url=reverse("visit-new", args=[file.pk]), icon="clipboard-check", label=_("记录走访"))
    return None


def _todos(file: ChildFile, post: Appointment, today: datetime.date) -> list[Todo]:
    due = file.dues.open().first()
    if due is None:
        return []
    late = (today - due.due_on).days
    title = ngettext("走访逾期 %(n)s 天", "走访逾期 %(n)s 天", late) % {"n": late} if late > 0 else _("下次走访")
    note = _("应于%(day)s前，每 %(n)s 天一次") % {"day": short_day(due.due_on), "n": due.days}
    todo = Todo(icon="calendar-check", tone="danger" if late > 0 else "brand", title=title, note=note)
    return [todo, *_extra_todo(file, post)]


def _extra_todo(file: ChildFile, post: Appointment) -> list[Todo]:
    """What the station asked for besides, or the way to ask."""
    extra = file.extra_visits.open().first()
    may = may_order(post, file)
    if extra:
        day = short_day(extra.due_on)
        return [
            Todo(
                icon="calendar-week",
                tone="warm",
                title=_("工作站要求%(day)s前加访") % {"day": day},
                note=extra.reason,
                url=reverse("extra-withdraw", args=[extra.pk]) if may else "",
                action=_("撤回") if may else "",
            )
        ]
    if not may or file.state != FileState.APPROVED:
        return []
    return [
        Todo(
            icon="calendar-week",
            title=_("需要早点去看看"),
            note=_("请主任按期加访，写明为什么"),
            url=reverse("extra-new", args=[file.pk]),
            action=_("要求加访"),
        )
    ]


def _entry(visit: Visit) -> TimelineEntry:
    return TimelineEntry(
        at=visit.made_at,
        on=visit.visited_on,
        title=_("%(method)s走访") % {"method": visit.get_method_display()},
        note=f"{visit.made_by.name} {visit.get_state_display()}",
        tone=visit.STATE_TONES[visit.state],
        kind="visit",
        url=reverse("visit-detail", args=[visit.pk]),
    )
