"""What a phone may still hold when its director leaves."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from orgs.posts.models import Appointment


def last_contact(post: Appointment) -> str:
    """When the phone of ``post`` was last there and what it has not sent, for who ends the post; "" without a phone."""
    phones = list(post.phones.all())
    contacts = [phone.sent_at for phone in phones] + [phone.pulled_at for phone in phones]
    latest = max(filter(None, contacts), default=None)
    if latest is None:
        return ""
    when = date_format(localtime(latest), "SHORT_DATETIME_FORMAT")
    unsent = sum(phone.unsent for phone in phones)
    if unsent:
        return _("手机里还有 %(n)s 条没有发送（最近联系 %(when)s），请先让本人联网发送。") % {"n": unsent, "when": when}
    return _("手机最近联系 %(when)s，当时没有未发送的记录。") % {"when": when}
