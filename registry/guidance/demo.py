"""Talks with guardians, agreements of entrusted care and publicity around the demo director's village, made by the
services themselves."""

import datetime

from django.utils import timezone

from orgs.posts.models import Appointment
from orgs.publicity.services import log_publicity
from registry.child.models import ChildFile
from registry.guidance.services import entrust, guide_guardian

DAY = datetime.timedelta(days=1)
TALKS = (
    (["contact", "mood"], "请父母每周至少视频一次，说好周日晚上"),
    (["safety"], "水井加盖，暑期不到水库边"),
    (["internet", "schooling"], "平时手机由奶奶保管，周末用一小时"),
)
ACTIVITIES = (
    ("防溺水安全讲座", "村文化广场", ["children", "guardians"], 46, "观看宣传片，签安全承诺书", 12),
    (
        "困境儿童救助政策宣讲",
        "村部会议室",
        ["villagers", "guardians"],
        31,
        "讲解孤儿、事实无人抚养儿童补贴的条件和办理",
        40,
    ),
)


def make_guidance() -> int:
    """Returns how many talks, agreements and activities were made."""
    posts, today = Appointment.objects.with_unit().current(), timezone.localdate()
    director = posts.filter(person__username="demo_director").first()
    if director is None:
        return 0
    own = list(ChildFile.objects.in_care().filter(village=director.unit_id).order_by("-file_number")[:3])
    for number, (file, (topics, advice)) in enumerate(zip(own, TALKS, strict=False)):
        carer = file.guardians.filter(until=None).first()
        said = {"topics": topics, "advice": advice, "agreed": True, "given_on": today - (5 + 9 * number) * DAY}
        guide_guardian(file, by=director, answers=said | {"guardian": carer.name if carer else "李桂英"})
    for number, file in enumerate(own[:2]):
        since = today - (60 + 90 * number) * DAY
        entrust(file, by=director, unfit=[], answers={
            "by_name": f"{file.name[0]}建国", "by_relation": "father", "reason": "父母在广东务工",
            "carer_name": "王秀英", "carer_relation": "paternal_grandmother", "carer_phone": "13800006517",
            "child_heard": True, "since": since, "until": since + 365 * DAY, "signed_on": since,
            "village_told_on": since, "school_told_on": since if number else None,
        })  # fmt: skip
    for topic, where, audience, people, note, days in ACTIVITIES:
        said = {"topic": topic, "where": where, "audience": audience, "people": people, "note": note}
        log_publicity(by=director, answers=said | {"held_on": today - days * DAY})
    return len(own) + min(2, len(own)) + len(ACTIVITIES)
