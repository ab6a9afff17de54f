"""Two amendments of the made-up city: one that went up to the city and is valid, one on its way."""

import datetime

from childwelfare.demo.makers import MAKERS, Demo
from orgs.posts.models import Appointment
from registry.categories.services import open_membership
from registry.child.demo import demo_station
from registry.child.models import ChildFile
from reports.amendments.models import Amendment
from reports.amendments.services import approve, ask, open_amendment, submit
from reports.amendments.sheets import amended_sheet
from reports.rollup.periods import Period
from reports.submissions.before import before_of
from reports.submissions.demo import WHY
from reports.submissions.models import Submission
from reports.submissions.sheets import contradictions


def make_amendments(demo: Demo) -> None:
    """A category that came late is put right in the two months that are locked."""
    posts = {
        name: Appointment.objects.with_unit().filter(person__username=f"demo_{name}").first()
        for name in ("director", "clerk", "county", "city", "city2")
    }
    station = demo_station()
    if station is None or not all(posts.values()):
        return
    month = Period.of(today=demo.today)
    first, second = month.back(3), month.back(2)
    since = Period.of(first).last - datetime.timedelta(days=6)
    village = posts["director"].unit
    files = ChildFile.objects.in_registry().filter(village=village, approved_on__lt=since)
    held = files.filter(memberships__category="migrant").values("pk")
    file = files.exclude(pk__in=held).order_by("file_number").first()
    if file is None:
        return
    open_membership(file, "migrant", by=station.clerk, since=since, grounds="随父母在外地读过书，学校来函说明")
    reason, document = "漏记一名流动儿童", "荥民函〔2026〕19号"
    _amend(village, first, posts, upto=("director", "clerk", "county", "city", "city2"), asked=(reason, document))
    _amend(village, second, posts, upto=("director", "clerk"), asked=(reason, document))


def _amend(unit, key: str, posts: dict, *, upto: tuple[str, ...], asked: tuple[str, str]) -> None:
    """From ``unit`` upwards: each of ``upto`` sends, the next approves."""
    reason, document = asked
    submission = Submission.objects.with_all().filter(unit=unit, period__key=key).exclude(approved=None).first()
    if submission is None:
        return
    amendment = ask(submission, by=posts[upto[0]], reason=reason, document=document)
    open_amendment(amendment, by=posts[upto[1]], seen_version=1)
    for sender, decider in zip(upto, upto[1:], strict=False):
        amendment = Amendment.objects.with_all().under_way().get(submission=submission)
        sheet = amended_sheet(submission)
        why = {check.key: WHY for check in contradictions(sheet, before_of(submission).last)}
        submit(amendment, by=posts[sender], seen_version=amendment.version, seen=sheet.seen, explanations=why)
        amendment = Amendment.objects.with_all().get(pk=amendment.pk)
        assert amendment.current
        approve(amendment, by=posts[decider], seen_version=amendment.version, hash=amendment.current.hash)
        if submission.parent is None:
            return
        submission = Submission.objects.with_all().get(pk=submission.parent_id)


MAKERS.add(make_amendments, order=951)
