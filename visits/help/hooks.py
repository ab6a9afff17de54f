"""What assessments and needs on phones add to other concepts: their kinds of items."""

from visits.help import sync  # noqa: F401  (adds its kinds when imported)
