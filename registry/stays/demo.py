"""A few children who stay with relatives, registered by the services themselves: one who came to the demo director's
village, one who left it for a time, one whose stay is over, one who goes next week."""

import datetime

from django.utils import timezone

from childwelfare.demo.makers import MAKERS, Demo
from orgs.posts.models import Appointment, Role
from registry.child.models import ChildFile
from registry.stays.models import Stay
from registry.stays.services import begin_stay, end_stay

DAY = datetime.timedelta(days=1)


def make_stays(demo: Demo) -> int:
    """Stays around the village of the demo director, as far as there are children and stations. Returns how many."""
    director = Appointment.objects.with_unit().filter(person__username="demo_director").first()
    if director is None:
        return 0
    star, today = director.unit, timezone.localdate()
    county = ChildFile.objects.in_registry().filter(county=star.county_id, changes=None).select_related("village")
    own = list(county.filter(village=star).order_by("file_number")[:3])
    others = county.exclude(township=star.township_id)
    guest = others.filter(risk="high").order_by("file_number").first() or others.order_by("file_number").first()
    if guest is None or len(own) < 3:
        return 0
    away = guest.village
    _begin(guest, star, "母亲住院，由姑姑照看", today - DAY, today + 100 * DAY, "二组 8 号", "李海燕", "13800006108")
    _begin(own[0], away, "祖母摔伤，由舅舅照看", today - 3 * DAY, None, "四组 15 号", "王建军", "13800006215")
    back = _begin(own[1], away, "父亲回来前由姨妈照看", today - 30 * DAY, None, "一组 2 号", "陈春梅", "")
    clerk = _clerk(away)
    if clerk:
        end_stay(back, by=clerk, reason="孩子没有到我村，仍住祖母家", seen_version=back.version)
    _begin(own[2], away, "放假到外祖母家住", today + 7 * DAY, today + 60 * DAY, "六组 1 号", "赵桂英", "13800006320")
    return Stay.objects.count()


def _begin(file: ChildFile, village, reason, since, until, address, name, phone) -> Stay:
    return begin_stay(
        file,
        by=_clerk(file),
        village=village,
        since=max(since, file.birth_date),
        until=until,
        reason=reason,
        address=address,
        host_name=name,
        host_phone=phone,
        seen_version=file.version,
    )


def _clerk(place) -> Appointment | None:
    posts = Appointment.objects.with_unit().current().filter(role=Role.TOWNSHIP_CLERK, unit=place.township_id)
    return posts.order_by("pk").first()


MAKERS.add(make_stays, order=70)
