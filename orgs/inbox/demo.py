"""Of what the demo's people were told, the older half is read."""

from django.utils import timezone

from childwelfare.demo.makers import MAKERS, Demo
from orgs.inbox.models import Message
from orgs.inbox.services import settle_all
from orgs.posts.models import Appointment

UNREAD = 4  # at most, of each


def read_some(demo: Demo) -> None:
    settle_all()
    for post in Appointment.objects.filter(person__username__startswith="demo_"):
        messages = list(Message.objects.of(post).order_by("-sent_at", "-pk").values_list("pk", flat=True))
        read = messages[min(UNREAD, (len(messages) + 1) // 2) :]
        Message.objects.filter(pk__in=read).update(read_at=timezone.now())
    demo.made["messages"] = Message.objects.count()


MAKERS.add(read_some, order=960)
