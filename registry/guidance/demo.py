"""Talks with guardians and agreements of entrusted care in the demo director's village, made by the services."""

import datetime

from django.utils import timezone

from childwelfare.demo.makers import MAKERS, Demo
from orgs.posts.models import Appointment
from registry.child.models import ChildFile
from registry.guidance.services import entrust, guide_guardian

DAY = datetime.timedelta(days=1)
TALKS = (
    (["contact", "mood"], "请父母每周至少视频一次，说好周日晚上"),
    (["safety"], "水井加盖，暑期不到水库边"),
    (["internet", "schooling"], "平时手机由奶奶保管，周末用一小时"),
)


def make_guidance(demo: Demo) -> None:
    posts, today = Appointment.objects.with_unit().current(), timezone.localdate()
    director = posts.filter(person__username="demo_director").first()
    if director is None:
        return
    own = list(ChildFile.objects.in_registry().filter(village=director.unit_id).order_by("-file_number")[:3])
    for number, (file, (topics, advice)) in enumerate(zip(own, TALKS, strict=False)):
        carer = file.guardians.current().first()
        said = {"topics": topics, "advice": advice, "agreed": True, "given_on": today - (5 + 9 * number) * DAY}
        guide_guardian(file, by=director, answers=said | {"guardian": carer.name if carer else "李桂英"})
    for number, file in enumerate(own[:2]):
        since = today - (60 + 90 * number) * DAY
        entrust(
            file,
            by=director,
            unfit=[],
            answers={
                "by_name": f"{file.name[0]}建国",
                "by_relation": "father",
                "reason": "父母在广东务工",
                "carer_name": "王秀英",
                "carer_relation": "paternal_grandmother",
                "carer_phone": "13800006517",
                "child_heard": True,
                "since": since,
                "until": since + 365 * DAY,
                "signed_on": since,
                "village_told_on": since,
                "school_told_on": since if number else None,
            },
        )


MAKERS.add(make_guidance, order=90)
