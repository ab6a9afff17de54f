"""The auditor's page: in words, narrowed, and taken out as a table."""

import ast
import datetime
import re
from urllib.parse import parse_qsl

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from orgs.audit.models import Audit
from orgs.audit.presentation import DETAILS
from orgs.audit.services import label_of, record_act
from orgs.audit.words import AUDIT_ACTS
from tests.builders import a_post, a_village, an_approved_file, search_for, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(client, village):
    post = a_post(village.county.parent, "auditor")
    sign_in(client, post)
    return post


def rows_of(page) -> str:
    return page.text.partition("<tbody>")[2].partition("</tbody>")[0]


def read(director, file, at: str = ""):
    """``at``: a moment in UTC."""
    row = record_act(director, "view_file", file)
    if at:
        copy = Audit(**{name: getattr(row, name) for name in ("person", "post", "unit", "action", "record")}, at=at)
        copy.save()


def test_who_opened_this_childs_file_last_month_in_two_clicks(client, auditor, village, director):
    file, other = an_approved_file(village), an_approved_file(village)
    last_month = timezone.localdate().replace(day=1) - datetime.timedelta(days=3)
    read(director, file, f"{last_month}T04:00:00.000000+00:00")
    read(director, other)
    page = client.get("/audit/")
    of_file = re.search(rf'href="(\?record=[^"]*{file.pk}[^"]*)"', page.text)[1].replace("&amp;", "&")
    page = client.get("/audit/" + of_file)
    assert str(other.pk) not in page.text
    months = re.findall(r'class="pill" href="(\?[^"]*since=[^"]*)"', page.text)
    page = client.get("/audit/" + months[1].replace("&amp;", "&"))
    assert rows_of(page).count("<tr>") == 1 and date_format(last_month) in rows_of(page)
    assert director.person.name in rows_of(page)


def test_a_record_and_its_details_are_told_in_words(client, auditor, village, director):
    file = an_approved_file(village)
    record_act(director, "make_file", file, fields=["name", "address"], rows=3)
    rows = rows_of(client.get("/audit/"))
    assert f"儿童档案 {str(file.pk)[:8]}" in rows and "字段：姓名、" in rows and "行数：3" in rows
    assert "{" not in rows and "address" not in rows and file.name not in rows


def test_a_list_is_called_as_the_menu_calls_it(client, auditor, director):
    for name in ("workbench", "alert-new"):
        record_act(director, "read_list", None, list=name, rows=3)
    rows = rows_of(client.get("/audit/"))
    assert "名单：紧急报告；行数：3" in rows and "名单：工作台；行数：3" in rows


def test_a_code_a_place_and_a_record_are_told_in_words(client, auditor, village, director):
    file = an_approved_file(village)
    record_act(director, "end_stay", file, stay=str(file.pk), side="home")
    record_act(director, "decide_finding", file, kind="unregistered", category="difficulty", decision="agree")
    record_act(director, "ask_account_request", None, kind="end", role="auditor")
    record_act(director, "begin_stay", file, village=village.pk, child=str(file.pk))
    record_act(director, "view_twins", file, where="pair")
    record_act(director, "pull_files", None, list="api-sync-list", filters=["app", "device", "person", "tab"])
    rows = rows_of(client.get("/audit/"))
    for words in ("由哪一方：档案所在地结束", "决定：同意办理", "种类：结束岗位；岗位：审计员", village.name,
                  "两份对照", "名单：手机名单", "筛选条件：手机程序版本、手机、人员、分栏"):  # fmt: skip
        assert words in rows
    assert f"村（居）：{village.pk}" not in rows and f"儿童档案：{file.pk}" not in rows


# details of acts that hold a code: whichever act records one declares the list of its words
CODED = {"kind", "category", "decision", "role", "risk", "side", "flags", "relation", "checked", "differences", "where"}
OF_OTHERS = {("export", "kind")}  # the kinds of a table say themselves what they are


def test_every_act_that_records_a_code_says_its_words(pytestconfig):
    coded = set()
    for app in ("childwelfare", "orgs", "registry", "visits", "reports"):
        for path in (pytestconfig.rootpath / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("record_act", "note_reading"):
                    act = {each.arg: each.value for each in node.keywords}.get("act") or (node.args[1:2] or [None])[0]
                    if isinstance(act, ast.Constant):
                        coded |= {(act.value, each.arg) for each in node.keywords if each.arg in CODED}
    assert len(coded) > 20
    assert not [pair for pair in coded - OF_OTHERS if pair[1] not in AUDIT_ACTS[pair[0]].codes]


def test_every_detail_that_is_recorded_has_words(pytestconfig):
    """Names of arguments by which acts are recorded, in the code."""
    told, not_told = set(), {"act", "person", "unit", "names"}
    for app in ("childwelfare", "orgs", "registry", "visits", "reports"):
        for path in (pytestconfig.rootpath / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("record_act", "note_reading"):
                    told |= {keyword.arg for keyword in node.keywords if keyword.arg}
    assert not told - not_told - set(DETAILS)


@pytest.mark.parametrize(
    ("asked", "found"),
    [("unit=高村乡", 1), ("unit=二七", 0), ("since=2200-01-01", 0), ("until=2001-01-01", 0), ("since=2001-02-30", 1)],
)
def test_narrowed_by_unit_and_days(client, auditor, village, director, asked, found):
    file = an_approved_file(village)
    read(director, file)
    asked = dict(parse_qsl(asked)) | {"action": "view_file", "record": label_of(file)}
    page = search_for(client, "/audit/", asked)
    assert rows_of(page).count("<tr>") == found


def test_it_is_taken_out_as_it_is_narrowed_and_that_is_in_the_trail(client, auditor, village, director):
    file = an_approved_file(a_village(village.township))
    read(director, file)
    read(director, an_approved_file(village))
    answer = client.get(f"/audit/table.csv?action=view_file&record={label_of(file)}")
    lines = answer.content.decode("utf-8-sig").strip().splitlines()
    assert len(lines) == 2 and str(file.pk) in lines[1] and file.name not in answer.content.decode()
    row = Audit.objects.filter(action="export_audit").get()
    assert row.person == auditor.person and '"filters": ["action", "record"]' in row.data
