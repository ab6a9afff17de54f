"""Ordering a table, watching it, fetching it: who may, what the trail says, what is said when it can't be."""

import datetime
import io
import os
import stat
import uuid
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from childwelfare.jobs import services as jobs
from childwelfare.jobs.models import Job
from orgs.audit.models import Audit
from orgs.posts.services import end_appointment
from registry.child.models import ChildFile
from reports.exports.kinds import ROSTER, SUMMARY
from reports.exports.services import KEPT_FOR, delete_old_exports, order_export, read_export
from reports.rollup.periods import Period
from tests.builders import a_county, a_post, a_township, a_village, an_approved_file, fresh, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def village():
    village = a_village()
    an_approved_file(village, name="张子涵")
    call_command("rollup", period=Period.of().key)
    return village


def a_done_export(post, kind=ROSTER, **order) -> Job:
    record = order_export(by=post, kind=kind, unit=post.unit.uid, **order)
    jobs.run(record.pk)
    return Job.objects.get(pk=record.pk)


def opened(content: bytes):
    return load_workbook(io.BytesIO(content)).active


def values(sheet) -> list:
    return list(sheet.iter_rows(values_only=True))


def test_a_clerk_orders_a_roster_and_takes_it_home(client, village, clerk):
    sign_in(client, clerk)
    order = {"kind": ROSTER, "unit": village.township.uid, "category": "left_behind"}
    assert client.post(reverse("export-new"), order).status_code == 302
    record = Job.objects.get(kind=ROSTER)
    waiting = client.get(reverse("export-list")).text
    assert f"/exports/{record.pk}/" in waiting and "hx-trigger" in waiting
    jobs.run(record.pk)
    ready = client.get(reverse("export-job", args=[record.pk])).text
    assert "hx-trigger" not in ready and reverse("export-download", args=[record.pk]) in ready
    got = client.get(reverse("export-download", args=[record.pk]))
    name = f"{village.county.name}{village.township.name}留守儿童花名册{timezone.localdate():%Y%m%d}.xlsx"
    assert Job.objects.get(pk=record.pk).filename == name
    assert got["Content-Disposition"].startswith("attachment; filename*=utf-8''%E8%8D%A5")
    assert "no-store" in got["Cache-Control"]
    assert opened(got.content)["B4"].value == "张子涵"
    acts = list(Audit.objects.filter(action__in=("export", "download")).order_by("id").values_list("action", "unit"))
    assert acts == [("export", village.township_id), ("download", village.township_id)]
    assert '"rows": 1' in Audit.objects.get(action="export").data


def test_the_city_takes_its_summary(client, village):
    record = a_done_export(a_post(village.city), SUMMARY, period=Period.of().key)
    assert record.state == "done" and record.filename.startswith(f"{village.city.name}困境儿童、留守儿童信息汇总表")
    sign_in(client, record.post)
    sheet = opened(client.get(reverse("export-download", args=[record.pk])).content)
    assert [cell.value for cell in sheet[5]][:3] == [1, village.county.name, 1]


def test_the_city_may_not_order_a_roster(client, village):
    sign_in(client, a_post(village.city))
    page = client.post(reverse("export-new"), {"kind": ROSTER, "unit": village.city.uid})
    assert page.status_code == 422 and "不能导出这种表" in page.text
    order = {"kind": ROSTER, "unit": str(village.city.uid)}
    assert client.post("/api/v1/exports/", order, content_type="application/json").status_code == 403
    assert not Job.objects.filter(kind=ROSTER).exists()


def test_a_director_orders_nothing(client, village):
    sign_in(client, a_post(village))
    assert client.get(reverse("export-list")).status_code == 403
    assert client.post("/api/v1/exports/", {}, content_type="application/json").status_code == 403


def test_anothers_export_is_not_there(client, village, clerk):
    record = a_done_export(clerk)
    for stranger in (a_post(village.township), a_post(village.county), a_post(a_county()), a_post(village.city)):
        sign_in(client, stranger)
        for name in ("export-job", "export-download"):
            assert client.get(reverse(name, args=[record.pk])).status_code == 404
        for tail in ("", "download/"):
            assert client.get(f"/api/v1/exports/{record.pk}/{tail}").status_code == 404
        assert client.get("/api/v1/exports/").json()["results"] == []


def test_who_has_left_the_post_fetches_nothing(client, village, clerk):
    record = a_done_export(clerk)
    sign_in(client, clerk)
    end_appointment(clerk, on=timezone.localdate())
    got = client.get(reverse("export-download", args=[record.pk]))
    assert got.status_code in (302, 403, 404) and b"PK" not in got.content[:2]
    other = a_post(a_township(village.county), person=clerk.person)
    sign_in(client, other)
    assert client.get(reverse("export-download", args=[record.pk])).status_code == 404


def test_what_was_ordered_in_a_post_that_ended_is_not_made(village, clerk):
    record = order_export(by=clerk, kind=ROSTER, unit=village.township.uid)
    end_appointment(clerk, on=timezone.localdate())
    jobs.run(record.pk)
    record.refresh_from_db()
    assert (record.state, record.file, record.attempts) == ("failed", "", 1) and "岗位" in record.problem


def test_an_export_belongs_to_the_post_that_ordered_it_not_to_the_person(client, village, clerk):
    record = a_done_export(clerk)
    other = a_post(village.county, person=clerk.person)
    with pytest.raises(PermissionDenied):
        read_export(record, by=other)
    sign_in(client, other)
    assert client.get("/api/v1/exports/").json()["results"] == []
    assert client.get(reverse("export-download", args=[record.pk])).status_code == 404
    sign_in(client, fresh(clerk))
    assert client.get(reverse("export-download", args=[record.pk])).status_code == 200


def test_for_an_account_that_was_locked_nothing_is_made_and_nothing_given_out(village, clerk):
    waiting, made = (
        order_export(by=clerk, kind=ROSTER, unit=village.township.uid),
        a_done_export(a_post(village.county)),
    )
    for post in (clerk, made.post):
        post.person.is_active = False
        post.person.save()
    jobs.run(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.file) == ("failed", "") and "岗位" in waiting.problem
    with pytest.raises(PermissionDenied):
        read_export(made, by=fresh(made.post))


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ({"kind": "export_everything"}, "没有这种表|不能导出这种表|不是合法选项|不是有效选项"),
        ({"kind": SUMMARY, "unit": "there"}, "管辖范围"),
        ({"kind": SUMMARY, "unit": str(uuid.uuid4())}, "管辖范围"),
        ({"kind": SUMMARY, "unit": "高村乡"}, "管辖范围|UUID"),
        ({"kind": SUMMARY, "period": "2026-13"}, "统计期"),
        ({"kind": SUMMARY, "period": "2999-01"}, "还没有到|统计期"),
        ({"kind": SUMMARY, "period": "2024-01"}, "还没有统计好|统计期"),
        ({"kind": ROSTER, "category": "everybody"}, "类别"),
    ],
)
def test_a_bad_order_is_explained_and_not_kept(client, village, clerk, order, words):
    import re

    there = a_township().uid
    order = {"unit": str(clerk.unit.uid)} | order
    order["unit"] = str(there) if order["unit"] == "there" else order["unit"]
    sign_in(client, clerk)
    page = client.post(reverse("export-new"), order)
    assert page.status_code == 422 and re.search(words, page.text)
    answer = client.post("/api/v1/exports/", order, content_type="application/json")
    assert answer.status_code in (400, 422) and re.search(words, answer.text)
    assert not Job.objects.exists()


@pytest.mark.both
def test_pressed_twice_it_is_made_once(client, village, clerk):
    first = order_export(by=clerk, kind=ROSTER, unit=village.township.uid)
    assert order_export(by=fresh(clerk), kind=ROSTER, unit=village.township.uid) == first
    assert order_export(by=clerk, kind=ROSTER, unit=village.uid) != first


@pytest.mark.both
def test_a_job_that_runs_twice_leaves_the_same_file(client, village, clerk):
    record = a_done_export(clerk)
    sign_in(client, clerk)
    once = values(opened(client.get(reverse("export-download", args=[record.pk])).content))
    Job.objects.filter(pk=record.pk).update(state="queued")
    assert jobs.run(record.pk)
    again = Job.objects.get(pk=record.pk)
    assert (again.file, again.filename) == (record.file, record.filename)
    assert values(opened(client.get(reverse("export-download", args=[record.pk])).content)) == once


def test_the_file_lies_sealed_and_closed_to_others(settings, clerk):
    path = Path(settings.MEDIA_ROOT) / a_done_export(clerk).file
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = path.read_bytes()
    assert not content.startswith(b"PK") and b"xl/worksheets" not in content
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("seconds, deleted", [(1, 1), (0, 0), (-1, 0)])
def test_a_file_is_kept_to_the_last_second_of_its_time(settings, clerk, seconds, deleted):
    record, now = a_done_export(clerk), timezone.now().replace(microsecond=0)
    made = (now - KEPT_FOR - datetime.timedelta(seconds=seconds)).timestamp()
    path = Path(settings.MEDIA_ROOT) / record.file
    os.utime(path, (made, made))
    assert delete_old_exports(now) == deleted
    record.refresh_from_db()
    assert path.exists() is bool(record.file) is not bool(deleted)


def test_the_screens_name_the_time_that_files_are_kept(client, settings, clerk, monkeypatch):
    for module in ("reports.exports.services", "reports.exports.views"):
        monkeypatch.setattr(f"{module}.KEPT_FOR", datetime.timedelta(days=3))
    record = a_done_export(clerk)
    sign_in(client, clerk)
    assert "保存 3 天" in client.get(reverse("export-list")).text
    (Path(settings.MEDIA_ROOT) / record.file).unlink()
    gone = client.get(reverse("export-download", args=[record.pk]), follow=True)
    assert "只保留 3 天" in gone.text


def test_after_a_week_it_is_gone_and_the_page_says_so(client, settings, clerk):
    old, new = a_done_export(clerk), a_done_export(clerk, SUMMARY)
    past = (timezone.now() - datetime.timedelta(days=8)).timestamp()
    os.utime(Path(settings.MEDIA_ROOT) / old.file, (past, past))
    assert delete_old_exports() == 1
    sign_in(client, clerk)
    shown = client.get(reverse("export-list")).text
    assert "只保留 7 天" in shown and reverse("export-download", args=[old.pk]) not in shown
    gone = client.get(reverse("export-download", args=[old.pk]), follow=True)
    assert gone.redirect_chain and "请重新导出" in gone.text
    assert client.get(f"/api/v1/exports/{old.pk}/download/").status_code == 422
    assert client.get(reverse("export-download", args=[new.pk])).status_code == 200


def test_the_api_orders_tells_and_gives(client, village, clerk):
    sign_in(client, clerk)
    order = {"kind": ROSTER, "unit": str(village.township.uid), "category": ""}
    answer = client.post("/api/v1/exports/", order, content_type="application/json")
    assert answer.status_code == 202 and answer.json()["state"] == "queued" and answer.json()["download"] == ""
    where = f"/api/v1/exports/{answer.json()['id']}/"
    assert client.get(f"{where}download/").status_code == 422
    jobs.run(answer.json()["id"])
    told = client.get(where).json()
    assert (told["state"], told["done"], told["total"]) == ("done", 1, 1)
    got = client.get(told["download"], HTTP_ACCEPT="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    assert got.status_code == 200 and opened(got.content)["B4"].value == "张子涵"
    assert Audit.objects.filter(action="download").count() == 1
    assert client.get("/api/v1/exports/").json()["count"] == 1


def test_only_the_children_of_the_unit_are_listed(village):
    beside = a_village(a_township(village.county))
    an_approved_file(beside, name="欧阳小雨")
    officer = a_post(village.county)
    record = order_export(by=officer, kind=ROSTER, unit=beside.township.uid)
    jobs.run(record.pk)
    assert Audit.objects.filter(action="export", unit=beside.township).exists()
    assert '"rows": 1' in Audit.objects.get(action="export").data


@pytest.mark.parametrize("kind", [ROSTER, SUMMARY])
def test_a_workbook_that_cannot_be_read_back_is_not_called_done(village, clerk, monkeypatch, settings, kind):
    """One school's name with a character that XML does not know: a program shows some rows of it and says nothing."""
    from reports.exports.excel import paper

    order = {"period": Period.of().key} if kind == SUMMARY else {}
    monkeypatch.setattr(paper, "clean_cell", lambda value: value if isinstance(value, int) else f"{value}\uffff")
    monkeypatch.setattr(jobs, "MAX_ATTEMPTS", 1)
    record = a_done_export(clerk, kind, **order)
    assert record.state == "failed" and record.problem and not record.file
    assert not list((settings.MEDIA_ROOT / "exports").glob("*")) and not Audit.objects.filter(action="export").exists()


def test_a_workbook_that_lacks_a_row_is_not_called_done(village, clerk, monkeypatch):
    from reports.exports.excel import roster

    an_approved_file(village, name="李梓轩")
    whole = roster.roster_rows
    monkeypatch.setattr(roster, "roster_rows", lambda ids, **how: list(whole(ids, **how))[:-1])
    monkeypatch.setattr(jobs, "MAX_ATTEMPTS", 1)
    assert a_done_export(clerk).state == "failed"


@pytest.mark.parametrize("long", [False, True])
def test_what_is_no_character_is_left_out_and_every_row_can_be_read(village, monkeypatch, long):
    from reports.exports.excel import roster
    from reports.exports.excel.read_back import DamagedWorkbook, check_workbook

    for _n in range(3):
        ChildFile.objects.filter(pk=an_approved_file(village).pk).update(school="高村\uffff小学\ufffe")
    written = io.BytesIO()
    files = ChildFile.objects.within(village.township).in_registry()
    made = roster.Roster(files, unit=village.township, category="", day=timezone.localdate(), person="刘志强")
    made.write(written, lambda done, total: None, long=long)
    check_workbook(written, rows=made.count)
    assert "高村小学" in str(values(opened(written.getvalue())))
    with pytest.raises(DamagedWorkbook):
        check_workbook(written, rows=made.count + 1)
    with pytest.raises(DamagedWorkbook):
        check_workbook(io.BytesIO(written.getvalue()[:-40]), rows=made.count)
