"""What review adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.audit.words import AUDIT_ACTS, Act
from orgs.posts.models import Appointment
from orgs.workbench.kinds import TODO_KINDS
from registry.changes.models import Change
from registry.child.models import ChildFile
from visits.review.queue import waiting
from visits.review.workbench import CHANGES, FILES, VISITS
from visits.visit.models import Visit


def _files(post: Appointment):
    return waiting(ChildFile, post, "approve_child")


def _changes(post: Appointment):
    return waiting(Change, post, "approve_change")


def _visits(post: Appointment):
    return waiting(Visit, post, "accept_visit")


NAVIGATION.add(
    Entry(
        "review", _("待审核"), "clipboard-check", ("approve_child", "accept_visit", "settle_station_work"),
        count=(_files, _changes, _visits), phone=True, tone="danger",
    ),
    order=110,
)  # fmt: skip
AUDIT_ACTS.add(
    Act("undo", _("撤销刚才的审核")),
    order=80,
)
TODO_KINDS.add(FILES, CHANGES, VISITS, order=20)
