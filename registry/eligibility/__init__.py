"""Who belongs to which category, by declared rules: facts of a family in, verdicts with reasons and sources out."""

from registry.eligibility.evaluate import MEETS, NO, UNKNOWN, Verdict, evaluate
from registry.eligibility.facts import Facts, ParentFacts, SituationFacts

__all__ = ["MEETS", "NO", "UNKNOWN", "Facts", "ParentFacts", "SituationFacts", "Verdict", "evaluate"]
