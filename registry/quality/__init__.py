"""What makes a file good: rules as data. What is missing, what contradicts itself, what nobody has looked at lately."""

from registry.quality.case import Case, case_of
from registry.quality.rules import GROUPS, KINDS, RULES, SECTIONS, keys_of, label_of_key, rules_found

__all__ = [
    "GROUPS", "KINDS", "RULES", "SECTIONS", "Case", "case_of", "keys_of", "label_of_key", "rules_found",
]  # fmt: skip
