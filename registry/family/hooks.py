"""What family adds to other concepts."""

from registry.child.built_on import NOT_BUILT_ON
from registry.family.models import FamilyMember, Guardian
from registry.merging.rows import MERGED, Merged

MERGED.add(Merged(FamilyMember, "united"), Merged(Guardian, "united"), order=21)
NOT_BUILT_ON["registry.FamilyMember"] = NOT_BUILT_ON["registry.Guardian"] = "content of the file"
