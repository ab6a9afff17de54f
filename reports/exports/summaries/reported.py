"""What a unit reported, as a sheet to print: the frozen figures of its snapshot and of the parts it sums."""

from django.utils import timezone

from orgs.units.models import OrgUnit
from reports.exports.reported import parts_of
from reports.exports.summaries.summary import Summary, Table
from reports.indicators.templates import LedgerTemplate, Scale
from reports.rollup.periods import Period
from reports.snapshots.models import Snapshot
from reports.submissions.presentation import explained_in


def reported_summary(snapshot: Snapshot, *, template: LedgerTemplate, scale: Scale, person: str) -> Summary:
    """Who was left out, and what was explained, is named on the sheet, which is dated as it was signed."""
    unit, parts = snapshot.unit, parts_of(snapshot)
    table: Table = [(part.unit, part.numbers) for part in parts] or [(unit, snapshot.numbers)]
    remarks: dict[int, str] = {}
    waived = snapshot.told["waived"]
    units = OrgUnit.objects.filter(uid__in=[one["unit"] for one in waived])
    left_out = {str(each.uid): each.as_of(snapshot.period.as_of) for each in units}
    for each in waived:
        if below := left_out.get(each["unit"]):
            table.append((below, {}))
            remarks[below.pk] = f"缺报，未计入合计：{each['reason']}"
    table.sort(key=lambda row: row[0].place_in_tables)
    notes = [line for each in [snapshot, *parts] for line in _explained(each)]
    notes += [f"缺报　{_path(each)}：{each['reason']}" for each in snapshot.left_out if each["in"]]
    return Summary(
        unit=unit,
        period=Period.of(snapshot.told["period"]),
        table=table,
        day=timezone.localdate(snapshot.made_at),
        person=person,
        template=template,
        scale=scale,
        total=snapshot.numbers,
        hash=snapshot.short_hash,
        standing=snapshot.standing,
        remarks=remarks,
        notes=notes,
    )


def _path(left_out: dict) -> str:
    return " ".join([*left_out["in"], left_out["name"]])


def _explained(snapshot: Snapshot) -> list[str]:
    name = snapshot.unit.short_name
    return [f"情况说明　{name}：{words}：{text}" for words, text in explained_in(snapshot.told)]
