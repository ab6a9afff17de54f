"""What units are told of needs: that one came to them, went on, is due, and how one that they found ended."""

import datetime
from collections.abc import Callable

from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.text.days import short_day
from childwelfare.text.words import Words
from orgs.inbox.kinds import About, InboxKind
from registry.needs.codes import Kind
from registry.needs.models import Need, NeedState
from registry.needs.presentation import ending_in_words

BAR = Value("|")


def _words(about: About) -> dict[str, str]:
    """Of a kind's row: ``mark`` holds kind, last day, and how it ended, if it did."""
    kind, due_on, outcome, satisfaction = about.mark.split("|")
    day = short_day(datetime.date.fromisoformat(due_on))
    how = ending_in_words(outcome, satisfaction) or _("后来又重新办理")
    return {"name": about.who, "kind": str(Kind(kind).label), "day": day, "how": how}


def _told(
    key: str,
    label: Words,
    icon: str,
    title: Callable[[], str],
    *,
    news: bool = False,
    urgent: bool = False,
    waits: Callable[[], Q] = lambda: Q(state=NeedState.OPEN),
):
    """A kind of message of a need; ``title()`` has %(name)s, %(kind)s, %(day)s, the last day, and %(how)s it ended.
    What is no news waits while the need is open."""
    return InboxKind(
        key=key,
        label=label,
        icon=icon,
        records=Need.objects.all,
        columns={
            "child": "child",
            "place": "village__name",
            "mark": Concat(
                "kind", BAR, Cast("due_on", CharField()), BAR, "outcome", BAR, "satisfaction", output_field=CharField()
            ),
        },
        waits=(lambda: Q()) if news else waits,
        news=news,
        title=lambda about: title() % _words(about),
        url=lambda about: reverse("need-detail", args=[about.pk]),
        urgent=urgent,
    )


def _due() -> Q:
    """What is open and due by today: about a reminder of what was put off or went on nothing is to be done."""
    return Q(state=NeedState.OPEN, due_on__lte=timezone.localdate())


def _overdue() -> Q:
    return Q(state=NeedState.OPEN, due_on__lt=timezone.localdate())


NEED_KINDS = (
    _told("need_passed_up", gettext_lazy("需求报上来"), "arrow-right",
          lambda: _("下级报来%(name)s的需求“%(kind)s”，%(day)s前办结")),
    _told("need_passed_down", gettext_lazy("需求交下来"), "arrow-right",
          lambda: _("上级交来%(name)s的需求“%(kind)s”，%(day)s前办结")),
    _told("need_assigned", gettext_lazy("需求指定给我"), "person",
          lambda: _("请您承办%(name)s的需求“%(kind)s”，%(day)s前办结")),
    _told("need_escalated", gettext_lazy("需求逾期升级"), "exclamation-circle",
          lambda: _("%(name)s的需求“%(kind)s”逾期没有办结，已升到您这里，%(day)s前办结"), urgent=True),
    _told("need_without_owner", gettext_lazy("需求没有人承办"), "person-exclamation",
          lambda: _("%(name)s的需求“%(kind)s”的承办人离任，由您这里办理，%(day)s前办结")),
    _told("need_came", gettext_lazy("需求随孩子转入"), "house",
          lambda: _("%(name)s转入，还有需求“%(kind)s”在办，%(day)s前办结")),
    _told("need_due", gettext_lazy("需求到期"), "clock",
          lambda: _("%(name)s的需求“%(kind)s”到期，%(day)s前办结"), waits=_due),
    _told("need_overdue", gettext_lazy("需求逾期"), "calendar-x",
          lambda: _("%(name)s的需求“%(kind)s”逾期没有办结，现在的期限是%(day)s"),
          waits=_overdue),
    _told("need_due_moved", gettext_lazy("需求改期限"), "clock-history",
          lambda: _("%(name)s的需求“%(kind)s”由上级改了期限，%(day)s前办结")),
    _told("need_reopened", gettext_lazy("需求重新办理"), "arrow-counterclockwise",
          lambda: _("%(name)s的需求“%(kind)s”重新办理，%(day)s前办结")),
    _told("need_moved", gettext_lazy("需求期限随放假安排调整"), "calendar-check",
          lambda: _("放假安排有变，在办需求的期限随之调整，如%(name)s的“%(kind)s”改为%(day)s前办结"), news=True),
    _told("need_gone_up", gettext_lazy("需求由上级接办"), "info-circle",
          lambda: _("%(name)s的需求“%(kind)s”已由上级接办"), news=True),
    _told("need_settled", gettext_lazy("需求办结"), "check-circle",
          lambda: _("您记录的%(name)s的需求“%(kind)s”已办结：%(how)s"), news=True),
    _told("need_voided", gettext_lazy("需求撤销"), "x-circle",
          lambda: _("您记录的%(name)s的需求“%(kind)s”已被上级撤销"), news=True),
    _told("need_unsatisfied", gettext_lazy("办结后家庭不满意"), "exclamation-circle",
          lambda: _("%(name)s的需求“%(kind)s”办结了：%(how)s；没办好的可以重新办理"), news=True),
)  # fmt: skip
