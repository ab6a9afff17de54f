"""The figures of a unit: cards, map, ledger sheet and cross-checks, from the city down to the village."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from childwelfare.jobs.models import Job
from childwelfare.jobs.services import start
from orgs.access.declarations import NO_CHILD, NUMBERS, needs
from orgs.stale_figures.keys import Kind
from orgs.units.models import Level
from reports.figures.breaks import breaks_of, joined
from reports.figures.maps import outline_of
from reports.figures.queries import broken_checks, freshness, table_of, trend_of
from reports.figures.views.scope import choice_of, path_to, period_of, unit_of
from reports.indicators.breaks import breaks_in, counted_as
from reports.indicators.columns import heads_of
from reports.indicators.cross_checks import CHECKS
from reports.indicators.indicator import Numbers
from reports.indicators.table import BY_KEY, INDICATORS, numbers_of
from reports.indicators.templates import NOT_COUNTED, SUMMARY, LedgerTemplate, Scale, shown
from reports.ledgers.services import templates_at
from reports.rollup.late import late_facts, late_visits
from reports.rollup.periods import Period
from reports.submissions.official import NOTHING, differences, reported_by, reported_of, reported_trend

SORTS = ("visits_overdue", "registered", "share")
CATEGORY_KEYS = ("left_behind", "difficulty", "de_facto", "orphan", "migrant")


@needs("view_figures", reads=NUMBERS)
def figure_home(request):
    """The figures of one's own unit."""
    return _page(request, request.post.unit)


@needs("view_figures", reads=NUMBERS)
def figure_unit(request, uid):
    """The figures of a unit in one's scope."""
    return _page(request, unit_of(request, uid))


@needs("view_figures")
@require_POST
def figure_recount(request, uid):
    """Count a period anew, beside the page; city and county only."""
    unit = unit_of(request, uid)
    if unit.level > 2:
        raise Http404
    try:
        period = Period.of(request.POST.get("period", ""))
    except ValueError:
        period = Period.of()
    title = _("%(unit)s %(period)s重新统计") % {"unit": unit.name, "period": period.label}
    job = start("rollup", title=title, post=request.post, unit=unit.pk, period=period.key)
    return redirect(f"{reverse('figure-unit', args=[unit.uid])}?period={period.key}&job={job.pk}")


@needs("view_figures", reads=NO_CHILD)
def figure_job(request, pk):
    """How far a recount is; asked again by the page until it is over."""
    job = get_object_or_404(Job, pk=pk, post=request.post, kind="rollup")
    response = render(request, "reports/figures/_job.html", {"job": job})
    if job.finished:
        response["HX-Refresh"] = "true"
    return response


def _page(request, unit):
    period = period_of(request)
    # a quarter and a year are not signed
    official = request.GET.get("as") == "official" and period.kind == Kind.MONTH
    unit = unit.as_of(period.last)
    trend = reported_trend(unit, period) if official else trend_of(unit, period)
    counted = bool(trend) and trend[-1][0] == period.key
    context = {
        "unit": unit,
        "period": period,
        "above": path_to(unit, request.post),
        "choice": choice_of(period),
        "counted": counted,
        "fresh": freshness(unit, period.key),
        "may_recount": unit.level <= 2,
        "may_export": request.post.may("export_figures", unit),
        "job": _job(request),
        "template": SUMMARY,
        "official": official,
        "own_switch": "&as=official&" if official else "&",
        "is_month": period.kind == Kind.MONTH,
    }
    if counted:
        context |= _figures(request, unit, period, trend, official=official)
        if official:
            context["snapshot"] = reported_of(unit, period.key)
            context["differences"] = differences(unit, period, numbers_of(trend[-1][1]))
        context["late"] = len(late_facts(unit, period)) + len(late_visits(unit, period))
    return render(request, "reports/figures/unit.html", context)


def _figures(request, unit, period: Period, trend, *, official: bool) -> dict:
    table, figures = table_of(unit, period.key), numbers_of(trend[-1][1])
    if official:  # the same units, each with what is valid of it
        reported = reported_by((below for below, _numbers in table), period.key)
        table = [(below, reported.get(below.pk, NOTHING)) for below, _numbers in table]
    templates = templates_at(unit)
    template = templates.get(request.GET.get("sheet", ""), SUMMARY)
    scale = template.scale_of(request.GET.get("scale", ""))
    rows = [_row(below, numbers, period, official=official) for below, numbers in table]
    breaks = breaks_of(unit, period)
    is_joined = bool(breaks) and request.GET.get("joined") == "1"
    broken = broken_checks(table)
    for row in rows:
        marked = broken.get(row["unit"].pk, ())
        row["cells"] = _cells(row["unit"], row["figures"], period, marked, template, scale, official=official)
    return {
        "templates": templates.values(),
        "template": template,
        "scale": scale,
        "figures": figures,
        "cards": _cards(unit, figures, rows, period, official=official),
        "rows": rows,
        "sorted_rows": _sorted(rows, request.GET.get("sort", "")),
        "sort": request.GET.get("sort") if request.GET.get("sort") in SORTS else SORTS[0],
        "groups": heads_of(template),
        "total": _cells(unit, figures, period, (), template, scale, official=official),
        "checks": _checks(table, template),
        "charts": _charts(unit, figures, rows, joined(trend, breaks) if is_joined else trend),
        "breaks": breaks,
        "is_joined": is_joined,
    }


def _row(unit, figures: Numbers, period: Period, *, official: bool) -> dict:
    due, done = figures["visits_due"], figures["visits_done"]
    share = None if not due or done is None else round(100 * done / due)
    return {"unit": unit, "figures": figures, "share": share, "url": _url(unit, period, official=official)}


def _url(unit, period: Period, key: str = "", *, official: bool) -> str:
    """The page of a unit, or the list behind one of its figures; of the reported figures of a city there is no list."""
    if official and key and unit.level == Level.CITY:
        return ""
    tail = f"{key}/" if key else ""
    return f"/figures/{unit.uid}/{tail}?period={period.key}{'&as=official' if official else ''}"


def _cells(
    unit, figures: Numbers, period: Period, marked, template: LedgerTemplate, scale: Scale, *, official: bool
) -> list[dict]:
    """A sheet's row: each number opens its list, a zero has none; a dash where it was not counted then."""
    cells = []
    for place, indicator in enumerate(template.indicators):
        number = figures[indicator.key]
        cells.append(
            {
                "number": shown(number, scale),
                "url": _url(unit, period, indicator.key, official=official) if number else "",
                "bad": indicator.key in marked,
                "first": not place,
            }
        )
    return cells


def _sorted(rows: list[dict], by: str) -> list[dict]:
    """The comparison table: what needs attention first."""
    if by == "share":
        return sorted(rows, key=lambda row: 101 if row["share"] is None else row["share"])
    key = by if by in SORTS else SORTS[0]
    return sorted(rows, key=lambda row: -(row["figures"][key] or 0))


def _cards(unit, figures: Numbers, rows: list[dict], period: Period, *, official: bool) -> list[dict]:
    gained = _difference(figures["registered"], figures["before"])
    behind = sum(bool(row["figures"]["visits_overdue"]) for row in rows)
    of_all = _("占 %(share)s")

    def share(key, whole="registered"):
        part, of = figures[key], figures[whole]
        return f"{100 * part / of:.1f}%" if of and part is not None else NOT_COUNTED

    visits = _("完成 %(done)s · %(share)s") % {
        "done": shown(figures["visits_done"], Scale.ONES),
        "share": share("visits_done", "visits_due"),
    }
    overdue = _("涉及 %(n)s 个%(tier)s") % {"n": behind, "tier": rows[0]["unit"].get_level_display() if rows else ""}
    asked = (
        ("registered", _("在册儿童"), _("较期初 %(n)s") % {"n": gained}, ""),
        ("visits_due", _("本期应访"), visits, ""),
        ("visits_overdue", _("逾期未访"), overdue if unit.level < 4 else "", "warm"),
        ("risk_high", _("高风险"), of_all % {"share": share("risk_high")}, "danger"),
        ("guardianship_poor", _("监护差"), of_all % {"share": share("guardianship_poor")}, "warm"),
        ("school_dropped_out", _("辍学"), _("义务教育阶段离校"), "warm"),
    )
    return [
        {
            "label": label,
            "value": shown(figures[key], Scale.ONES),
            "note": note,
            "url": _url(unit, period, key, official=official) if figures[key] else "",
            "tone": tone if figures[key] else "",
        }
        for key, label, note, tone in asked
    ]


def _difference(now: int | None, before: int | None) -> str:
    """+3, −2."""
    return NOT_COUNTED if now is None or before is None else f"{now - before:+}".replace("-", "−")


def _checks(table, template: LedgerTemplate) -> list[dict]:
    """Each declared relation, and those of the sheet itself, with the units where it does not hold."""
    return [
        {
            "words": check.words,
            "off": [(unit, abs(gap)) for unit, numbers in table if (gap := check.difference(numbers))],
        }
        for check in (*CHECKS, *template.own_checks)
        if not check.of_last
    ]


def _charts(unit, figures: Numbers, rows: list[dict], trend) -> dict:
    ages = [indicator for indicator in INDICATORS if indicator.key.startswith("age_")]
    charts: dict = {
        "categories": _bars([(BY_KEY[key].label, figures[key] or 0) for key in CATEGORY_KEYS]),
        "ages": _bars([(indicator.label, figures[indicator.key] or 0) for indicator in ages]),
    }
    registered = BY_KEY["registered"]
    told = [(key, counted[1]) for key, stored in trend if (counted := counted_as(registered, stored))]
    if len(told) > 1:
        values = [number for _key, number in told]
        labels = [Period.of(key).short_label for key, _number in told]
        charts["trend"] = {"kind": "line", "x": labels, "series": [{"name": _("在册"), "values": values}]}
        if broken := breaks_in(registered, trend):
            changed = [Period.of(key) for key in broken]
            charts["trend"]["breaks"] = [{"x": each.short_label, "label": _("口径改变")} for each in changed]
            charts["trend_breaks"] = _("、").join(each.label for each in changed)
        charts["trend_words"] = _("在册人数从 %(first)s 到 %(last)s") % {"first": values[0], "last": values[-1]}
    if unit.level == 1 and (outline := outline_of(unit)):
        charts |= _map(outline, rows)
    return charts


def _bars(pairs) -> dict:
    labels, values = zip(*pairs, strict=True)
    return {
        "kind": "bars",
        "labels": [str(label) for label in labels],
        "series": [{"name": _("人数"), "values": values}],
    }


def _map(outline, rows: list[dict]) -> dict:
    """The map of completed visits; counties without an outline are tiles beside it."""
    file, names, small = outline
    known = [row for row in rows if row["share"] is not None]
    if not known:
        return {}
    lowest = min(row["share"] for row in known) // 10 * 10
    values = [
        {
            "name": row["unit"].name,
            "value": row["share"],
            "text": _("完成率 %(share)s%%") % {"share": row["share"]},
            "url": row["url"],
        }
        for row in known
        if row["unit"].name in names
    ]
    for row in rows:
        step = (row["share"] or 0) - lowest
        row["tile"] = 1 + min(3, 4 * step // max(1, 100 - lowest))
    return {
        "map": {
            "kind": "map",
            "map": static(file),
            "unit": "%",
            "min": min(lowest, 90),
            "max": 100,
            "small": small,
            "values": values,
        },
        "tiles": [row for row in rows if row["unit"].name not in names],
    }


def _job(request):
    pk = request.GET.get("job", "")
    try:
        return Job.objects.filter(pk=pk, post=request.post, kind="rollup").first() if pk else None
    except (ValueError, ValidationError):
        return None
