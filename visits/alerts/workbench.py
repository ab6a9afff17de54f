"""Urgent reports on the workbench: what is to be signed for, and what became of one's own."""

import json

from django.db.models import Case, CharField, When
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs.posts.models import Appointment
from orgs.workbench.kinds import NewsKind, TodoKind, Waiting
from visits.alerts.codes import Situation
from visits.alerts.models import ACKNOWLEDGED_WITHIN, Alert, AlertEvent, screened_in_words
from visits.alerts.services.raising import TIERS_THAT_SIGN


def to_sign(post: Appointment):
    """For the tiers that sign, what theirs did not; for others with the duty, what nobody signed for."""
    alerts = Alert.objects.visible_to(post, "view_alert").open()
    column = TIERS_THAT_SIGN.get(post.unit.level)
    return alerts.filter(**{column: None}) if column else alerts.unacknowledged()


def _situations(row: Waiting) -> str:
    """``mark``: the codes as JSON, or the question of the urgent screen."""
    if row.mark and not row.mark.startswith("["):
        return screened_in_words(row.mark)
    words = [str(Situation(code).label) for code in json.loads(row.mark or "[]")]
    return _("；").join(words) or _("紧急报告")


TO_SIGN = TodoKind(
    key="alert",
    label=gettext_lazy("紧急"),
    icon="exclamation-triangle",
    waiting=to_sign,
    columns={
        "since": "made_at",
        "child": "child",
        "place": "village__name",
        "made_by": "made_by__name",
        "mark": Case(When(screened="", then=Cast("situations", CharField())), default="screened"),
    },
    what=_situations,
    url=lambda row: reverse("alert-detail", args=[row.pk]),
    action=gettext_lazy("签收"),
    permission="acknowledge_alert",
    within=ACKNOWLEDGED_WITHIN,
    urgent=True,
)
OWN_ALERTS = NewsKind(
    key="alert",
    events=lambda post: AlertEvent.objects.filter(record__made_by=post.person_id),
    titles={
        "acknowledge": gettext_lazy("紧急报告已签收"),
        "close": gettext_lazy("紧急报告已办结"),
        "reopen": gettext_lazy("紧急报告重新处置"),
    },
    columns={"child": "record__child"},
    url=lambda news: reverse("alert-detail", args=[news.pk]),
)
