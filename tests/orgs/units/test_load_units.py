"""The division file: loaded whole or refused whole, each problem with its row."""

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from orgs.units.divisions import Damaged
from orgs.units.integrity import problems
from orgs.units.models import OrgUnit
from orgs.units.services.load import load_units
from registry.child.models import ChildFile
from tests.builders import a_file

pytestmark = pytest.mark.django_db
HEAD = "code,name,parent_code,tier\n"
SMALL = HEAD + (
    "410100000000,郑州市,,city\n410182000000,荥阳市,410100000000,county\n410105000000,金水区,410100000000,county\n"
    "410182201000,高村乡,410182000000,township\n410182201227,刘沟村委会,410182201000,village\n"
)
REAL = settings.ROOT / "data" / "zhengzhou_units.csv"


@pytest.fixture
def load(tmp_path):
    def loaded(text, *, overlay="", encoding="utf-8"):
        path = tmp_path / "units.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        overlays = []
        if overlay:
            overlays = [tmp_path / "overlay.csv"]
            overlays[0].write_text(overlay)
        return load_units([path], overlays)

    return loaded


def test_the_real_city_with_its_zone_that_has_no_code():
    call_command("load_units", str(REAL), verbosity=0)
    levels = [OrgUnit.objects.filter(level=level).count() for level in (1, 2, 3, 4)]
    assert levels == [1, 16, 208, 3306]
    zone = OrgUnit.objects.get(name="郑东新区", level=2)
    street = OrgUnit.objects.get(code="410105560000")
    assert zone.code is None and street.county == zone and zone.pk in street.children.values_list("county", flat=True)
    assert list(problems()) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_every_usual_encoding(load, encoding):
    assert load(SMALL, encoding=encoding).new == 5
    assert OrgUnit.objects.get(level=4).path_label == "荥阳市 › 高村乡 › 刘沟村"


@pytest.mark.both
def test_loading_again_changes_nothing(load):
    load(SMALL)
    again = load(SMALL)
    assert (again.new, again.changed, again.same) == (0, 0, 5)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("410182201228,又一村,999,village\n", "第 7 行（410182201228 又一村）：上级代码 999 不在文件里"),
        ("410182201227,刘沟村委会,410182201000,village\n", "与 units.csv 第 6 行（410182201227 刘沟村委会） 重复"),
        ("410182201228,,410182201000,village\n", "没有名称"),
        ("41018x,坏代码,410182201000,village\n", "应为 2–12 位数字"),
        ("410182201228,又一村,410182201000,hamlet\n", "应为 city、county、township、village"),
        ("410182201228,又一村\n", "应有 4 列，实有 2 列"),
        ("410182300000,又一乡,410182201227,township\n", "不比它高一级"),
        ("410182300000,孤儿乡,,township\n", "只有市或县可以是最高一级"),
    ],
)
def test_a_damaged_row_is_named_and_nothing_is_loaded(load, rows, says):
    with pytest.raises(Damaged) as refused:
        load(SMALL + rows)
    assert any(says in problem for problem in refused.value.problems), refused.value.problems
    assert not OrgUnit.objects.exists()


def test_every_problem_is_named_at_once(load):
    with pytest.raises(Damaged) as refused:
        load(SMALL + ",无代码,410182201000,village\n410182201229,,410182201000,village\n")
    assert len(refused.value.problems) == 2


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"PK\x03\x04 not a csv", b"a,b,c\n1,2,3\n"])
def test_a_file_that_is_no_division_file_is_refused(load, content):
    with pytest.raises(Damaged):
        load(content)


def test_the_command_says_it_in_words_and_fails(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text(SMALL + "1,x,9,village\n")
    with pytest.raises(CommandError, match="没有载入任何机构"):
        call_command("load_units", str(path), no_overlay=True)


def test_a_city_without_counties_gets_stand_ins_that_no_path_shows(load):
    load(HEAD + "441900,东莞市,,city\n441900003,东城街道,441900,township\n441900003001,岗贝社区,441900003,village\n")
    village = OrgUnit.objects.get(level=4)
    assert village.county.stand_in and village.path_label == "东城街道 › 岗贝社区"
    assert list(problems()) == []


def test_a_unit_with_its_parents_code(load):
    load(HEAD + "419001,济源市,,county\n419001,济源示范区,419001,township\n419001001,沁园村,419001,village\n")
    village = OrgUnit.objects.get(level=4)
    assert village.township.name == "济源示范区" and village.county.name == "济源市" and village.city is None


def test_a_root_that_is_a_county_and_several_cities_beside_each_other(load):
    load(SMALL)
    load(HEAD + "410201,开封市,,city\n410221,杞县,410201,county\n")
    load(HEAD + "419001,济源市,,county\n")
    assert OrgUnit.objects.roots().count() == 3


@pytest.mark.both
def test_a_unit_without_a_past_is_moved_in_place(load):  # D30
    load(SMALL)
    load(SMALL, overlay=HEAD + "@新区,新区,410100000000,county\n410182201000,高村乡,@新区,township\n")
    assert OrgUnit.objects.get(level=4).county == OrgUnit.objects.get(name="新区") and list(problems()) == []


def test_a_unit_with_a_past_is_not_altered_without_a_day_and_the_row_says_so(load):
    load(SMALL)
    a_file(OrgUnit.objects.with_path().get(level=4))
    with pytest.raises(Damaged, match="第 3 行（410182201000 高村乡）：这个机构已有人员或档案"):
        load(SMALL, overlay=HEAD + "@新区,新区,410100000000,county\n410182201000,高村乡,@新区,township\n")
    assert not OrgUnit.objects.filter(name="新区").exists()


def test_an_overlay_of_another_city_is_left_alone(load):
    loaded = load(SMALL, overlay=HEAD + "@别处,别处,999900000000,county\n999900000001,某街道,@别处,township\n")
    assert loaded.new == 5


@pytest.mark.both
def test_check_org_finds_a_copy_that_drifted(load):
    load(SMALL)
    a_file(OrgUnit.objects.with_path().get(level=4))
    other = OrgUnit.objects.get(name="金水区")
    ChildFile.objects.update(county=other)
    assert any("所在地" in problem for problem in problems())
    with pytest.raises(CommandError):
        call_command("check_org")
