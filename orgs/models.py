from orgs.models.appointment import Appointment, Role
from orgs.models.audit import Audit, AuditPending, AuditSeal
from orgs.models.county_month import CountyMonth
from orgs.models.draft import FormDraft
from orgs.models.holiday import Holiday
from orgs.models.person import Person
from orgs.models.scope import TIERS, Placed, ScopedQuerySet
from orgs.models.token import ApiToken
from orgs.models.unit import Level, OrgUnit, UnitGrant

__all__ = [
    "TIERS", "ApiToken", "Appointment", "Audit", "AuditPending", "AuditSeal", "CountyMonth", "FormDraft", "Holiday",
    "Level", "OrgUnit", "Person", "Placed", "Role", "ScopedQuerySet", "UnitGrant",
]  # fmt: skip
