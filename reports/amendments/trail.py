"""What the audit trail keeps of amendments, enough that every row can be held against it (reports.verification)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from reports.amendments.models import Amendment, AmendmentEvent
from reports.submissions.trail import digest_of

# how the auditor's page calls the details
NAMES = {"said": _("原因的校验码")}


def told_of(amendment: Amendment, event: AmendmentEvent) -> dict[str, Any]:
    """Of ``event``: the month and the document, the figures it is about, a digest of the reason that was given."""
    told: dict[str, Any] = {"period": amendment.submission.period.key, "document": amendment.document}
    if event.snapshot:
        told["hash"] = event.snapshot.hash
    if event.reason:
        told["said"] = said_in(event.reason)
    return told


def said_in(reason: str) -> str:
    """A digest: reasons may name people, and the trail names nobody whom it needn't. Blank for none."""
    return digest_of([reason]) if reason else ""
