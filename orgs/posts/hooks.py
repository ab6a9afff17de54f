"""What posts add to other concepts."""

from django.utils.translation import gettext_lazy as _

from orgs.audit.words import AUDIT_ACTS, Act, words_of
from orgs.posts import receivers  # noqa: F401  (connected when imported)
from orgs.posts.models import Role

AUDIT_ACTS.add(
    Act("appoint", _("任命"), codes={"role": words_of(Role)}),
    Act("end_appointment", _("离任"), codes={"role": words_of(Role)}),
    order=30,
    subject=_("机构和岗位"),
)
