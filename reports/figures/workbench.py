"""The month on the workbench: how far the visits are, whether the relations hold, what each unit below still owes."""

from django.urls import reverse
from django.utils.translation import gettext as _

from orgs.posts.models import Appointment
from orgs.workbench.kinds import Lack, Meter
from reports.figures.queries import figures_with_freshness
from reports.indicators.cross_checks import check_all
from reports.indicators.table import numbers_of
from reports.rollup.models import Figure
from reports.rollup.periods import Period


def month_meters(post: Appointment) -> list[Meter]:
    """Visits of the running month and its cross-checks, as the figures' own page has them, and as fresh."""
    if not post.holds("view_figures"):
        return []
    figures, fresh = figures_with_freshness(post.unit, Period.of().key)
    if figures is None:
        return []
    source = {"url": reverse("figure-home"), "counted_at": fresh["at"], "is_stale": fresh["stale"]}
    due, done, overdue = (figures[key] or 0 for key in ("visits_due", "visits_done", "visits_overdue"))
    note = _("还差 %(n)s，其中逾期 %(late)s") % {"n": due - done, "late": overdue} if due > done else _("都走访到了")
    checks = check_all(figures)
    holding = sum(not gap for _check, gap in checks)
    told = {key: figures[key] or 0 for key in ("registered", "before", "joined", "left")}
    return [
        Meter(label=_("走访"), done=done, of=due, note=note, tone="danger" if overdue else "", **source),
        Meter(
            label=_("勾稽关系"), done=holding, of=len(checks), **source,
            note=_("在册 %(registered)s ＝ 上月末 %(before)s ＋ 增 %(joined)s － 减 %(left)s") % told,
            tone="" if holding == len(checks) else "danger",
        ),
    ]  # fmt: skip


def visits_owed(post: Appointment) -> dict[int, list[Lack]]:
    """What each unit of the next tier still owes of the month's visits."""
    if not post.holds("view_figures"):
        return {}
    period = Period.of().key
    counted = Figure.objects.counted().filter(unit__parent=post.unit, period=period)
    rows = counted.values_list("unit_id", "unit__uid", "numbers")
    found: dict[int, list[Lack]] = {}
    for unit, uid, stored in rows:
        numbers = numbers_of(stored)
        overdue, waiting = numbers["visits_overdue"] or 0, numbers["visits_waiting"] or 0
        lacks = []
        url = reverse("figure-list", args=[uid, "visits_overdue"])
        if waiting or overdue:
            lacks.append(Lack(text=_("%(n)s 人次") % {"n": waiting + overdue}, weight=waiting))
        if overdue:
            text = _("逾期 %(n)s") % {"n": overdue}
            lacks.append(Lack(text=text, weight=1000 * overdue, tone="danger", url=url))
        if lacks:
            found[unit] = lacks
    return found
