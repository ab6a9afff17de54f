"""All models of the app, for Django. The code imports them from their concept: ``orgs.accounts.models``."""

from orgs.account_requests.models import AccountRequest
from orgs.accounts.models import ApiToken, DeviceSession, Person
from orgs.audit.models import Audit, AuditChild, AuditPending, AuditSeal
from orgs.drafts.models import FormDraft
from orgs.holidays.models import Holiday
from orgs.inbox.models import Digest, DigestChoice, Message
from orgs.posts.models import Appointment
from orgs.publicity.models import Publicity, PublicityPhoto
from orgs.reorganisation.models import Reorganisation, ReorganisationOutcome, ReorganisationPart, Succession
from orgs.stale_figures.models import CountyMonth
from orgs.units.models import OrgUnit, UnitGrant

__all__ = [
    "AccountRequest",
    "ApiToken",
    "Appointment",
    "Audit",
    "AuditChild",
    "AuditPending",
    "AuditSeal",
    "CountyMonth",
    "DeviceSession",
    "Digest",
    "DigestChoice",
    "FormDraft",
    "Holiday",
    "Message",
    "OrgUnit",
    "Person",
    "Publicity",
    "PublicityPhoto",
    "Reorganisation",
    "ReorganisationOutcome",
    "ReorganisationPart",
    "Succession",
    "UnitGrant",
]
