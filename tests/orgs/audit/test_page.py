"""The auditor's page: in words, narrowed, and taken out as a table."""

import ast
import datetime
import re
import uuid
from urllib.parse import parse_qsl

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from orgs.audit.models import Audit
from orgs.audit.presentation import DETAILS, _known_words
from orgs.audit.readings import PAGING, as_reads
from orgs.audit.services import label_of, record_act
from orgs.audit.words import AUDIT_ACTS
from orgs.posts.services import end_appointment
from tests.builders import (
    PASSWORD,
    a_person,
    a_post,
    a_village,
    a_visit,
    an_alert,
    an_approved_file,
    search_for,
    sign_in,
)
from tests.routes import routes

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


def test_people_posts_and_units_are_told_by_name(client, auditor, village, director):
    record_act(auditor, "reset_password", director.person)
    record_act(auditor, "end_post", director)
    record_act(auditor, "correct_unit", village)
    shown = rows_of(client.get("/audit/"))
    assert f">{director.person.name}</a>" in shown and f">{village.path_label}</a>" in shown
    assert f">{director.person.name} {village.path_label} {director.role_label}</a>" in shown
    chosen = client.get("/audit/", {"record": label_of(director.person)}).text
    assert director.person.name in chosen.partition("<tbody>")[0]


@pytest.mark.parametrize("key", ["", "x", "12", str(uuid.UUID(int=0))])
def test_a_record_that_an_address_makes_up_is_found_nowhere(client, auditor, key):
    assert client.get("/audit/", {"record": f"orgs.person:{key}"}).status_code == 200


def test_an_address_names_nobody_of_whom_the_auditor_reads_nothing(client, auditor):
    stranger = a_person("外地人")
    assert "外地人" not in client.get("/audit/", {"record": label_of(stranger)}).text


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
CODED = {
    *("kind", "category", "decision", "role", "risk", "side", "flags", "relation", "checked", "differences", "where"),
    *("level", "form", "of", "method", "answer"),
}


# what a view notes without naming the act is what it declares: reads=
NOTED_AS = {
    ("exports", "views.py"): "download", ("exports", "api.py"): "download", ("views", "table_csv.py"): "export",
    ("printing", "views.py"): "print_file", ("findings", "views.py"): "list_findings",
}  # fmt: skip


def test_every_act_that_records_a_code_says_its_words(pytestconfig):
    coded = set()
    for app in ("childwelfare", "orgs", "registry", "visits", "reports"):
        for path in (pytestconfig.rootpath / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("record_act", "note_reading"):
                    said = {each.arg: each.value for each in node.keywords}
                    act = said.get("act") or (node.args[1:2] or [None])[0]
                    if not isinstance(act, ast.Constant) and (path.parent.name, path.name) in NOTED_AS:
                        act = ast.Constant(NOTED_AS[path.parent.name, path.name])
                    if isinstance(act, ast.Constant):
                        coded |= {(act.value, each.arg) for each in node.keywords if each.arg in CODED}
    assert len(coded) > 20
    assert not [pair for pair in coded if pair[1] not in AUDIT_ACTS[pair[0]].codes]


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


def test_what_was_exported_printed_shown_and_refused_is_told_in_words(client, auditor, village, director):
    file = an_approved_file(village)
    record_act(director, "export", None, kind="export_roster", rows=3)
    record_act(director, "export", None, kind="csv", rows=3)
    record_act(director, "print_file", file, form="left_behind", numbers="full")
    record_act(director, "reveal", file, field="all", of="print")
    record_act(director, "reveal", file, field="phone", of="paternal_grandmother")
    record_act(None, "escalate_alert", an_alert(file=file), level=2)
    record_act(director, "list_children", None, indicator="left_behind", list="figure-list")
    record_act(None, "phone_wiped", None, ordered_in=director.pk)
    record_act(None, "sign_in_failed", label="login:0123456789abcdef", number=1)
    rows = rows_of(client.get("/audit/"))
    for words in ("种类：花名册", "种类：汇总表（CSV）", "表格：留守儿童信息采集表；", "显示的号码：完整号码",
                  "字段：全部号码；谁的：打印件", "谁的：祖母", "层级：县（市、区）", "指标：",
                  f"要求的岗位：{village.path_label} {director.role_label}", "没有这个登录名",
                  "一天内第几次：1"):  # fmt: skip
        assert words in rows, words
    for internal in ("export_roster", "csv", "left_behind", "full", ">all", "print", "figure-list", "login:"):
        assert internal not in rows, internal


def test_a_child_among_the_details_leads_to_what_was_done_to_its_file(client, auditor, clerk, village):
    file, other = an_approved_file(village), an_approved_file(village)
    record_act(clerk, "view_visit", a_visit(file))
    record_act(clerk, "merge_files", file, other=str(other.pk), taken=["address"])
    rows = rows_of(client.get("/audit/"))
    for child, name in ((file, "儿童档案"), (other, "另一份")):
        assert re.search(rf'{name}：<a href="\?record=[^"]*{child.pk}"[^>]*>{str(child.pk)[:8]}</a>', rows), name
    line = client.get("/audit/table.csv").content.decode("utf-8-sig")
    assert f"另一份：{str(other.pk)[:8]}；接收：" in line and "<a" not in line


def test_acts_are_chosen_among_those_of_a_subject(client, auditor):
    page = client.get("/audit/")
    subjects = dict(AUDIT_ACTS.by_subject())
    assert "" not in subjects and 10 <= len(subjects) <= 24 and max(map(len, subjects.values())) <= 25
    assert page.text.count("<optgroup") == len(subjects) and '<optgroup label="紧急报告">' in page.text
    assert page.text.count('<option value="view_alert"') == 1


UNRECORDED = {"next", "period", "job", "key"} | PAGING  # of pages whose reading names no list


def test_whatever_narrows_a_list_has_words(pytestconfig):
    """Parameters that pages and API read of an address, and the words that are typed."""
    asked = set()
    for app in ("orgs", "registry", "visits", "reports"):
        for path in (pytestconfig.rootpath / app).rglob("*.py"):
            text = path.read_text()
            asked |= set(re.findall(r"(?:GET|query_params)(?:\.get|\.getlist)?[(\[]\"([a-z_]+)\"", text))
            for typed in re.findall(r"@searched_by\((.*)\)", text):
                asked |= set(re.findall(r"\"([a-z_]+)\"", typed))
    for _path, _name, view in routes():
        asked |= set(getattr(getattr(getattr(view, "cls", None), "filterset_class", None), "get_filters", dict)())
    assert len(asked) > 40 and not {name for name in asked - UNRECORDED if not _known_words("filters", name)}


def test_every_list_whose_reading_is_recorded_has_a_name():
    named = ["phones", "spot-checks", "twin-check"]  # by acts of their own
    named += [name for _path, name, view in routes() if "read_list" in _acts(getattr(view, "reads", ""))]
    named += [
        name
        for _path, name, view in routes()
        for action in (getattr(view, "actions", None) or {}).values()
        if "read_list" in _acts(getattr(view.cls, "reads", {}).get(action, ""))
    ]
    assert len(named) > 20 and not [name for name in named if not _known_words("list", name)]


def _acts(declared) -> list[str]:
    reads = as_reads(declared)
    return list(reads.acts) if reads else []


def test_what_lies_nowhere_is_seen_by_the_city_whose_people_did_it(client, village, director):
    """Signing in fails, or comes before a post is chosen: such a row has no unit."""
    a_post(a_village(village.township), person=director.person)
    client.post("/accounts/login/", {"username": "nobody-at-all", "password": "x"})
    client.post("/accounts/login/", {"username": director.person.username, "password": PASSWORD})
    assert set(Audit.objects.filter(unit=None).values_list("action", flat=True)) == {"sign_in_failed", "sign_in"}

    def seen(city) -> list[str]:
        sign_in(client, a_post(city, "auditor"))
        rows = rows_of(client.get("/audit/"))
        return [word for word in ("登录失败", f"{director.person.name}</th>") if word in rows]

    assert seen(village.city) == ["登录失败", f"{director.person.name}</th>"]
    assert seen(a_village().city) == ["登录失败"]


def test_a_sign_in_that_failed_for_an_account_is_seen_by_its_city_alone(client, village, director):
    client.post("/accounts/login/", {"username": director.person.username, "password": "x"})
    assert Audit.objects.get(action="sign_in_failed").unit == village
    end_appointment(director, on=timezone.localdate())
    client.post("/accounts/login/", {"username": director.person.username, "password": "x"})
    assert set(Audit.objects.filter(action="sign_in_failed").values_list("unit", flat=True)) == {village.pk}

    def seen(city) -> bool:
        sign_in(client, a_post(city, "auditor"))
        return "登录失败" in rows_of(client.get("/audit/"))

    assert seen(village.city) and not seen(a_village().city)
