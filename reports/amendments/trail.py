"""What the audit trail keeps of amendments, enough that every row can be held against it (reports.verification)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from childwelfare.security.sealing import blind_index
from reports.amendments.models import Amendment, AmendmentEvent

# how the auditor's page calls the details
NAMES = {"said": _("原因的校验码")}


def told_of(amendment: Amendment, event: AmendmentEvent) -> dict[str, Any]:
    """Of ``event``: the month and the document, the figures it is about, a digest of the reason that was given."""
    told: dict[str, Any] = {"period": amendment.submission.period.key, "document": amendment.document}
    if event.snapshot:
        told["hash"] = event.snapshot.hash
    if event.reason:
        told["said"] = said_in(amendment, event.reason)
    return told


def said_in(amendment: Amendment, reason: str) -> str:
    """A digest: reasons may name people, and the trail names nobody whom it needn't. Under a key and of this amendment
    alone, so that nobody guesses it or sees two that are alike. Blank for none."""
    return blind_index(reason, f"amendment:{amendment.pk}") if reason else ""
