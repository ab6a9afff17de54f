"""Situations of an urgent report, of which a yes of the urgent screen names one: visits.alerts puts its codes in."""

from childwelfare.text.words import Words

SITUATIONS: dict[str, Words] = {}
