"""A few changes at the demo's station, made by the services themselves: waiting, in conflict, sent back, approved,
and some that the station proposed itself."""

import datetime

from childwelfare.demo.makers import MAKERS, Demo
from childwelfare.workflow.refusals import Refused
from orgs.posts.models import Appointment
from registry.changes.models import Change
from registry.changes.services import approve_change, propose_change, return_change
from registry.child.fields import content_of
from registry.child.models import ChildFile

WANTED = 5  # approved files of the village


def make_changes(demo: Demo) -> int:
    """Changes in the village of the demo director, if she and the two clerks are there. Returns how many."""
    posts = {
        post.person.username: post
        for post in Appointment.objects.with_unit().filter(
            person__username__in=("demo_director", "demo_clerk", "demo_clerk2")
        )
    }
    if len(posts) < 3:
        return 0
    director, clerk, second = (posts[name] for name in ("demo_director", "demo_clerk", "demo_clerk2"))
    files = list(
        ChildFile.objects.visible_to(director, "propose_change").in_registry().order_by("file_number")[:WANTED]
    )
    if len(files) < WANTED:
        return 0
    moved, rival, back, moved_school, own = files
    _propose(moved, director, "上周搬到五组", address="五组 3 号", guardian_phone="13800005503")
    _propose(rival, director, "奶奶说搬了", address="八组 6 号")
    first = _propose(rival, director, "村里登记的新门牌", address="二组 19 号")
    approve_change(first, by=clerk, seen_version=first.version)
    returned = _propose(back, director, "父亲换了工地", father_away=True, father_away_at="江苏")
    return_change(returned, by=second, seen_version=returned.version, reason="请写到市")
    done = _propose(moved_school, director, "秋季转学", school="高村乡中心小学", grade="四年级")
    approve_change(done, by=clerk, seen_version=done.version)
    slip = _propose(moved_school, director, "户口簿上的出生日期", guardian_birth_date=datetime.date(2015, 6, 1))
    approve_change(slip, by=second, seen_version=slip.version)  # what the quality page finds: a carer of eleven
    _propose(own, clerk, "核对户口簿", registered_at="荥阳市高村乡刘沟村 2 组")
    # what the clerk's workbench tells of what she sent: one written into the file, one to be corrected
    checked = _propose(back, clerk, "核对户口簿", registration="rural", registered_at="荥阳市高村乡刘沟村 3 组")
    approve_change(checked, by=second, seen_version=checked.version)
    unsure = _propose(moved_school, clerk, "电话里问的", guardian_phone="13800005519")
    return_change(unsure, by=second, seen_version=unsure.version, reason="请主任上门核实后再报")
    return Change.objects.count()


def _propose(file: ChildFile, by: Appointment, note: str, **values) -> Change:
    content = content_of(file)
    fields = {name: {"base": content[name], "value": value} for name, value in values.items()}
    try:
        return propose_change(file, by=by, fields=fields, note=note)
    except Refused as refusal:
        raise RuntimeError(f"the demo's change of {file.file_number}: {refusal}") from refusal


MAKERS.add(make_changes, order=50)
