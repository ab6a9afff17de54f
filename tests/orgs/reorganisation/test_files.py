"""A division file against the tree, and the streets of 郑东新区: shown, then ordered, each difference as what it is."""

import datetime
import io

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from orgs.reorganisation.models import Reorganisation
from orgs.units.integrity import problems
from orgs.units.models import OrgUnit
from orgs.units.services.load import load_units
from registry.child.models import ChildFile
from reports.figures.queries import figures_of
from reports.rollup.periods import Period
from reports.rollup.services import roll_up
from reports.rollup.verify import first_wrong
from tests.builders import a_post, an_approved_file
from tests.orgs.reorganisation.world import heir, let_children_follow

pytestmark = pytest.mark.django_db
HEAD = "code,name,parent_code,tier\n"
REAL = settings.ROOT / "data" / "zhengzhou_units.csv"
OVERLAY = settings.ROOT / "data" / "overlay.csv"


@pytest.fixture
def write(tmp_path):
    def written(text, name="units.csv"):
        path = tmp_path / name
        path.write_text(text)
        return path

    return written


def run(*args, **given) -> str:
    out = io.StringIO()
    call_command("load_units", *map(str, args), stdout=out, **given)
    return out.getvalue()


def test_the_streets_of_the_zone_without_a_code_move_with_everybody_in_them(write):
    """郑东新区 has no code; its streets carry those of 金水区 (410105) and 中牟县 (410122). The city knew them there
    first, then the zone was set up."""
    lines = REAL.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    wanted = ("410100000000", "410105000000", "410122000000", "410105560", "410122501")
    path = write(lines[0] + "".join(line for line in lines[1:] if line.startswith(wanted)))
    overlay = write(HEAD + "".join(line for line in OVERLAY.read_text().splitlines(keepends=True)[1:]
                                   if line.startswith(("@", "410105560", "410122501"))), "overlay.csv")  # fmt: skip
    load_units([path], [])
    street = OrgUnit.objects.get(code="410105560000")
    village = OrgUnit.objects.with_path().filter(township=street, level=4).first()
    assert street.county.name == "金水区"
    city, month = street.city, Period.of()
    officer, clerk = a_post(street.county), a_post(street)
    file = an_approved_file(village, on=timezone.localdate() - datetime.timedelta(days=90))
    a_post(city, "city_admin")
    roll_up(street.county_id, month.back(1)), roll_up(street.county_id, month.key)
    before = figures_of(street.county, month.back(1))
    day = month.first
    said = run(path, overlay=[overlay], effective=day, document="郑政〔2026〕9号", dry_run=True)
    assert "调整 金水区 › " in said and "郑东新区" in said and not Reorganisation.objects.exists()
    run(path, overlay=[overlay], effective=day, document="郑政〔2026〕9号")
    let_children_follow()
    zone = OrgUnit.objects.get(name="郑东新区", level=2)
    moved = OrgUnit.objects.get(code="410105560000", valid_to=None)
    file.refresh_from_db()
    assert zone.code is None and moved.county == zone and file.county == zone and file.village == heir(village)
    assert moved.valid_from == day and OrgUnit.objects.get(pk=street.pk).county == officer.unit
    assert clerk.person.appointments.current().get().unit == moved
    assert not ChildFile.objects.visible_to(officer, "view_child").exists()
    for county in OrgUnit.objects.filter(level=2):
        roll_up(county.pk, month.key), roll_up(county.pk, month.back(1))
    assert figures_of(street.county, month.back(1)) == before, "what was read out stays"
    assert figures_of(zone, month.key)["registered"] == 1 == figures_of(city, month.key)["registered"]
    assert first_wrong(month) is None and list(problems()) == []
    again = run(path, overlay=[overlay], effective=day, document="x", dry_run=True)
    assert "新设 0，调整隶属 0，改名 0" in again


SMALL = HEAD + (
    "410100,郑州市,,city\n410182,荥阳市,410100,county\n410182201,高村乡,410182,township\n"
    "410182201227,刘沟村委会,410182201,village\n"
)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("410182999,高村乡,410182,township\n", "第 4 行（410182999 高村乡）：现有“荥阳市 › 高村乡”（410182201）同名"),
        ("410182201,高村乡,410182,township\n410200,开封市,,city\n", "第 5 行（410200 开封市）：是新的最高一级"),
    ],
)
def test_a_row_that_may_mean_two_things_is_named_and_nothing_is_ordered(write, rows, says):
    load_units([write(SMALL)], [])
    a_post(OrgUnit.objects.get(level=1), "city_admin")
    path = write(HEAD + "410100,郑州市,,city\n410182,荥阳市,410100,county\n" + rows)
    with pytest.raises(CommandError) as refused:
        run(path, no_overlay=True, effective=timezone.localdate(), document="x")
    assert says in str(refused.value) and not Reorganisation.objects.exists()


def test_what_is_lacking_is_said(write):
    load_units([write(SMALL)], [])
    path = write(SMALL.replace("高村乡", "高村镇"))
    today = timezone.localdate()
    for given, says in (
        ({"effective": today}, "批文文号"),
        ({"effective": today + datetime.timedelta(days=1), "document": "x"}, "不能在今天以后"),
        ({"effective": today, "document": "x"}, "没有这个系统管理员"),
    ):
        with pytest.raises(CommandError, match=says):
            run(path, no_overlay=True, **given)
    a_post(OrgUnit.objects.get(level=1), "city_admin")
    assert "已办理 1 项" in run(path, no_overlay=True, effective=today, document="x")
    assert [(each["name"], each["until"]) for each in OrgUnit.objects.get(level=3).earlier_names] == [
        ("高村乡", today.isoformat())
    ]
