"""What posts are told of plans: that one came back, was approved, has ended, and who leads it now."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs.inbox.kinds import About, InboxKind
from registry.plans.models import Plan, PlanState


def _to_the_plan(about: About) -> str:
    return reverse("plan-detail", args=[about.pk])


RETURNED = InboxKind(
    key="plan_returned",
    label=gettext_lazy("方案退回"),
    icon="arrow-counterclockwise",
    records=Plan.objects.all,
    columns={"child": "child"},
    waits=lambda: Q(state=PlanState.RETURNED),
    title=lambda about: _("%(name)s的帮扶方案被退回，请修改") % {"name": about.who},
    url=_to_the_plan,
)
APPROVED = InboxKind(
    key="plan_approved",
    label=gettext_lazy("方案批准"),
    icon="check-circle",
    records=Plan.objects.all,
    columns={"child": "child"},
    waits=lambda: Q(state=PlanState.APPROVED),
    title=lambda about: _("%(name)s的帮扶方案已批准，可以照着做了") % {"name": about.who},
    url=_to_the_plan,
    news=True,
)
LED = InboxKind(
    key="plan_led",
    label=gettext_lazy("请您牵头"),
    icon="person-badge",
    records=Plan.objects.all,
    columns={"child": "child"},
    waits=lambda: Q(state=PlanState.APPROVED),
    title=lambda about: _("%(name)s的帮扶方案由您牵头") % {"name": about.who},
    url=_to_the_plan,
    news=True,
)
CLOSED = InboxKind(
    key="plan_closed",
    label=gettext_lazy("方案结束"),
    icon="folder2-open",
    records=Plan.objects.all,
    columns={"child": "child"},
    waits=lambda: Q(state=PlanState.CLOSED),
    title=lambda about: _("%(name)s的帮扶方案已结束") % {"name": about.who},
    url=_to_the_plan,
    news=True,
)
