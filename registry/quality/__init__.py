"""What makes a file good: rules as data. What is missing, what contradicts itself, what nobody has looked at lately."""

from registry.quality.case import Case, case_of
from registry.quality.lacks import Lacks, lacks_of
from registry.quality.rule import RuleKind
from registry.quality.rules import GROUPS, RULES, SECTIONS, keys_of, label_of_key, rules_found, rules_to_tell

__all__ = [
    "GROUPS", "RULES", "SECTIONS", "Case", "Lacks", "RuleKind", "case_of", "keys_of", "label_of_key", "lacks_of",
    "rules_found", "rules_to_tell",
]  # fmt: skip
