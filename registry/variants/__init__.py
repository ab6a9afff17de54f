"""Variants: what a province, city or county reads otherwise in the eligibility rules, dated, with its document."""
