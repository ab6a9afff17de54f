"""What periods add to other concepts."""

from registry.merging.rows import NOT_MERGED

NOT_MERGED["registry.PastPeriod"] = "when and where the file counted"
