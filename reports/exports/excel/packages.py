"""What a unit reported with all its parts, for somebody who wants to check it with the files alone: the contents as
they were signed, each named by its SHA-256, and the rosters of the villages for who may open the files.

docs/verify_a_figure.md is the recipe.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.utils import translation

from childwelfare.jobs.models import Job
from childwelfare.jobs.services import Progress
from childwelfare.text.canonical import canonical_bytes
from orgs.posts.models import Appointment
from orgs.units.models import Level
from reports.exports.excel.naming import file_name, full_name
from reports.exports.excel.read_back import check_package
from reports.exports.keeping import keep
from reports.exports.kinds import EXPORT_KINDS, ZIP
from reports.exports.reported import reported_at
from reports.exports.services import day_of, orderer, unit_of_order
from reports.indicators.facts import BITS
from reports.rollup.periods import Period
from reports.snapshots.models import Snapshot, SnapshotRoster
from reports.snapshots.rosters import groups_of_rows, told_of, unreadable

FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # no clock in the file: the same figures give the same package
READ_ME = """上报数据包

content/    每份上报的内容，文件名就是它的 SHA-256（校验码）。
rosters/    村（居）的名单，文件名就是它的 SHA-256；只有档案编号，没有姓名。无权看档案的人导出的没有这一夹。
index.json  哪份是哪个单位的；top 是这次导出的单位，standing 写明它是不是有效的数，有效的为空。
counting.json  每个指标数名单里的哪些行。

核对：
1. sha256sum content/*.json rosters/*.json，逐个和文件名比。
2. 上级的 values 等于 parts 各份的 values 之和。
3. 村（居）的 values 等于名单里符合 counting.json 的行数。
4. top 的前八位等于汇总表页脚的“校验”。
一步一步的做法见 docs/verify_a_figure.md。
"""


def all_parts(top: Snapshot) -> list[Snapshot]:
    """``top`` and everything that is summed in it, down to the villages; one query a tier."""
    found, tier = [top], [top]
    while tier:
        below = Snapshot.objects.filter(wholes__whole__in=tier).select_related("unit").order_by("hash")
        tier = list(below)
        found += tier
    return found


def visible_rosters(snapshots: Iterable[Snapshot], post: Appointment) -> list[SnapshotRoster]:
    """Of the villages whose files ``post`` may hand out. Raises RosterUnreadable where one is lost."""
    if not post.holds("export_roster"):
        return []
    named = Snapshot.objects.visible_to(post, "export_roster").filter(pk__in=[each.pk for each in snapshots])
    lost = named.filter(unit__level=Level.VILLAGE, roster=None).select_related("unit", "period").first()
    if lost:
        raise unreadable(lost)
    rosters = SnapshotRoster.objects.filter(snapshot__in=named).select_related("snapshot__unit", "snapshot__period")
    return list(rosters.order_by("snapshot__hash"))


def write_package(
    target: io.BytesIO,
    top: Snapshot,
    snapshots: list[Snapshot],
    rosters: list[SnapshotRoster],
    told: Callable[[], None],
) -> int:
    """Write the package; return how many files it has that are named by their hash."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        _add(package, "README.txt", READ_ME.encode())
        _add(package, "index.json", canonical_bytes(_index(top, snapshots, rosters)))
        _add(package, "counting.json", canonical_bytes(counting()))
        names = set()
        for each in snapshots:
            names.add(name := f"content/{each.hash}.json")
            if name not in package.namelist():  # two villages without children may have signed alike
                _add(package, name, each.content.encode())
            told()
        for roster in rosters:
            names.add(name := f"rosters/{_roster_hash(roster)}.json")
            if name not in package.namelist():
                _add(package, name, canonical_bytes(told_of(roster)))
            told()
    return len(names)


def counting() -> dict[str, Any]:
    """What each indicator counts, as it is declared today: in which group of rows, with which values; of a dimension in
    ``bits`` a row may hold several values, whose numbers are added. "" there: none of them."""
    groups = {each.stored_key: (name, each.where) for name, members in groups_of_rows() for each in members}
    return {
        "bits": {dimension: dict(bits) for dimension, bits in BITS.items()},
        "indicators": [
            {"key": key, "group": group, "where": {name: list(values) for name, values in where.items()}}
            for key, (group, where) in sorted(groups.items())
        ],
    }


def _index(top: Snapshot, snapshots: list[Snapshot], rosters: list[SnapshotRoster]) -> dict[str, Any]:
    of_village = {roster.snapshot_id: _roster_hash(roster) for roster in rosters}
    rows = [
        {
            "hash": each.hash,
            "unit": each.told["unit"]["uid"],
            "name": each.told["unit"]["name"],
            "level": each.told["unit"]["level"],
            "seq": each.seq,
            "kind": each.kind,
            "roster": of_village.get(each.pk, ""),
        }
        for each in snapshots
    ]
    return {"top": top.hash, "standing": str(top.standing), "period": top.told["period"], "snapshots": rows}


def _roster_hash(roster: SnapshotRoster) -> str:
    told: str = json.loads(roster.snapshot.content)["roster"]["hash"]
    return told


def _add(package: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, date_time=FIRST_DAY)
    entry.compress_type = zipfile.ZIP_DEFLATED
    package.writestr(entry, content)


def export_package(record: Job, progress: Progress) -> tuple[str, str]:
    """The work of an ordered package."""
    post = orderer(record)
    unit = unit_of_order(record).as_of(Period.of(record.params["period"]).last)
    top = reported_at(unit, record.params["period"])
    snapshots = all_parts(top)
    rosters = visible_rosters(snapshots, post)
    total, done = len(snapshots) + len(rosters), 0

    def told() -> None:
        nonlocal done
        done += 1
        if done % 20 == 0:
            progress(done, total)

    content = io.BytesIO()
    files = write_package(content, top, snapshots, rosters, told)
    with translation.override(settings.LANGUAGE_CODE):
        label = EXPORT_KINDS[record.kind].label
        subject = f"{full_name(unit)}{Period.of(record.params['period']).label}{label}_"
    kept = keep(record, content, unit, rows=files, check=lambda: check_package(content, files=files))
    progress(total, total)
    return kept, file_name(subject, day_of(record), ZIP)
