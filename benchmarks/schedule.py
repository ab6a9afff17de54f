"""A county's open dues follow a new rule: ours beside the bare UPDATE of the same rows, in one run; what a rule would
move, and how far a round is."""

import datetime

from benchmarks._world import fill, median_of

RUNS = 5


def main(children: int = 60_000) -> None:
    """Print medians in ms for one county with ``children`` files, and the ratio ours ÷ bare. Run it by itself: beside
    other benchmarks the county is a sixteenth of their city."""
    from django.db import connection
    from django.db.models import F

    from orgs.units.models import OrgUnit
    from tests.builders import a_round
    from visits.schedule.models import VisitDue, VisitRule
    from visits.schedule.services.recompute import effect_of, recompute
    from visits.schedule.services.rounds import progress_of
    from visits.schedule.services.rules import rules_of

    fill(children, counties=1)
    county = OrgUnit.objects.filter(level=2).order_by("pk").first()
    dues = VisitDue.objects.open().filter(county=county)
    today = datetime.date.today()
    for risk in ("high", "raised", "general", "watch"):
        VisitRule.objects.create(county=county, risk=risk, days=40)
    moved = iter(range(41, 400))

    def ours():
        VisitRule.objects.filter(county=county).update(days=next(moved))
        assert recompute(county.pk) == dues.count()

    def bare():
        days = datetime.timedelta(days=next(moved))
        dues.update(days=days.days, due_on=F("since") + days)

    def looked_at():
        rules = rules_of(county.pk)
        rules[0].days = next(moved)
        effect_of(rules, [county.pk], on=today, risk=rules[0].risk)

    made, city_wide = a_round(county), a_round(county.city)
    works = {
        "recompute": ours,
        "bare UPDATE": bare,
        "recompute where nothing moves": lambda: recompute(county.pk),
        "effect of a rule": looked_at,
        "progress of a round, county": lambda: progress_of(made, county),
        "progress of a round, city": lambda: progress_of(city_wide, county.city),
    }
    ms = {name: 1000 * median_of(work, RUNS) for name, work in works.items()}
    print(f"{connection.vendor}, {dues.count():,} open dues of the county, {children:,} files; ms, median of {RUNS}\n")
    for name, value in ms.items():
        print(f"| {name} | {value:,.0f} |")
    print(f"\nours ÷ bare {ms['recompute'] / ms['bare UPDATE']:.2f}")
