"""What posts add to other concepts."""

from django.utils.translation import gettext_lazy as _

from orgs.audit.words import AUDIT_ACTS, Act
from orgs.posts import receivers  # noqa: F401  (connected when imported)

AUDIT_ACTS.add(
    Act("appoint", _("任命")),
    Act("end_appointment", _("离任")),
    order=30,
)
