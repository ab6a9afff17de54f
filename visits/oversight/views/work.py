"""How the patrols of a month went: for stations by village, for counties by township and village."""

from django.shortcuts import render

from childwelfare.text.months import after, lately, read_month
from orgs.access.declarations import NUMBERS, needs
from visits.oversight.work import sums_by_unit_above, work_of


@needs("accept_visit", "settle_station_work", reads=NUMBERS)
def work(request):
    permission = "accept_visit" if request.post.holds("accept_visit") else "settle_station_work"
    first = read_month(request.GET.get("month", ""))
    rows = work_of(request.post, permission, first, after(first))
    context = {
        "month": first,
        "months": lately(),
        "rows": [row for row in rows if not row.empty],
        "townships": sums_by_unit_above(rows, "township") if request.post.unit.level == 2 else [],
    }
    return render(request, "visits/oversight/work.html", context)
