"""汇总表 as PDF: the figures of the workbook, on paper."""

import re

import pytest
import time_machine

from childwelfare.jobs import services as jobs
from childwelfare.jobs.models import Job, JobState
from childwelfare.typesetting.services import NoTypesetting
from reports.exports.kinds import REPORTED, SUMMARY_PDF
from reports.exports.pdf import summaries
from reports.exports.services import order_export
from reports.submissions.services import waive
from tests.builders import a_post, fresh, sign_in
from tests.reports.submissions.world import OCTOBER, a_reporting_county, pass_on, row_of, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def country(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel("2026-11-02T04:00:00Z", tick=False):
        country = a_reporting_county(children=1)
        country.open()
        left_out = row_of(country.villages[3])
        waive(left_out, by=fresh(a_post(country.townships[1])), seen_version=left_out.version, reason="主任住院")
        for unit in (*country.villages[:3], *country.townships, country.county):
            send(unit)
            pass_on(unit)
        yield country


def ordered(post, **order) -> Job:
    record = order_export(by=fresh(post), kind=SUMMARY_PDF, unit=post.unit.uid, period=OCTOBER, **order)
    jobs.run(record.pk)
    return Job.objects.get(pk=record.pk)


def test_a_county_has_its_reported_sheet_on_paper(country, client, monkeypatch):
    drawn = []
    usual = summaries.set_page
    monkeypatch.setattr(
        summaries, "set_page", lambda page, *given, **how: drawn.append(page) or usual(page, *given, **how)
    )
    post = a_post(country.county)
    record = ordered(post, source=REPORTED, below=True)
    assert record.state == JobState.DONE, record.problem
    sign_in(client, post)
    answer = client.get(f"/exports/{record.pk}/download/")
    assert answer["Content-Type"] == "application/pdf" and record.filename.endswith(".pdf")
    assert answer.content.startswith(b"%PDF-")
    (page,) = drawn
    signed = row_of(country.county).approved
    sheets = page.split("<section")[1:]
    assert len(sheets) == 3, "its own and one of each township"
    total = re.findall(r"<td>(\d+)</td>", sheets[0].split('class="total"')[1])
    assert int(total[0]) == signed.numbers["registered"] == 3
    assert f"校验 {signed.short_hash}" in sheets[0] and "已上报" in sheets[0]
    assert f"缺报　{country.townships[1].name} {country.villages[3].name}：主任住院" in sheets[0]
    assert "缺报，未计入合计：主任住院" in sheets[2]


def test_a_machine_that_sets_no_pdf_says_what_to_do_instead(country, monkeypatch):
    def nothing(*_given, **_how):
        raise NoTypesetting("no pango", in_a_moment=False)

    monkeypatch.setattr(summaries, "set_page", nothing)
    record = ordered(a_post(country.county), source=REPORTED)
    assert record.state == JobState.FAILED and "请告诉系统管理员；现在可以导出 Excel 打印" in record.problem


def test_a_file_that_was_cut_off_is_not_kept(country, monkeypatch):
    monkeypatch.setattr(summaries, "set_page", lambda *_given, **_how: b"%PDF-1.7 half")
    record = ordered(a_post(country.county), source=REPORTED)
    assert record.state != JobState.DONE and not record.file, "tried again"
