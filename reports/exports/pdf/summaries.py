"""汇总表 as PDF: A4 landscape, each sheet from a new page, the head on every page, the footer of the workbook."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from childwelfare.jobs.models import Job
from childwelfare.jobs.services import Progress
from childwelfare.typesetting.services import NoTypesetting, set_page
from childwelfare.workflow.refusals import Refused
from reports.exports.excel.naming import file_name, summary_title
from reports.exports.keeping import keep
from reports.exports.kinds import PDF
from reports.exports.summaries.order import Steps, SummaryOrder
from reports.exports.summaries.summary import Summary
from reports.indicators.columns import Head, heads_of
from reports.indicators.indicator import Numbers
from reports.indicators.templates import shown

STYLE = Path(__file__).with_name("summary.css")
WIDE = 24  # columns; a sheet of more is laid out on A3 and set at its size on A4, as a workbook fits the paper's width
A3_ON_A4 = 0.5**0.5


@dataclass(frozen=True)
class Line:
    """``numbers`` as they are printed."""

    name: str
    numbers: list[int | str]
    remark: str = ""


@dataclass(frozen=True)
class Page:
    """A ``Summary`` as its template reads it."""

    summary: Summary

    @property
    def signs(self) -> list[str]:
        return [f"制表人：{self.summary.person}", "审核人：", "负责人：", "（单位盖章）"]

    @property
    def groups(self) -> list[tuple[str, list[Head]]]:
        return [(str(name), heads) for name, heads in heads_of(self.summary.template)]

    @property
    def lines(self) -> Iterator[Line]:
        for unit, figures in self.summary.table:
            yield Line(unit.short_name, self._shown(figures), self.summary.remark_of(unit, figures))

    @property
    def total(self) -> list[int | str]:
        return self._shown(self.summary.totals)

    def _shown(self, figures: Numbers) -> list[int | str]:
        return [shown(figures.get(each.key), self.summary.scale) for each in self.summary.columns]


def summary_pdf(summaries: Sequence[Summary]) -> bytes:
    """One file, a sheet for each of ``summaries``, all of one template. Raises NoTypesetting."""
    is_wide = len(summaries[0].columns) > WIDE
    context = {
        "pages": [Page(each) for each in summaries],
        "first": summaries[0],
        "words": {"number": "序号", "unit": "单　位", "remark": "备注", "total": "合　计"},
        "is_wide": is_wide,
    }
    page = render_to_string("reports/exports/summary_pdf.html", context)
    return set_page(page, STYLE, scale=A3_ON_A4 if is_wide else 1, in_background=True)


def export_summary_pdf(record: Job, progress: Progress) -> tuple[str, str]:
    """The work of an ordered PDF. Where this machine sets none, its orderer is told what to do instead."""
    order, below = SummaryOrder(record), bool(record.params.get("below"))
    steps = Steps(progress, 2 + (len(order.below(order.unit)) if below else 0))
    with translation.override(settings.LANGUAGE_CODE):
        summaries = order.summaries(order.unit, below=below, told=steps.one)
        try:
            content = summary_pdf(summaries)
        except NoTypesetting as why:
            raise Refused(_instead(why)) from why
        subject = f"{summary_title(order.unit, order.template)}{order.period.label}_"
    rows = sum(len(each.table) for each in summaries)
    kept = keep(record, io.BytesIO(content), order.unit, rows=rows, check=lambda: check_pdf(content))
    steps.one()
    return kept, file_name(subject, order.day, PDF)


def check_pdf(content: bytes) -> None:
    """Raises ValueError for a file that was cut off."""
    if not content.startswith(b"%PDF-") or not content.rstrip().endswith(b"%%EOF"):
        raise ValueError("not a whole PDF")


def _instead(why: NoTypesetting) -> str:
    if why.in_a_moment:
        return _("暂时不能生成 PDF，请过几分钟重新导出；也可以导出 Excel。")
    return _("这台服务器还不能生成 PDF，请告诉系统管理员；现在可以导出 Excel 打印。")
