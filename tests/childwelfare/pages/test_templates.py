"""Templates that people can read, and none that no page needs."""

import re
from pathlib import Path

import pytest

WIDTH = 120
ROOMS = ("childwelfare", "orgs", "registry", "visits", "reports")
# found by another name: the gallery by the slug of its address, widgets by the name that Django gives them
BY_CONVENTION = re.compile(r"^(gallery/[a-z]+\.html|django/.*)$")
# forms in which nothing is written that is worth keeping: secrets, a choice, a file, a question that is only answered
WITHOUT_A_DRAFT = {
    "orgs/inbox/digest.html",
    "orgs/accounts/password.html",
    "orgs/accounts/sign_in.html",
    "orgs/units/detail.html",
    "registry/placing/list.html",
    "registry/eligibility/eligibility.html",
    "reports/exports/list.html",
    "visits/phones/_file_form.html",
}


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


def test_a_form_in_which_one_writes_keeps_a_draft(folder, names):
    """After a refusal, a lost session or a wrong post nothing that was written is gone."""
    found = set()
    for name in names:
        for form in re.findall(r"<form\b.*?</form>", (folder / name).read_text(), re.DOTALL):
            is_written_in = re.search(r"as_field_group|<textarea|{{ ?form ?}}|{{ ?(agreement|forms)\.\w+ ?}}", form)
            opening = form.split("{% csrf_token %}")[0]
            if 'method="post"' in form and is_written_in and "data-draft" not in opening:
                found.add(name)
    assert found - {name for name in found if name.startswith("gallery/")} == WITHOUT_A_DRAFT


def test_a_draft_goes_once_its_form_was_taken(folder, names, pytestconfig):
    """Else what was sent comes back as not finished, and goes out once more over what was written since."""
    keeps = ("data-draft=", "components/_with_reason.html")
    kept = {Path(name).parent for name in names if any(each in (folder / name).read_text() for each in keeps)}
    kept -= {Path("gallery"), Path("components")}
    told = {
        concept
        for concept in kept
        if any(
            re.search(r"drop_draft\(|submit_act\(", path.read_text())
            for path in (pytestconfig.rootpath / concept).rglob("*.py")
        )
    }
    assert len(kept) > 10 and kept - told == set()


def test_a_day_is_written_as_its_language_writes_it(folder, names):
    """In one shape on every page; the value of a field and of datetime="" is for machines."""
    found = []
    for name in names:
        for number, line in enumerate((folder / name).read_text().splitlines(), start=1):
            shapes = re.findall(r'(?<!value=")(?<!datetime="){{ [\w.]+\|date:"(?!\w+_FORMAT"|l")([^"]+)"', line)
            found += [f"templates/{name}:{number} {shape}" for shape in shapes if not name.startswith("gallery/")]
    assert not found, "\n".join(found)
