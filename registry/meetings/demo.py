"""One meeting of the demo station about two needs of its villages, held by the service."""

import datetime

from django.utils import timezone

from childwelfare.demo.makers import MAKERS, Demo
from orgs.posts.models import Appointment
from registry.meetings.services import Decided, hold_meeting
from registry.needs.models import Need

DAY = datetime.timedelta(days=1)


def make_meetings(demo: Demo) -> None:
    clerk = Appointment.objects.with_unit().current().filter(person__username="demo_clerk").first()
    if clerk is None:
        return
    needs = list(Need.objects.held_by(clerk).select_related(*Need.PLACES).most_urgent_first()[:2])
    if not needs:
        return
    hold_meeting(
        by=clerk,
        answers={
            "held_on": timezone.localdate(),
            "place": "站里会议室",
            "chair": clerk.person.name,
            "present": "中心校王老师、派出所李刚、村主任、站里工作人员",
            "text": "两个孩子都由老人照看。学校愿意每天来电话，派出所可以陪同上门；困难是老人没有车。",
        },
        items=[
            Decided(
                need=need,
                seen_version=need.version,
                decision="go_on",
                text="学校每天联系家里，村主任接送，站里周五回访",
                by_on=timezone.localdate() + 7 * DAY,
            )
            for need in needs
        ],
    )


MAKERS.add(make_meetings, order=96)
