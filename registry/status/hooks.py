"""What the dated status adds to other concepts."""

from registry.child.built_on import NOT_BUILT_ON
from registry.merging.rows import NOT_MERGED
from registry.status import receivers  # noqa: F401  (connected when imported)
from registry.transfers.moving import NOT_MOVED

NOT_MERGED["registry.ChildStatus"] = "what the file counted as: written anew after a merge and its undoing"
NOT_BUILT_ON["registry.ChildStatus"] = "follows the moves of the file itself"
NOT_MOVED["registry.ChildStatus"] = "where and as what the file counted until it moved: figures of the old place stay"
