"""Ways on from a visit: to the page where its next step is done, for whoever may do it; and back from its change."""

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext as _

from childwelfare.text.days import short_day
from orgs.posts.models import Appointment
from registry.changes.models import Change
from visits.visit.codes import NextStep
from visits.visit.models import Visit


def way_on(visit: Visit, post) -> dict | None:
    """{url, label} of the page for the visit's next step, where ``post`` may do it there."""
    return WAYS[visit.next_step](visit, post) if visit.next_step in WAYS else None


def _to_alert(visit: Visit, post) -> dict | None:
    if not post.may("raise_alert", visit.child):
        return None
    url = f"{reverse('alert-new')}?child={visit.child_id}"
    return {"url": url, "label": _("下落不明、可能有危险：紧急报告")}


def _to_stay(visit: Visit, post) -> dict | None:
    if not post.may("stay_child", visit.child):
        return None
    return {"url": reverse("child-stay", args=[visit.child_id]), "label": _("登记临时居住")}


def _to_change(visit: Visit, post) -> dict | None:
    change = visit.noticed.order_by("made_at").last() if post.may("view_child", visit.child) else None
    return {"url": reverse("change-detail", args=[change.pk]), "label": _("查看地址变更")} if change else None


WAYS: dict[str, Callable[[Visit, Appointment], dict | None]] = {
    NextStep.TELL_STATION: _to_alert,
    NextStep.STAY: _to_stay,
    NextStep.CORRECT_ADDRESS: _to_change,
}


def origin_of(change: Change, post) -> dict | None:
    """The visit on which a change was noticed (registry.changes.diff.ORIGINS)."""
    visit = Visit.objects.open_to(post, "view_visit").filter(noticed=change).first()
    if visit is None:
        return None
    day = short_day(visit.visited_on)
    return {"url": reverse("visit-detail", args=[visit.pk]), "label": _("%(day)s的走访") % {"day": day}}
