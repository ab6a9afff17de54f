"""What goes out as Excel: every digit, every total, and paper that prints as the form does."""

import datetime
import io

import pytest
from django.core.management import call_command
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from orgs.units.models import OrgUnit
from registry.child.models import ChildFile
from registry.family.models import FamilyMember
from registry.lists.search import narrow
from reports.exports.excel.paper import lines_of
from reports.exports.excel.people import ROSTER
from reports.exports.excel.roster import Roster
from reports.exports.excel.summary import write_summary
from reports.exports.excel.writer import LongList, write_long
from reports.figures.queries import figures_of, table_of, total_of
from reports.indicators.table import INDICATORS
from reports.indicators.templates import MOST_COLUMNS, SUMMARY, LedgerTemplate
from reports.rollup.periods import Period
from reports.rollup.services import roll_up
from tests.builders import a_post, a_village, an_approved_file, an_id_number, sign_in

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 11, 25)
ID, PHONE, SCHOOL = (next(n for n, c in enumerate(ROSTER) if c.label == label)
                     for label in ("公民身份号码", "联系电话", "就读学校、年级"))  # fmt: skip


def opened(content: io.BytesIO):
    return load_workbook(io.BytesIO(content.getvalue()), data_only=True).active


def a_roster(unit, category="", long=False, files=None):
    files = ChildFile.objects.within(unit).in_registry() if files is None else files
    roster, content = Roster(files, unit=unit, category=category, day=DAY, person="刘志强"), io.BytesIO()
    roster.write(content, lambda done, total: None, long=long)
    return opened(content)


def a_summary(unit, month=None):
    content, month = io.BytesIO(), month or Period.of()
    table = table_of(unit, month.key)
    write_summary(content, unit=unit, period=month, table=table, day=DAY, person="周敏")
    return opened(content), table


@pytest.mark.parametrize("recounting", [False, True])
def test_a_sheet_of_figures_that_are_counted_anew_says_so(recounting):
    village, content = a_village(), io.BytesIO()
    said = {"day": DAY, "person": "周敏", "recounting": recounting}
    write_summary(
        content, unit=village.county, period=Period.of(), table=table_of(village.county, Period.of().key), **said
    )
    texts = [str(cell) for row in opened(content).iter_rows(values_only=True) for cell in row if cell]
    assert any("正在重新统计" in text for text in texts) is recounting


@pytest.mark.parametrize("title", ["走访", "长" * 40])
def test_a_ledger_of_any_number_of_columns_prints_with_its_whole_title_and_seals(title):
    """A county's own has one column or forty; on a narrow sheet nothing is written over something else."""
    village = a_village()
    for width in range(1, MOST_COLUMNS + 1):
        content, columns = io.BytesIO(), tuple(each.key for each in INDICATORS[:width])
        template = LedgerTemplate("own-x", title, title, columns)
        table = [(village.township, dict.fromkeys((each.key for each in INDICATORS), 3))]
        said = {"day": DAY, "person": "周敏", "template": template}
        write_summary(content, unit=village.county, period=Period.of("2026-10"), table=table, **said)
        sheet = opened(content)
        assert sheet.max_column == width + 3
        merged = [cell for each in sheet.merged_cells.ranges for cell in each.cells]
        assert len(merged) == len(set(merged)) and all(column <= width + 3 for _row, column in merged)
        texts = " ".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell)
        for text in (title, "填报日期：2026年11月25日", "制表人：周敏", "审核人：", "负责人：", "（单位盖章）"):
            assert text in texts
        total = sum(sheet.column_dimensions[get_column_letter(n + 1)].width for n in range(width + 3))
        lines = lines_of(sheet["A1"].value, total, sheet["A1"].font.size)
        assert total > 70 and sheet.row_dimensions[1].height >= 32 * lines


def first_row(long):
    """Of the children; the long lists' title takes two rows."""
    return 5 if long else 4


def cells(sheet, first, count=None):
    rows = list(sheet.iter_rows(min_row=first, values_only=True))
    return rows[:count]


@pytest.mark.parametrize("long", [False, True])
def test_every_digit_of_a_number_survives(long):
    village = a_village()
    numbers = [an_id_number() for _ in range(5)]
    phones = ["13800001234", "037162345678", "01012345678", "13912345678", "15000000000"]
    for number, phone in zip(numbers, phones, strict=True):
        an_approved_file(village, id_number=number, phone=phone)
    sheet = a_roster(village.township, long=long)
    rows = cells(sheet, first_row(long), 5)
    assert {(row[ID], row[PHONE]) for row in rows} == set(zip(numbers, phones, strict=True))
    for column in (ID, PHONE):
        cell = sheet.cell(first_row(long), column + 1)
        assert (cell.data_type, cell.number_format) == ("s", "@")


@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize("school", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x.y")', "\t=1"])
def test_what_looks_like_a_formula_is_text(long, school):
    village = a_village()
    file = an_approved_file(village)
    ChildFile.objects.filter(pk=file.pk).update(school=school)
    cell = a_roster(village, long=long).cell(first_row(long), SCHOOL + 1)
    assert (cell.value.strip(), cell.data_type, cell.hyperlink) == (school.strip(), "s", None)


def test_a_long_roster_prints_as_the_paper_form():
    content = io.BytesIO()
    rows = [[n, *[f"{n}-{column}" for column in range(len(ROSTER) - 1)]] for n in range(1, 4)]
    line = ("填报单位：高村乡儿童福利工作站（盖章）", "填报日期：2026年11月25日", "单位：人")
    write_long(content, LongList("花名册", "荥阳市高村乡花名册", line, ROSTER, rows, "在册名单"))
    sheet = opened(content)
    assert sheet.title == "花名册" and sheet["A1"].value == "荥阳市高村乡花名册"
    assert {sheet["A3"].value, sheet["G3"].value, sheet["L3"].value} == set(line)
    assert [cell.value for cell in sheet[4]] == [column.label for column in ROSTER]
    assert [list(row) for row in cells(sheet, 5)] == rows
    assert_paper(sheet, "$4:$4")
    assert sheet.column_dimensions["F"].width == pytest.approx(ROSTER[5].width, abs=1)


def assert_paper(sheet, titles):
    setup = sheet.page_setup
    assert (setup.orientation, int(setup.paperSize)) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert int(setup.fitToWidth or 1) == 1  # the format's default
    assert sheet.print_title_rows == titles
    assert "&P" in sheet.oddFooter.center.text and "&N" in sheet.oddFooter.center.text
    assert sheet.freeze_panes


def test_the_roster_prints_on_a4_to_the_seal_line():
    village = a_village()
    an_approved_file(village)
    sheet = a_roster(village.township, "left_behind")
    assert_paper(sheet, "$3:$3")
    assert sheet["A1"].value == f"{village.county.name}{village.township.name}留守儿童花名册"
    assert sheet["A2"].value == f"填报单位：{village.township.name}儿童福利工作站（盖章）"
    assert sheet.print_area.endswith("$P$6") and sheet["A6"].value == "制表人：刘志强"


@pytest.mark.parametrize("long", [False, True])
def test_it_ends_with_how_many_of_each_sex(long):
    village = a_village()
    for sex in ("male", "male", "female"):
        an_approved_file(village, sex=sex)
    texts = [value for row in cells(a_roster(village, long=long), first_row(long) + 3) for value in row if value]
    assert "共 3 人，其中男 2 人，女 1 人" in texts


def test_an_empty_roster_is_a_form_without_rows():
    sheet = a_roster(a_village())
    assert sheet["C4"].value == "共 0 人，其中男 0 人，女 0 人"


def test_a_category_lists_those_who_hold_it():
    village, since = a_village(), datetime.date(2024, 3, 1)
    an_approved_file(village, name="李思远", categories={"orphan": {"since": since}})
    an_approved_file(village, name="张子涵")
    files = narrow(ChildFile.objects.within(village).in_registry(), category="orphan")
    assert [row[1] for row in cells(a_roster(village, "orphan", files=files), 4, 1)] == ["李思远"]


def test_parents_are_told_as_far_as_paper_may_know():
    village = a_village()
    file = an_approved_file(village)
    FamilyMember.objects.filter(child=file).delete()
    FamilyMember.objects.create(child=file, relation="father", away=True, away_at="广东深圳")
    mother = FamilyMember.objects.create(child=file, relation="mother", situation="imprisoned")
    father_at, mother_at = cells(a_roster(village), 4, 1)[0][8:10]
    assert (father_at, mother_at) == ("广东深圳", "不在家")
    FamilyMember.objects.filter(pk=mother.pk).update(life="dead", situation="")
    assert cells(a_roster(village), 4, 1)[0][9] == "—"


def test_many_children_cost_few_queries(django_assert_max_num_queries):
    village = a_village()
    for _ in range(8):
        an_approved_file(village)
    with django_assert_max_num_queries(6):
        a_roster(village.township)


def test_the_summary_says_what_the_page_says():
    village = a_village()
    for birth in (datetime.date(2017, 3, 15), datetime.date(2012, 1, 1)):
        an_approved_file(village, birth_date=birth)
    an_approved_file(a_village(village.township), sex="male")
    month = Period.of()
    call_command("rollup", period=month.key)
    for unit in (village.city, village.county, village.township, village):
        sheet, table = a_summary(unit)
        rows = cells(sheet, 5, len(table) + 1)
        for number, (row, (below, figures)) in enumerate(zip(rows, table, strict=False), start=1):
            assert row[:2] == (number, below.short_name)
            assert list(row[2:-1]) == [figures[each.key] for each in SUMMARY.indicators]
        official = figures_of(unit, month.key)
        assert list(rows[-1][2:-1]) == [official[each.key] for each in SUMMARY.indicators]
        assert rows[-1][2] > 0


def test_the_summary_prints_as_the_form_does():
    village = a_village()
    an_approved_file(village)
    call_command("rollup", period=Period.of().key)
    sheet, table = a_summary(village.county)
    assert_paper(sheet, "$3:$4")
    assert sheet["A1"].value == f"{village.city.name}{village.county.name}困境儿童、留守儿童信息汇总表"
    assert sheet.print_area.endswith("$8") and sheet["A8"].value == "制表人：周敏"
    groups = {cell.value for cell in sheet[3] if cell.value}
    assert {str(each.group) for each in SUMMARY.indicators if each.group} | {"序号", "单　位", "备注"} <= groups
    assert all(sheet.row_dimensions[row].height for row in range(1, 9))
    assert sheet.oddFooter.right.text.endswith(Period.of().label)


def test_a_relation_that_does_not_hold_is_named_in_its_row():
    village = a_village()
    an_approved_file(village)
    call_command("rollup", period=Period.of().key)
    table = [(unit, figures | {"sex_male": 7}) for unit, figures in table_of(village.township, Period.of().key)]
    content = io.BytesIO()
    write_summary(content, unit=village.township, period=Period.of(), table=table, day=DAY, person="周敏")
    assert "男 + 女" in cells(opened(content), 5, 1)[0][-1]


def test_a_village_that_was_closed_stays_in_the_sheet_the_page_and_the_api_and_the_rows_come_to_the_total(client):
    """In the month in which it closed, before it, and after it as long as it counts somebody; then no more."""
    here = a_village()
    closed, empty = a_village(here.township), a_village(here.township)
    for village in (here, here, closed):
        an_approved_file(village, on=Period.of().first - datetime.timedelta(days=70))
    last_month = Period.of(Period.of().back(1))
    call_command("rollup", months=2)
    OrgUnit.objects.filter(pk=closed.pk).update(valid_to=last_month.first)
    OrgUnit.objects.filter(pk=empty.pk).update(valid_to=last_month.first)
    for key in (last_month.key, Period.of().key):
        roll_up(here.county_id, key, force=True)
    closed.refresh_from_db()
    post = a_post(here.township)
    sign_in(client, post)
    for month in (last_month, Period.of()):
        sheet, table = a_summary(here.township, month)
        assert [unit for unit, _figures in table] == [here, closed]
        official = figures_of(here.township, month.key)
        total = total_of(table)
        assert total == official and total["registered"] == 3
        rows = cells(sheet, 5, 3)
        assert [row[1] for row in rows[:2]] == [here.short_name, closed.short_name] and "停用" in rows[1][-1]
        assert rows[2][2] == 3
        page = client.get(f"/figures/{here.township.uid}/", {"period": month.key})
        assert [(row["unit"], row["figures"]) for row in page.context["rows"]] == table
        told = client.get("/api/v1/figures/", {"period": month.key}).json()["results"]
        by_api = {each["unit"]: each["values"] for each in told}
        assert {str(unit.uid): figures for unit, figures in table}.items() <= by_api.items()
        assert by_api[str(here.township.uid)] == official


def test_a_village_that_was_closed_in_the_month_is_in_its_table_though_nobody_is_left():
    here = a_village()
    empty = a_village(here.township)
    an_approved_file(here)
    call_command("rollup", period=Period.of().key)
    OrgUnit.objects.filter(pk=empty.pk).update(valid_to=Period.of().first + datetime.timedelta(days=9))
    assert [unit for unit, _figures in table_of(here.township, Period.of().key)] == [here, empty]
