"""One digest a person a day, outside the registry: how many messages are unread, of which kinds, where they are read.

It holds nothing of a child: it travels through other people's machines. Off until the installation sets a channel.
"""

import datetime
import json
import logging
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from childwelfare.jobs.models import Job
from childwelfare.jobs.services import Progress, job, start
from orgs.accounts.models import Person
from orgs.audit.services import record_act
from orgs.inbox.kinds import INBOX_KINDS
from orgs.inbox.models import Digest, DigestChannel, DigestChoice, Message
from orgs.inbox.services import settle_all
from orgs.inbox.webhook import TIMEOUT, Target, post_signed
from orgs.posts.models import Appointment

log = logging.getLogger(__name__)
AT = datetime.time(8, 0)  # the digest tells of what was unread at this time of its day
MAX_ATTEMPTS = 12  # a channel that is down all day is not asked for ever
AGAIN_AFTER = datetime.timedelta(minutes=30)  # the job of the hour before has ended with its own tries by then


def channels() -> list[DigestChannel]:
    """How this installation sends digests; none where it does not."""
    found = [DigestChannel.MAIL] if settings.CWR_DIGEST_MAIL else []
    return found + ([DigestChannel.WEBHOOK] if settings.CWR_DIGEST_WEBHOOK else [])


def choice_of(person_id: Any) -> DigestChoice:
    """What the person chose, or what counts for who never did."""
    return DigestChoice.objects.filter(person=person_id).first() or DigestChoice(person_id=person_id)


def choose_digest(person_id: Any, *, by: Appointment | None, wanted: bool, email: str | None = None) -> DigestChoice:
    """Keep how the person wants the digest; ``email`` None leaves the address as it is. Raises ValidationError where it
    is wanted by mail and nobody could get one."""
    choice = choice_of(person_id)
    choice.wanted = wanted
    if email is not None:
        if wanted and not email and DigestChannel.WEBHOOK not in channels():
            raise ValidationError({"email": [_("要收摘要，请填写邮箱。")]})
        choice.email = email
    with transaction.atomic():
        choice.save()
        person = Person.objects.get(pk=person_id)
        record_act(by, "choose_digest", person=None if by else person, wanted=wanted)
    return choice


def send_digests(now: datetime.datetime | None = None) -> int:
    """Start what is to go out today and has not yet: a job a person and channel. Returns how many. Run hourly: what
    failed is tried again, what went out is not sent twice."""
    now = now or timezone.now()
    day = timezone.localdate(now)
    until = timezone.make_aware(datetime.datetime.combine(day, AT))
    if not channels() or now < until:
        return 0
    settle_all()
    started = 0
    for channel in channels():
        _write_down(day, channel, until)
        unsent = Digest.objects.filter(day=day, channel=channel, sent_at=None, attempts__lt=MAX_ATTEMPTS)
        for digest in list(unsent.filter(Q(tried_at=None) | Q(tried_at__lt=now - AGAIN_AFTER))):
            with transaction.atomic():
                Digest.objects.filter(pk=digest.pk).update(tried_at=now)
                start("digest", title=str(day), digest=digest.pk)
            started += 1
    return started


def _write_down(day: datetime.date, channel: DigestChannel, until: datetime.datetime) -> None:
    """A row for everybody who has something unread, wants to be told and can be reached, each once a day."""
    unread = Message.objects.unread().filter(sent_at__lt=until, recipient__in=Appointment.objects.current())
    persons = Person.objects.filter(pk__in=unread.values("recipient__person"))
    choices = {choice.person_id: choice for choice in DigestChoice.objects.filter(person__in=persons)}
    rows = []
    for person in persons:
        choice = choices.get(person.pk, DigestChoice(person=person))
        if choice.wanted and (channel != DigestChannel.MAIL or choice.email or person.email):
            rows.append(Digest(person=person, day=day, channel=channel))
    Digest.objects.bulk_create(rows, ignore_conflicts=True)


@job("digest")
def send_one(record: Job, progress: Progress) -> None:
    """Send one digest. The attempt is counted before it goes out; what fails is raised, so that the job is tried again.
    Between its going out and its being written down it may, where the server dies just then, be sent once more."""
    unsent = Digest.objects.filter(pk=record.params["digest"], sent_at=None, attempts__lt=MAX_ATTEMPTS)
    if not unsent.update(attempts=F("attempts") + 1, tried_at=timezone.now()):
        return
    digest = Digest.objects.select_related("person").get(pk=record.params["digest"])
    counts = _counts_of(digest)
    if counts and choice_of(digest.person_id).wanted:
        SENDERS[DigestChannel(digest.channel)](digest, counts)
        log.info("digest %s by %s sent, attempt %s", digest.pk, digest.channel, digest.attempts)
    Digest.objects.filter(pk=digest.pk).update(sent_at=timezone.now())
    progress(1, 1)


def _counts_of(digest: Digest) -> dict[str, int]:
    """{kind: how many messages of the person are unread now, of those that were there in the morning}."""
    until = timezone.make_aware(datetime.datetime.combine(digest.day, AT))
    posts = Appointment.objects.current().filter(person=digest.person_id)
    unread = Message.objects.unread().filter(recipient__in=posts, sent_at__lt=until, kind__in=list(INBOX_KINDS))
    return dict(unread.order_by().values_list("kind").annotate(n=Count("pk")))


def _by_mail(digest: Digest, counts: dict[str, int]) -> None:
    address = choice_of(digest.person_id).email or digest.person.email
    if not address:
        return
    with translation.override(settings.LANGUAGE_CODE):
        total = sum(counts.values())
        subject = ngettext("站内信：%(n)s 条未读", "站内信：%(n)s 条未读", total) % {"n": total}
        lines = [f"{label} {number}" for label, number in _labelled(counts)]
        closing = _("请登录查看：%(url)s") % {"url": _link()}
        note = _("这封信不含孩子的任何信息。不想再收，请在“我的账号”里关掉每日摘要。")
        text = "\n".join([subject, "", *lines, "", closing, note])
    EmailMessage(subject, text, to=[address], connection=get_connection(timeout=TIMEOUT)).send()


def _by_webhook(digest: Digest, counts: dict[str, int]) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        kinds = [{"kind": key, "label": str(INBOX_KINDS[key].label), "count": counts[key]} for key in sorted(counts)]
    said = {
        "id": digest.pk,
        "day": digest.day.isoformat(),
        "username": digest.person.username,
        "unread": sum(counts.values()),
        "kinds": kinds,
        "url": _link(),
    }
    target = Target(settings.CWR_DIGEST_WEBHOOK, settings.CWR_DIGEST_SECRET, settings.CWR_DIGEST_PRIVATE)
    post_signed(target, json.dumps(said, ensure_ascii=False).encode())


def _labelled(counts: dict[str, int]) -> Iterable[tuple[str, int]]:
    """In the order of the page's filters."""
    return [(str(kind.label), counts[key]) for key, kind in INBOX_KINDS.items() if key in counts]


def _link() -> str:
    return f"{settings.CWR_ADDRESS.rstrip('/')}/inbox/"


SENDERS = {DigestChannel.MAIL: _by_mail, DigestChannel.WEBHOOK: _by_webhook}
