"""What was reported, as files: frozen figures, a sheet a unit, the roster, the package that checks itself."""

import hashlib
import io
import json
import zipfile

import pytest
import time_machine
from openpyxl import load_workbook

from childwelfare.jobs import services as jobs
from childwelfare.jobs.models import Job
from childwelfare.workflow.refusals import Refused
from orgs.audit.models import Audit
from registry.child.models import ChildFile
from reports.exports.excel.read_back import DamagedWorkbook, check_package, check_totals
from reports.exports.kinds import COUNTIES, PACKAGE, REPORTED, REPORTED_ROSTER, SUMMARY
from reports.exports.services import order_export, read_export
from reports.indicators.templates import TEMPLATES
from reports.snapshots.models import SnapshotRoster
from reports.submissions.models import Submission
from reports.submissions.services import waive
from tests.builders import a_post, an_approved_file, fresh, sign_in
from tests.reports.submissions.world import OCTOBER, SINCE, a_reporting_county, pass_on, row_of, send

NOON = "2026-11-02T04:00:00Z"


@pytest.fixture(scope="module")
def reported(shared_world):
    """October, reported up to the city: a village is waived, another explained something."""
    with time_machine.travel(NOON, tick=False):
        country = a_reporting_county(children=2)
        country.open()
        left_out = row_of(country.villages[3])
        waive(left_out, by=fresh(a_post(country.townships[1])), seen_version=left_out.version, reason="主任住院")
        for unit in (*country.villages[:3], *country.townships, country.county, country.city):
            send(unit)
            pass_on(unit)
    return country


@pytest.fixture
def country(reported, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOON, tick=False):
        yield reported


def a_file(post, kind, unit=None, **order) -> tuple[Job, bytes]:
    record = order_export(by=post, kind=kind, unit=(unit or post.unit).uid, period=OCTOBER, **order)
    jobs.run(record.pk)
    record = Job.objects.get(pk=record.pk)
    assert record.state == "done", record.problem
    return record, read_export(record, by=post)[0]


def sheets(content: bytes, **given):
    return load_workbook(io.BytesIO(content), **given).worksheets


@pytest.mark.django_db
@pytest.mark.parametrize("loss", ["altered", "lost"])
def test_a_roster_that_was_altered_or_lost_is_told_of_wherever_it_would_be_opened(country, client, loss):
    """No page, answer or file breaks, and none shows less than was signed without a word."""
    village = country.villages[0]
    kept = SnapshotRoster.objects.filter(snapshot=row_of(village).approved)
    kept.update(sealed=b"x" * 60) if loss == "altered" else kept.delete()
    officer = a_post(country.county)
    sign_in(client, officer)
    words = f"{village.short_name}2026年10月封存的名册打不开或被改动过，请告诉系统管理员运行 verify_chain"
    asked = {"period": OCTOBER, "as": "official", "unit": country.county.uid, "rows": "sex", "columns": "visit"}
    for address in (
        f"/figures/{country.county.uid}/registered/", f"/figures/{country.townships[0].uid}/directors/",
        "/cross/", "/cross/table.csv", "/api/v1/figures/",
    ):  # fmt: skip
        page = client.get(address, asked)
        assert page.status_code == 422 and words in page.text, address
    assert client.get(f"/figures/{country.townships[1].uid}/registered/", asked).status_code == 200
    told = Audit.objects.filter(action="roster_unreadable", unit=village)
    assert told.count() == 5
    for kind in (REPORTED_ROSTER, PACKAGE):
        record = order_export(by=fresh(officer), kind=kind, unit=country.county.uid, period=OCTOBER)
        jobs.run(record.pk)
        record = Job.objects.get(pk=record.pk)
        assert record.state == "failed" and words in record.problem


def test_the_reported_sheet_stays_what_was_signed_and_says_who_let_it_out(country):
    post = a_post(country.county)
    an_approved_file(country.villages[0], on=SINCE)  # comes late: in no figure that was signed
    signed = row_of(country.county).approved
    _record, content = a_file(post, SUMMARY, source=REPORTED)
    (printed,), (formulas,) = sheets(content, data_only=True), sheets(content)
    total = next(row for row in printed.iter_rows(min_row=5) if row[0].value == "合　计")[2]
    assert total.value == signed.numbers["registered"] == 6
    assert formulas[total.coordinate].value == "=SUM(C5:C6)"
    footer = printed.oddFooter
    assert footer.left.text.startswith(f"校验 {signed.short_hash}") and f"{post.person.name}导出" in footer.left.text
    assert footer.right.text.endswith("已上报")
    _record, live = a_file(a_post(country.townships[1]), SUMMARY, source=REPORTED)
    texts = [cell.value for row in sheets(live)[0].iter_rows() for cell in row if cell.value]
    assert any("缺报，未计入合计：主任住院" in str(text) for text in texts)


@pytest.mark.parametrize(
    ("state", "said"),
    [("waived", "缺报，不计入上级合计"), ("returned", "已退回，没有通过"), ("submitted", "待审核，还没有通过")],
)
def test_figures_that_are_not_valid_say_so_in_every_file(country, client, state, said):
    village, post = country.villages[0], a_post(country.county)
    Submission.objects.filter(unit=village).update(state=state, approved=None)
    record, content = a_file(post, SUMMARY, village, source=REPORTED)
    (sheet,) = sheets(content)
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert said in record.title and any(f"【{said}】" in text for text in texts)
    assert sheet.oddFooter.right.text.endswith(said) and "已上报" not in record.title
    _record, roster = a_file(fresh(post), REPORTED_ROSTER, village)
    assert any(said in str(cell.value) for row in sheets(roster)[0].iter_rows(max_row=4) for cell in row if cell.value)
    _record, package = a_file(fresh(post), PACKAGE, village)
    index = json.loads(zipfile.ZipFile(io.BytesIO(package)).read("index.json"))
    assert index["standing"] == said
    sign_in(client, post)
    asked = {"period": OCTOBER, "as": "official"}
    lines = client.get(f"/figures/{village.township.uid}/table.csv", asked).content.decode().splitlines()
    (line,) = [line for line in lines if village.name in line]
    assert line.endswith(f",{said}") and ",," in line, "blank, with why"
    assert "已通过" in lines[2] and "实时数" not in lines[-1]
    answer = client.get("/api/v1/submissions/", {"unit": village.uid, "period": OCTOBER}).json()["results"][0]
    assert answer["standing"] == said


@pytest.mark.parametrize("key", TEMPLATES)
def test_every_template_goes_out_with_its_columns_and_relations(country, key):
    post = a_post(country.city)
    _record, content = a_file(post, SUMMARY, source=REPORTED, sheet=key)
    (printed,) = sheets(content, data_only=True)
    template = TEMPLATES[key]
    row = next(row for row in printed.iter_rows(min_row=5) if row[0].value == "合　计")
    numbers = row_of(country.city).approved.numbers
    assert [cell.value for cell in row[2 : 2 + len(template.columns)]] == [numbers[each] for each in template.columns]
    assert "备注" in [cell.value for cell in printed[3]]


def test_persons_are_kept_whole_and_shown_in_ten_thousands_where_the_form_does(country):
    _record, content = a_file(a_post(country.city), SUMMARY, source=REPORTED, sheet="civil_affairs", scale="wan")
    (printed,) = sheets(content, data_only=True)
    row = next(row for row in printed.iter_rows(min_row=5) if row[0].value == "合　计")
    place = 2 + TEMPLATES["civil_affairs"].columns.index("left_behind")
    assert (row[place].value, row[place].number_format) == (0.0006, "0.0000")
    assert "单位：万人" in [cell.value for cell in printed[2]]


def test_a_sheet_for_each_township_and_a_workbook_for_each_county(country):
    _record, content = a_file(a_post(country.county), SUMMARY, source=REPORTED, below=True)
    assert [sheet["A1"].value[-14:] for sheet in sheets(content)] == ["困境儿童、留守儿童信息汇总表"] * 3
    record, packed = a_file(a_post(country.city), COUNTIES, source=REPORTED)
    assert record.filename.endswith(".zip") and record.done == record.total == 2
    with zipfile.ZipFile(io.BytesIO(packed)) as package:
        (name,) = package.namelist()
        assert country.county.name in name and len(sheets(package.read(name))) == 3


@pytest.mark.parametrize("tier, named", [("county", True), ("city", False)])
def test_the_reported_roster_names_only_to_whom_the_files_are_open(country, tier, named):
    moved = ChildFile.objects.filter(village=country.villages[0]).first()
    _record, content = a_file(a_post(getattr(country, tier)), REPORTED_ROSTER)
    (sheet,) = sheets(content)
    rows = [row for row in sheet.iter_rows(min_row=5, values_only=True) if isinstance(row[0], int)]
    assert [row[0] for row in rows] == list(range(1, 7))
    assert {bool(row[2]) for row in rows} == {named}
    assert any(row[1] == moved.name for row in rows) is named and all(("*" in row[1]) is not named for row in rows)


def test_the_package_is_checked_with_the_files_alone(country):
    """The recipe of docs/verify_a_figure.md, step by step."""
    _record, content = a_file(a_post(country.county), PACKAGE)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        files = {name: package.read(name) for name in package.namelist()}
    told = {}
    for name, part in files.items():
        if name.startswith(("content/", "rosters/")):
            assert hashlib.sha256(part).hexdigest() == name.split("/")[1].removesuffix(".json")
            told[name] = json.loads(part)
    index, counting = json.loads(files["index.json"]), json.loads(files["counting.json"])
    assert index["top"] == row_of(country.county).approved.hash and len(index["snapshots"]) == 6
    for snapshot in index["snapshots"]:
        said = told[f"content/{snapshot['hash']}.json"]
        if said["parts"]:
            parts = [told[f"content/{part['hash']}.json"]["values"] for part in said["parts"]]
            assert said["values"] == {key: sum(part[key] for part in parts) for key in said["values"]}
            continue
        roster = told[f"rosters/{said['roster']['hash']}.json"]
        assert said["values"] == {each["key"]: _rows(roster, each, counting["bits"]) for each in counting["indicators"]}
    assert not any("张" in part.decode() for name, part in files.items() if name.startswith("rosters/"))


def _rows(roster: dict, indicator: dict, bits: dict) -> int:
    group = roster.get(indicator["group"], {"columns": [], "rows": []})
    return sum(
        all(
            _holds(row[group["columns"].index(name)], values, bits.get(name))
            for name, values in indicator["where"].items()
        )
        for row in group["rows"]
    )


def _holds(value, values: list[str], bits: dict | None) -> bool:
    if bits is None:
        return value in values
    return not value & sum(bits.values()) if values == [""] else bool(value & sum(bits[each] for each in values))


def test_the_citys_package_has_no_rosters_and_leaves_a_trace(client, country):
    post = a_post(country.city)
    record, content = a_file(post, PACKAGE)
    assert not [name for name in zipfile.ZipFile(io.BytesIO(content)).namelist() if name.startswith("rosters/")]
    sign_in(client, post)
    got = client.get(f"/exports/{record.pk}/download/")
    assert got["Content-Type"] == "application/zip" and got.content == content
    acts = Audit.objects.filter(post=post, data__contains=PACKAGE).values_list("action", flat=True)
    assert sorted(acts) == ["download", "export"]


def test_what_was_not_reported_is_refused_in_words(country):
    post = a_post(country.villages[3].township)
    for kind in (PACKAGE, REPORTED_ROSTER):
        with pytest.raises(Refused, match="还没有上报"):
            order_export(by=post, kind=kind, unit=country.villages[3].uid, period=OCTOBER)


def test_a_file_that_is_not_what_it_says_is_not_given_out(country):
    _record, packed = a_file(a_post(country.county), PACKAGE)
    _record, book = a_file(a_post(country.county), SUMMARY, source=REPORTED)
    with pytest.raises(DamagedWorkbook):
        check_package(io.BytesIO(_replaced(packed, b'"level":2', b'"level":3')), files=9)
    with pytest.raises(DamagedWorkbook):
        check_totals(io.BytesIO(_replaced(book, b"<v>6</v>", b"<v>7</v>")))


def _replaced(content: bytes, old: bytes, new: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            copy.writestr(name, source.read(name).replace(old, new))
    return target.getvalue()
