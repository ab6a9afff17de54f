"""What periods add to other concepts."""

from registry.merging.rows import STAYS

STAYS["registry.PastPeriod"] = "when and where the file counted"
