"""Which columns a sheet has is held for every version of its template: a sheet that was printed is read by it."""

import hashlib
from pathlib import Path

import pytest

from childwelfare.text.canonical import canonical_bytes
from reports.indicators.templates import TEMPLATES, LedgerTemplate

RECORDED = Path(__file__).with_name("templates.txt")


def digest_of(template: LedgerTemplate) -> str:
    """Of its columns in their order, with the numbers that the printed form gives them."""
    told = [list(template.columns), sorted(template.numbers.items())]
    return hashlib.sha256(canonical_bytes(told)).hexdigest()[:16]


def recorded() -> dict[tuple[str, int], str]:
    lines = [line.split() for line in RECORDED.read_text().splitlines()]
    return {(key, int(version)): digest for key, version, digest in lines}


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda each: each.key)
def test_a_template_whose_columns_changed_has_a_new_version(template):
    held, line = recorded(), f"{template.key} {template.version} {digest_of(template)}"
    if (template.key, template.version) not in held:
        pytest.fail(f"a new template, or a new version: add the line “{line}” to {RECORDED.name}")
    assert held[template.key, template.version] == digest_of(template), (
        f"the columns of {template.key!r} changed: give it version={template.version + 1} in"
        " reports/indicators/templates.py and add its line to"
        f" {RECORDED.name}; the lines of former versions stay as they are"
    )


def test_versions_only_go_up_and_none_is_forgotten():
    newest = dict(sorted(recorded()))
    assert newest == {key: template.version for key, template in TEMPLATES.items()}
    every = {(key, version) for key, last in newest.items() for version in range(1, last + 1)}
    first_known = {"summary": 2}  # the one before was printed by no release
    assert recorded().keys() == {each for each in every if each[1] >= first_known.get(each[0], 1)}
