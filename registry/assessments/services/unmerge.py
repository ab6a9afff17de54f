"""Which level each of two files says after their merge was taken back: that of its own assessments."""

import json
from collections.abc import Iterable
from typing import Any

from registry.assessments.models import Assessment, AssessmentState
from registry.assessments.services.risk import level_held
from registry.child.models import ChildFile
from registry.merging.models import Merge

IN_FORCE = (AssessmentState.CHECKED, AssessmentState.APPROVED)


def levels_of_each(survivor: ChildFile, other: ChildFile, *, kept: list[str]) -> None:
    """Write into both files what their own assessments say, and where none is in force the estimate of before.

    What assessments wrote into the survivor since the merge is no change of its own that stays: its label is taken out
    of ``kept``. Called inside the transaction that takes the merge back, with every assessment in its own file again.
    """
    merge = Merge.objects.valid().filter(survivor=survivor, other=other).first()
    assert merge  # it is being taken back
    state = json.loads(merge.snapshot_sealed)
    mine, theirs = (_estimate_at(state["before"], file) for file in (survivor, other))
    joint = _first_estimate(state["before"], (survivor, other)) or _risk(state["after"], survivor)
    since = Assessment.objects.filter(decided_at__gte=merge.made_at).exclude(first_estimate="")
    since.filter(child=other).update(first_estimate=theirs)
    # where it is another one, somebody had altered the estimate of the one child meanwhile: that stays
    since.filter(child=survivor, first_estimate=joint).update(first_estimate=mine)
    _write_level(other, theirs)
    ever_decided = Assessment.objects.filter(child__in=[survivor, other], decided_at__isnull=False).first_ones()
    if ever_decided.exists():
        _write_level(survivor, mine)
        label = str(ChildFile._meta.get_field("risk").verbose_name)
        kept[:] = [each for each in kept if each != label]


def _write_level(file: ChildFile, estimate: str) -> None:
    held = level_held(file)
    level = held.level if held else estimate
    if level and level != file.risk:
        file.risk = level
        file.save(update_fields=["risk"])


def _estimate_at(rows: dict[str, Any], file: ChildFile) -> str:
    """What ``file`` would have said at the merge without any assessment."""
    return _first_estimate(rows, (file,)) or _risk(rows, file)


def _first_estimate(rows: dict[str, Any], files: Iterable[ChildFile]) -> str:
    """Of the assessment by which the level of ``files`` stood; blank where there was none."""
    keys = {str(file.pk) for file in files}
    setting = [
        row
        for row in rows[Assessment._meta.label].values()
        if row["child_id"] in keys and row["state"] in IN_FORCE and row["level"] and row["second_of_id"] is None
    ]
    newest = max(setting, key=lambda row: (row["assessed_on"], row["made_at"]), default=None)
    return newest["first_estimate"] if newest else ""


def _risk(rows: dict[str, Any], file: ChildFile) -> str:
    return rows[ChildFile._meta.label][str(file.pk)]["risk"]
