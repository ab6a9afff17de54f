"""Ledger templates: which columns a sheet has, in which order. All of them print the same reported figures, so that
nobody reports the same twice."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from childwelfare.text.canonical import canonical_bytes
from childwelfare.text.words import Words
from registry.child.codes import Category
from reports.indicators.table import BY_KEY, INDICATORS, Indicator


@dataclass(frozen=True)
class LedgerTemplate:
    """``columns``: keys of indicators. Raise ``version`` when the columns of one that was used change."""

    key: str
    label: Words
    title: Words
    columns: tuple[str, ...]
    version: int = 1

    @cached_property
    def indicators(self) -> list[Indicator]:
        return [BY_KEY[key] for key in self.columns]

    @property
    def hash(self) -> str:
        """SHA-256 of its key, version and columns with their meaning."""
        meanings = [[each.stored_key, each.fact.name, each.where] for each in self.indicators]
        return hashlib.sha256(canonical_bytes([self.key, self.version, meanings])).hexdigest()


MONTHLY = LedgerTemplate(
    "monthly",
    _("月报"),
    _("困境儿童、留守儿童信息汇总表"),
    (
        "registered", "sex_male", "sex_female",
        Category.ORPHAN.value, Category.DE_FACTO.value, Category.DIFFICULTY.value, Category.LEFT_BEHIND.value,
        Category.MIGRANT.value,
        "before", "joined", "left", "visits_due", "visits_done", "visits_overdue",
    ),
)  # fmt: skip
SUMMARY = LedgerTemplate(
    "summary", _("汇总表"), _("困境儿童、留守儿童信息汇总表"), tuple(each.key for each in INDICATORS)
)
TEMPLATES = {each.key: each for each in (MONTHLY, SUMMARY)}
