"""Figures of units that were reorganised: what was counted of months that are over stays, in number and name; nobody is
lost on the day; a trend says where it breaks."""

import datetime
import io
import itertools

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from orgs.access.scope import TIERS
from orgs.posts.models import Appointment
from orgs.reorganisation.rules import Part
from orgs.units.integrity import problems
from orgs.units.models import OrgUnit
from registry.child.models import ChildFile
from registry.status.models import ChildStatus, counting_on
from registry.status.verify import first_differing
from reports.exports.excel.summary import write_summary
from reports.figures.queries import figures_of, table_of
from reports.indicators.table import numbers_of
from reports.rollup.models import Figure
from reports.rollup.periods import Period
from reports.rollup.services import roll_up
from reports.rollup.storing import sum_of_rows
from reports.rollup.verify import first_wrong
from reports.submissions.models import Submission
from reports.submissions.opening import open_period
from reports.submissions.people import REPORTS
from reports.submissions.sheets import sheet_of
from reports.submissions.workflow import decides, sends
from tests.builders import a_city, a_county, a_post, a_township, a_village, an_approved_file, sign_in
from tests.depth import examples
from tests.orgs.reorganisation.world import let_children_follow, ordered

pytestmark = [pytest.mark.django_db, pytest.mark.both]
DAY = datetime.timedelta(days=1)
NOVEMBER, OCTOBER = "2026-11", "2026-10"
TODAY = datetime.date(2026, 11, 18)
ACTS = ("rename", "move village", "move township", "merge", "merge new", "merge townships", "split", "open")


def at(day):
    return time_machine.travel(datetime.datetime.combine(day, datetime.time(4), datetime.UTC), tick=False)


class City:
    """Two counties of two townships of two villages each, a child or two in each, October counted and printed."""

    def __init__(self):
        self.city, self.numbers = a_city(), itertools.count(1)
        self.admin = a_post(self.city, "city_admin")
        for _county in range(2):
            county = a_county(self.city)
            for _township in range(2):
                township = a_township(county)
                for number in range(2):
                    village = a_village(township)
                    for _n in range(1 + number):
                        an_approved_file(village, on=datetime.date(2026, 9, 3))
        self.clerks = [a_post(unit) for unit in self._standing(3)]
        for unit in (self._standing(4)[0], self._standing(2)[0]):
            a_post(unit)
        self.count()

    def _standing(self, level):
        units = OrgUnit.objects.current().filter(level=level, city=self.city)
        return list(units.with_path().select_related("parent").order_by("pk"))

    def count(self):
        for county in OrgUnit.objects.filter(level=2, city=self.city):
            for key in (OCTOBER, NOVEMBER, "2026Q4"):
                roll_up(county.pk, key, force=True)

    def october(self):
        """Every figure of October, and every sheet as it prints."""
        old = Figure.objects.filter(period=OCTOBER, unit__valid_from=None).order_by("unit")
        units = OrgUnit.objects.filter(city=self.city, valid_from=None, level__lt=4).with_path().order_by("pk")
        return list(old.values_list("unit", "numbers", "as_of")), [self.sheet(unit) for unit in units]

    def sheet(self, unit):
        period, content = Period.of(OCTOBER), io.BytesIO()
        said = {"day": TODAY, "person": "周敏", "period": period}
        with at(TODAY):
            write_summary(content, unit=unit.as_of(period.last), table=table_of(unit, OCTOBER), **said)
        from openpyxl import load_workbook

        return [[cell.value for cell in row] for row in load_workbook(content).active.rows]

    def act(self, what: str, first: int, second: int, day: datetime.date) -> None:
        villages, townships = self._standing(4), self._standing(3)
        village, township = villages[first % len(villages)], townships[first % len(townships)]
        others = [each for each in townships if each.pk != village.township_id]
        siblings = [each for each in villages if each.parent_id == village.parent_id and each.pk != village.pk]
        other = others[second % len(others)] if others else None
        fellow = next((each for each in townships if each.pk != township.pk), None)
        new = f"新{next(self.numbers)}"  # no two alike, renamed or set up
        counties = [each for each in self._standing(2) if each.pk != township.parent_id]
        order = {
            "rename": lambda: ("rename", [Part(township, name=new)]),
            "move village": lambda: other and ("move", [Part(village, parent=other)]),
            "move township": lambda: ("move", [Part(township, parent=counties[0])]),
            "merge": lambda: siblings and ("merge", [Part(village, target=siblings[0])]),
            "merge new": lambda: siblings and ("merge", [Part(village, name=new), Part(siblings[0], name=new)]),
            "merge townships": lambda: fellow and ("merge", [Part(township, target=fellow)]),
            "split": lambda: ("split", [Part(village, name=f"{new}东"), Part(village, name=f"{new}西")]),
            "open": lambda: ("open", [Part(parent=township, name=new)]),
        }[what]()
        if order:
            ordered(order[0], *order[1], on=day, by=self.admin)


def counted_on(day) -> int:
    return ChildStatus.objects.known().filter(counting_on(day)).count()


@settings(max_examples=examples(20), deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(
    acts=st.lists(
        st.tuples(st.sampled_from(ACTS), st.integers(0, 9), st.integers(0, 9), st.integers(1, 17)),
        min_size=1,
        max_size=4,
    )
)
def test_whatever_is_reorganised_october_stays_and_nobody_is_lost(django_db_blocker, acts):
    from django.db import transaction

    with at(TODAY), transaction.atomic():
        city = City()
        october, sum_before = city.october(), figures_of(city.city, NOVEMBER)["registered"]
        day = datetime.date(2026, 11, 1)
        for what, first, second, number in acts:
            day = max(day, datetime.date(2026, 11, number))
            city.act(what, first, second, day)
        city.count()
        figures, sheets = city.october()
        assert figures == october[0]
        assert [row for sheet in sheets for row in sheet] == [row for sheet in october[1] for row in sheet]
        assert figures_of(city.city, NOVEMBER)["registered"] == sum_before == counted_on(TODAY)
        assert counted_on(day) == counted_on(day - DAY) == sum_before
        for key in (NOVEMBER, OCTOBER):
            assert first_wrong(Period.of(key)) is None
        assert first_differing() is None
        assert list(problems()) == []
        for unit in OrgUnit.objects.filter(city=city.city, level__lt=4).with_path():
            total = figures_of(unit, NOVEMBER) or {"registered": 0}
            assert sum(numbers["registered"] for _unit, numbers in table_of(unit, NOVEMBER)) == total["registered"]
        for clerk in city.clerks:
            now = list(Appointment.objects.current().with_unit().filter(person=clerk.person))
            sees = {file for post in now for file in ChildFile.objects.visible_to(post, "view_child")}
            own = set().union(*(set(post.unit.took_over) for post in now)) | {post.unit_id for post in now}
            assert all(getattr(file, f"{TIERS[2]}_id") in own for file in sees), "only who took over sees more"
        what_is_to_be_reported_is_what_is_counted(city)
        transaction.set_rollback(True)


def what_is_to_be_reported_is_what_is_counted(city: City) -> None:
    """Each county's villages together report what its figures page says, and each sheet has somebody to send and to
    decide it: the lists of what waits name them, and nobody else may."""
    rows = list(open_period(city.city, NOVEMBER).submissions.with_all())
    for county in {row.unit.county_id for row in rows if row.unit.level == 4}:
        sheets = [sheet_of(row).numbers for row in rows if row.unit.level == 4 and row.unit.county_id == county]
        counted = figures_of(OrgUnit.objects.get(pk=county), NOVEMBER)
        assert numbers_of(sum_of_rows(sheets)) == counted
    posts = list(Appointment.objects.current().with_unit().filter(role__in=list(REPORTS.values())))
    for post in posts:
        listed = Submission.objects.sent_by(post.unit_id) | Submission.objects.left_to(post.unit_id)
        assert set(listed) == {row for row in rows if sends(post, row)}, post
    for row in rows:
        row.made_in = next((post for post in posts if sends(post, row)), None)
    Submission.objects.bulk_update(rows, ["made_in"])
    for post in posts:
        assert set(Submission.objects.decided_by(post.unit_id)) == {row for row in rows if decides(post, row)}, post


def test_sheets_and_pages_of_months_that_are_over_keep_the_names_of_then(client):
    with at(TODAY):
        city = City()
        township = city._standing(3)[0]
        county, old = township.county, township.name
        ordered("rename", Part(township, name="新高街道"), on=datetime.date(2026, 11, 5), by=city.admin)
        township = OrgUnit.objects.with_path().get(pk=township.pk)
        assert old in [unit.name for unit, _numbers in table_of(county, OCTOBER)]
        assert "新高街道" in [unit.name for unit, _numbers in table_of(county, NOVEMBER)]
        sign_in(client, a_post(county))
        page = client.get(f"/figures/{township.uid}/?period={OCTOBER}")
        assert f"<h1>{old}</h1>" in page.text
        assert "<h1>新高街道</h1>" in client.get(f"/figures/{township.uid}/?period={NOVEMBER}").text
        assert old in client.get(f"/figures/{county.uid}/table.csv?period={OCTOBER}").content.decode()


def test_a_trend_says_where_it_breaks_and_is_joined_on_request(client):
    with at(TODAY):
        city = City()
        first, second = city._standing(2)
        street = next(unit for unit in city._standing(3) if unit.county_id == first.pk)
        ordered("move", Part(street, parent=second), on=datetime.date(2026, 11, 2), by=city.admin)
        city.count()
        sign_in(client, a_post(city.city))
        gained = client.get(f"/figures/{second.uid}/?period={NOVEMBER}")
        assert "并入" in gained.text and street.short_name in gained.text and "2026年11月" in gained.text
        values = gained.context["charts"]["trend"]["series"][0]["values"]
        page = client.get(f"/figures/{second.uid}/?period={NOVEMBER}&joined=1")
        joined = page.context["charts"]["trend"]["series"][0]["values"]
        assert values[-2:] == [6, 9] and joined[-2:] == [9, 9]
        lost = client.get(f"/figures/{first.uid}/?period={NOVEMBER}&joined=1")
        assert "划出" in lost.text and lost.context["charts"]["trend"]["series"][0]["values"][-2:] == [3, 3]
        assert "并入" not in client.get(f"/figures/{city.city.uid}/?period={NOVEMBER}").text


def test_children_that_wait_to_be_placed_are_in_the_table_and_in_every_sum():
    with at(TODAY):
        city = City()
        village = city._standing(4)[0]
        ordered("split", Part(village, name="东村"), Part(village, name="西村"), on=TODAY, by=city.admin)
        let_children_follow()
        with at(datetime.date(2026, 12, 3)):
            city.count()
            for county in OrgUnit.objects.filter(level=2, city=city.city):
                roll_up(county.pk, "2026-12", force=True)
            table = table_of(village.township, "2026-12")
            assert village in [unit for unit, _numbers in table]
            assert sum(n["registered"] for _u, n in table) == figures_of(village.township, "2026-12")["registered"]
