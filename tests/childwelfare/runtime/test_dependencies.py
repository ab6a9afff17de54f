"""Every package asked for by name is pinned exactly and explained in docs/dependencies.md."""

import re

import pytest

SECTIONS = {"requirements.txt": "What the product runs on", "requirements-dev.txt": "What tests and lint need"}


def asked_for(path) -> list[str]:
    block = path.read_text().split("# Asked for by name:")[1].split("\n\n")[0]
    return [line.partition("==")[0].lower() for line in block.split("\n") if line]


@pytest.mark.parametrize("pins, section", SECTIONS.items())
def test_every_package_asked_for_has_its_row_and_no_other_has(pytestconfig, pins, section):
    page = (pytestconfig.rootpath / "docs" / "dependencies.md").read_text()
    table = page.split(f"## {section}\n")[1].split("\n## ")[0]
    rows = [name.lower() for name in re.findall(r"^\| ([\w.-]+) \|", table, re.M) if name != "package"]
    assert sorted(rows) == sorted(asked_for(pytestconfig.rootpath / pins))


@pytest.mark.parametrize("pins", SECTIONS)
def test_every_pin_is_exact(pytestconfig, pins):
    for line in (pytestconfig.rootpath / pins).read_text().splitlines():
        assert not line or line.startswith(("#", "-r ")) or re.fullmatch(r"[\w.-]+==[\w.]+", line), line
