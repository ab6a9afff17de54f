"""What family adds to other concepts."""

from registry.family.models import FamilyMember, Guardian
from registry.merging.rows import MERGED, Merged

MERGED.add(Merged(FamilyMember, "united"), Merged(Guardian, "united"), order=21)
