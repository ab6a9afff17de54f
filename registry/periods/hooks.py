"""What periods add to other concepts."""

from registry.child.built_on import NOT_BUILT_ON
from registry.merging.rows import NOT_MERGED

NOT_MERGED["registry.PastPeriod"] = "when and where the file counted"
NOT_BUILT_ON["registry.PastPeriod"] = "made by moves of the file, which come after its approval"
