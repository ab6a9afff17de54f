"""How often, special rounds and extra visits of the made-up city, by the services themselves."""

import datetime

from django.utils import timezone

from childwelfare.demo.makers import MAKERS, Demo
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from registry.child.models import ChildFile
from visits.schedule.models import VisitRound
from visits.schedule.services.extra_visits import order_extra
from visits.schedule.services.recompute import recompute
from visits.schedule.services.rounds import add_round, settle_rounds
from visits.schedule.services.rules import add_rule
from visits.schedule.services.telling import tell_overdue

DAY = datetime.timedelta(days=1)
REASONS = ("学校反映孩子三天没到校，请看看家里情况", "奶奶住院，请核实现在谁在照看")


def make_schedule(demo: Demo) -> int:
    """A rule of the city that is to come and a stricter one of the demo county, a round of each, two extra visits.
    Returns how many of these."""
    county, city, clerk, director = (
        Appointment.objects.with_unit().filter(person__username=f"demo_{name}").first()
        for name in ("county", "city", "clerk", "director")
    )
    if not all((county, city, clerk, director)):
        return 0
    today = timezone.localdate()
    add_rule(by=city, risk="raised", days=14, since=today + 30 * DAY, document="郑民办〔2026〕28号")
    add_rule(by=county, risk="watch", category="orphan", days=15, since=today - 90 * DAY, document="荥民〔2026〕7号")
    for each in OrgUnit.objects.current_counties():
        recompute(each)
    add_round(
        by=city, name=_season(today), since=today - 9 * DAY, until=today + 35 * DAY, document="郑民办〔2026〕31号"
    )
    add_round(
        by=county,
        name="孤儿和事实无人抚养儿童专访",
        since=today + 20 * DAY,
        until=today + 50 * DAY,
        categories=["orphan", "de_facto"],
    )
    VisitRound.objects.create(  # over, as none can be arranged
        unit=city.unit, made_by=city.person, name="节前走访", since=today - 80 * DAY, until=today - 50 * DAY
    )
    settle_rounds()
    own = ChildFile.objects.in_registry().filter(
        village=director.unit, dues__ended_on=None, dues__village=director.unit
    )
    asked = list(zip(own.order_by("-file_number")[:2], REASONS, strict=False))
    for number, (file, reason) in enumerate(asked):
        order_extra(file, by=clerk, due_on=today + (2 + number) * DAY, reason=reason)
    tell_overdue(today)
    return len(asked)


def _season(day: datetime.date) -> str:
    if 5 <= day.month <= 9:
        return "暑期走访"
    return "春节走访" if day.month <= 3 else "入冬走访"


MAKERS.add(make_schedule, order=100)
