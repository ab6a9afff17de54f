"""What periods add to other concepts."""

from registry.child.built_on import NOT_BUILT_ON
from registry.merging.rows import NOT_MERGED
from registry.transfers.moving import NOT_MOVED

NOT_MERGED["registry.PastPeriod"] = "when and where the file counted"
NOT_BUILT_ON["registry.PastPeriod"] = "made by moves of the file, which come after its approval"
NOT_MOVED["registry.PastPeriod"] = "where the file counted until it moved: figures of the old place stay there"
