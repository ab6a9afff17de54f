"""A director's day: whom to visit, the most urgent first, and how far the month is."""

import datetime
from dataclasses import dataclass

from orgs.posts.models import Appointment
from visits.help.held import help_here
from visits.schedule.due_list import (
    NotDueYet,
    RoundToDo,
    ToVisit,
    dues_with_reasons,
    not_due_yet,
    progress,
    read_reasons,
    rounds_for,
    with_contacts,
    with_holidays,
    with_visits_not_counted,
)
from visits.schedule.models import VisitDue, VisitRound

SHOWN = 300  # children of the largest village
WEEK = 7  # days


@dataclass(frozen=True)
class Day:
    """Dues with why, where and whom to call: each child stands once. ``visited`` of ``due_here``: children seen this
    month of those whom the post visits.

    Who is overdue stands under ``overdue``, first where the station asked for the visit, which its card says; ``asked``
    are the others. ``unapproved``: children whose files wait for approval, of whom nothing is due. The phone groups
    them alike (static/js/offline/outbox_rules.js, ``groupsOfDay``), and so the badge counts them. ``overdue_here``:
    all, also those not shown; ``left_out``: how many of all that is due are not shown.
    """

    asked: list[VisitDue]
    overdue: list[VisitDue]
    overdue_here: int
    week: list[VisitDue]
    rounds: list[RoundToDo]
    unapproved: list[NotDueYet]
    rest: list[VisitDue]
    visited: int
    due_here: int
    left_out: int


def day_of(post: Appointment, day: datetime.date) -> Day:
    """The visits that ``post`` owes. Eight queries however many they are; more only where not all are shown."""
    running = list(VisitRound.objects.at(post.unit).running(day))
    dues = list(dues_with_reasons(post, "log_visit", running)[:SHOWN])
    rounds = read_reasons(dues, running)
    unapproved = not_due_yet(post, "log_visit")
    with_holidays(dues)
    _describe([*dues, *unapproved], day, post)
    overdue = [due for due in dues if due.is_overdue(day)]
    asked = [due for due in dues if due.extra and not due.is_overdue(day)]
    others = [due for due in dues if not due.extra and not due.is_overdue(day)]
    week = [due for due in others if (due.due_on - day).days <= WEEK]
    shown = {due.pk for due in (*asked, *overdue, *week)}
    for todo in rounds:
        todo.rest = [due for due in todo.dues if due.pk not in shown]
        shown |= {due.pk for due in todo.rest}
        for due in todo.rest:  # the heading names it
            due.in_rounds.remove(todo.round)
    since = day.replace(day=1)
    visited = sum(due.last_seen_on is not None and due.last_seen_on >= since for due in dues)
    shown_here = due_here = len(dues)
    overdue_here = len(overdue)
    if due_here == SHOWN:  # numbers are of all of them
        month, counted = progress(post, day), {each.round: each for each in rounds_for(post, "log_visit", day)}
        visited, due_here = month["visited"], month["due_here"]
        overdue_here = VisitDue.objects.visible_to(post, "log_visit").overdue(day).count()
        for todo in rounds:
            todo.owed, todo.done = counted[todo.round].owed, counted[todo.round].done
    rest = [due for due in others if due.pk not in shown]
    return Day(asked, overdue, overdue_here, week, rounds, unapproved, rest, visited, due_here, due_here - shown_here)


def _describe(dues: list[ToVisit], day: datetime.date, post: Appointment) -> None:
    """Age, guardian, days late, the way there, what was tried or came back, and what help may be begun beside each
    due."""
    with_contacts(dues, post.unit)
    with_visits_not_counted(dues, post)
    here = help_here(post, [due.child for due in dues])
    for due in dues:
        due.help = here[due.child_id]
        due.years = due.child.age(day)
        if isinstance(due, VisitDue):
            due.late = (day - due.due_on).days
