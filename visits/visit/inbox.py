"""What the visitor is told of: that a visit came back."""

import datetime

from django.db.models import CharField, Q
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.text.days import short_day
from orgs.inbox.kinds import About, InboxKind
from visits.visit.models import Visit, VisitState


def _returned(about: About) -> str:
    day = short_day(datetime.date.fromisoformat(about.mark))
    return _("%(day)s对%(name)s的走访被退回，请补充") % {"day": day, "name": about.who}


RETURNED = InboxKind(
    key="visit_returned",
    label=gettext_lazy("走访退回"),
    icon="arrow-counterclockwise",
    records=Visit.objects.all,
    columns={"child": "child", "mark": Cast("visited_on", CharField())},
    waits=lambda: Q(state=VisitState.RETURNED),
    title=_returned,
    url=lambda about: reverse("visit-edit" if about.is_open else "visit-detail", args=[about.pk]),
)
