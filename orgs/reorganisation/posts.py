"""Posts at a unit that closes: they end, or go on at the unit that takes over."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils import timezone

from orgs.drafts.models import FormDraft
from orgs.inbox.models import Message
from orgs.posts.models import Appointment
from orgs.posts.services import appoint, end_appointment
from orgs.reorganisation.models import Reorganisation
from orgs.units.models import OrgUnit


def hand_over_posts(reorganisation: Reorganisation, closed: Sequence[OrgUnit], heirs: dict[int, OrgUnit]) -> int:
    """End the posts at ``closed`` units today: whoever has worked there until today, has. Where posts follow, each goes
    on at its unit's heir, with its drafts and unread messages. Returns how many went on."""
    today, by, went_on = timezone.localdate(), reorganisation.made_in, 0
    open_posts = Appointment.objects.filter(Q(valid_to=None) | Q(valid_to__gt=today), unit__in=[u.pk for u in closed])
    for post in open_posts.with_unit().order_by("pk"):
        heir = heirs.get(post.unit_id) if reorganisation.posts_follow else None
        since, lead = max(today, post.valid_from), post.lead
        end_appointment(post, by=by, on=today)
        if heir is None or not post.person.is_active:
            continue
        now = post.person.appointments.current().filter(unit=heir, role=post.role).first() or appoint(
            post.person, heir, post.role, by=by, since=since, lead=lead, document=reorganisation.document
        )
        _hand_over_work(post, now)
        went_on += 1
    return went_on


def _hand_over_work(post: Appointment, now: Appointment) -> None:
    """What it was writing and had not read; what the other post has of its own stays as it is."""
    own = FormDraft.objects.filter(post=now).values("key")
    FormDraft.objects.filter(post=post).exclude(key__in=own).update(post=now)
    told = Message.objects.filter(recipient=now).values("key")
    Message.objects.filter(recipient=post, read_at=None).exclude(key__in=told).update(recipient=now)
