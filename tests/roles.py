"""Every role, and the tier at which tests put somebody in it."""

from orgs.access.permissions import MATRIX, ROLE_LEVELS
from orgs.access.scope import TIERS
from orgs.units.models import OrgUnit


def tier_of(role: str) -> str:
    """The highest tier at which the role is held."""
    return TIERS[min(ROLE_LEVELS[role]) - 1]


# {role: tier}; a role that is added to the matrix is asked by itself
ROLES = {role: tier_of(role) for role in MATRIX}


def roles_without(*permissions: str) -> list[str]:
    """The roles of the matrix that hold none of ``permissions``."""
    return [role for role, held in MATRIX.items() if not held & set(permissions)]


def unit_of(role: str, village) -> OrgUnit:
    """Where a test puts somebody of ``role``: ``village``, or what is above it at the role's tier."""
    tier = ROLES[role]
    return village.county.parent if tier == "city" else getattr(village, tier, village)
