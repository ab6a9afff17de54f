"""The ledger's columns under their merged headers, as the screen and the paper print them."""

from collections.abc import Iterable
from dataclasses import dataclass

from childwelfare.text.words import Words
from reports.indicators.indicator import Indicator
from reports.indicators.table import INDICATORS
from reports.indicators.templates import LedgerTemplate


@dataclass(frozen=True)
class Head:
    """Of one column; ``label`` has the number that a printed form gives it."""

    label: str
    definition: Words


def header_groups(columns: Iterable[Indicator] = INDICATORS) -> list[tuple[Words, list[Indicator]]]:
    """Neighbours of one group together; a column without a group stands alone under ""."""
    groups: list[tuple[Words, list[Indicator]]] = []
    for indicator in columns:
        if groups and indicator.group and groups[-1][0] == indicator.group:
            groups[-1][1].append(indicator)
        else:
            groups.append((indicator.group, [indicator]))
    return groups


def heads_of(template: LedgerTemplate) -> list[tuple[Words, list[Head]]]:
    """As ``header_groups``, with what stands at the head of each column of ``template``."""
    return [
        (group, [Head(template.head_of(each), each.definition) for each in columns])
        for group, columns in header_groups(template.indicators)
    ]
