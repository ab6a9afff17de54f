"""Templates that people can read, and none that no page needs."""

import re

import pytest

WIDTH = 120
ROOMS = ("childwelfare", "orgs", "registry", "visits", "reports")
# found by another name: the gallery by the slug of its address, widgets by the name that Django gives them
BY_CONVENTION = re.compile(r"^(gallery/[a-z]+\.html|django/.*)$")


@pytest.fixture(scope="module")
def folder(pytestconfig):
    return pytestconfig.rootpath / "templates"


@pytest.fixture(scope="module")
def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))


def test_no_line_is_too_long(folder, names):
    long = [
        f"templates/{name}:{number} has {len(line)} columns"
        for name in names
        for number, line in enumerate((folder / name).read_text().splitlines(), start=1)
        if len(line) > WIDTH
    ]
    assert not long, "\n".join(long)


def test_each_template_is_used(pytestconfig, folder, names):
    sources = [path.read_text() for room in ROOMS for path in (pytestconfig.rootpath / room).rglob("*.py")]
    sources += [path.read_text() for path in folder.rglob("*.html")]
    mentioned = set(re.findall(r"""["']([\w/.-]+\.html)["']""", "\n".join(sources)))
    assert not [name for name in names if name not in mentioned and not BY_CONVENTION.match(name)]


def test_each_template_that_is_named_exists(folder, names):
    named = {
        (path.relative_to(folder).as_posix(), name)
        for path in folder.rglob("*.html")
        for name in re.findall(r"""\{% (?:include|extends) ["']([^"']+)["']""", path.read_text())
    }
    ours = [(where, name) for where, name in named if not name.startswith("django/")]
    assert not sorted(f"{where} → {name}" for where, name in ours if name not in names)


def test_a_day_is_written_as_its_language_writes_it(folder, names):
    """In one shape on every page; the value of a field and of datetime="" is for machines."""
    found = []
    for name in names:
        for number, line in enumerate((folder / name).read_text().splitlines(), start=1):
            shapes = re.findall(r'(?<!value=")(?<!datetime="){{ [\w.]+\|date:"(?!\w+_FORMAT"|l")([^"]+)"', line)
            found += [f"templates/{name}:{number} {shape}" for shape in shapes if not name.startswith("gallery/")]
    assert not found, "\n".join(found)
