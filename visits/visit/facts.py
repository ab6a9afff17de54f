"""Facts that visits tell, for indicators of an assessment (registry.instruments.facts): as the last visit that met the
child saw it. A visit that is older than half a year tells nothing any more."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.text.days import short_day
from registry.child.models import ChildFile
from registry.instruments.facts import FACTS, Fact, FactSource
from registry.instruments.file_facts import NO, PARENTS, YES, YES_NO, carers_on
from visits.visit.codes import Carer, Hazard
from visits.visit.models import Visit

TELLS_FOR = datetime.timedelta(days=183)
UNATTENDED_BELOW, ALONE_BELOW = 8, 16  # years: 未成年人保护法 art. 21

Facts = Mapping[Any, Fact]


def last_visits(files: Sequence[ChildFile], on: datetime.date) -> dict[Any, Visit]:
    """{file: the last visit that met the child, of the half year before ``on``}. One query."""
    met = Visit.objects.filter(
        child__in=[file.pk for file in files], visited_on__lte=on, visited_on__gt=on - TELLS_FOR
    ).seen()
    columns = ("child", "visited_on", "carer", "lives_alone", "hazards")
    return {visit.child_id: visit for visit in met.only(*columns).order_by("visited_on", "made_at", "id")}


def _parent_contact_days(files: Sequence[ChildFile], on: datetime.date) -> Facts:
    """Days since the parents were last in contact, as any visit tells it; 0 of a child who lives with them. A day lies
    before the visit that names it, so that of all visits the latest counts."""
    carers, told = carers_on(files, on), {}
    named = Visit.objects.filter(
        child__in=[file.pk for file in files], visited_on__lte=on, parent_contact_on__lte=on
    ).seen()
    last = dict(named.order_by().values_list("child").annotate(day=Max("parent_contact_on")))
    for file in files:
        carer = carers.get(file.pk)
        if carer and carer.relation in PARENTS:
            told[file.pk] = Fact(0, _("与%(who)s一起生活") % {"who": carer.get_relation_display()})
        elif day := last.get(file.pk):
            told[file.pk] = Fact((on - day).days, short_day(day))
    return told


def _hazards(files: Sequence[ChildFile], on: datetime.date) -> Facts:
    told = {}
    for child, visit in last_visits(files, on).items():
        found = [Hazard(code).label for code in Hazard.values if code in visit.hazards]
        told[child] = Fact(len(found), _("%(day)s走访：%(found)s") % {
            "day": short_day(visit.visited_on), "found": _("、").join(map(str, found)) or _("没有隐患"),
        })  # fmt: skip
    return told


def _left_alone(files: Sequence[ChildFile], on: datetime.date) -> Facts:
    """Under 8 with nobody looking after it, or under 16 living alone, as the last visit saw it. Not told where that
    visit asked neither."""
    told, visits = {}, last_visits(files, on)
    for file in files:
        visit = visits.get(file.pk)
        if visit is None or (not visit.carer and visit.lives_alone is None):
            continue
        age = file.age(on)
        alone = visit.carer == Carer.NOBODY and age < UNATTENDED_BELOW
        alone = alone or (bool(visit.lives_alone) and age < ALONE_BELOW)
        told[file.pk] = Fact(YES if alone else NO, _("%(day)s走访") % {"day": short_day(visit.visited_on)})
    return told


VISIT_FACTS = (
    FactSource(
        "parent_contact_days", gettext_lazy("距父母最近一次联系"), _parent_contact_days, unit=gettext_lazy("天")
    ),
    FactSource("hazards", gettext_lazy("最近走访看到的隐患"), _hazards, unit=gettext_lazy("种")),
    FactSource("left_alone", gettext_lazy("无人看护或独居"), _left_alone, codes=YES_NO),
)
FACTS.add(*VISIT_FACTS)
