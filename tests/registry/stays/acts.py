"""What happens around a stay, in a call."""

import datetime

from django.utils import timezone

from registry.child.models import ChildFile
from registry.stays.services import end_stay
from tests.builders import a_post, answers
from visits.visit.services.log import log_visit

DAY = datetime.timedelta(days=1)


def today():
    return timezone.localdate()


def ended(stay, *, by=None, reason="已回家"):
    stay.refresh_from_db()
    return end_stay(stay, by=by or a_post(stay.child.township), reason=reason, seen_version=stay.version)


def visited(file, by, on=None):
    given = answers(visited_on=on or today(), late_reason="没有信号")
    return log_visit(ChildFile.objects.get(pk=file.pk), by=by, answers=given, hazards_looked_at=True)
