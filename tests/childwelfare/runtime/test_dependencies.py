"""Every package asked for by name is pinned exactly and explained in docs/dependencies.md."""

import re
from importlib.metadata import distributions, requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

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
    """What an older Python lacks is pinned for that one alone."""
    exact = re.compile(r'[\w.-]+==[\w.]+(; python_full_version < "[\d.]+")?')
    for line in (pytestconfig.rootpath / pins).read_text().splitlines():
        assert not line or line.startswith(("#", "-r ")) or exact.fullmatch(line), line


def test_the_pins_are_all_that_the_packages_ask_for_on_every_python_3_11(pytestconfig):
    """They are installed without looking for more: Debian 12 has Python 3.11.2, images have a later one."""
    pinned = {
        canonicalize_name(line.partition("==")[0])
        for pins in SECTIONS
        for line in (pytestconfig.rootpath / pins).read_text().splitlines()
    }
    missing = set()
    for package in pinned & {canonicalize_name(each.name) for each in distributions()}:
        for need in map(Requirement, requires(package) or ()):
            older = {"python_version": "3.11", "python_full_version": "3.11.2", "extra": ""}
            if need.marker is None or need.marker.evaluate(older):
                missing |= {f"{need.name} of {package}"} if canonicalize_name(need.name) not in pinned else set()
    assert not missing
