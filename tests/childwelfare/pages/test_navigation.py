"""The menu: by purpose, in groups that open, without a wall of lines."""

import pytest

from childwelfare.pages.navigation import GROUPS, NAVIGATION, Entry, sections_of
from tests.builders import a_post, a_village, sign_in

pytestmark = pytest.mark.django_db


def entry(label: str, group: str = "", count: int = 0, current: bool = False) -> dict:
    return {"label": label, "group": group, "count": count, "tone": "danger" if count else "", "current": current}


def test_what_always_stands_open_comes_first_then_the_groups_in_their_order():
    nav = [entry("台账", "ledgers"), entry("名单", "files", 2), entry("变更", "files", 1), entry("待审核")]
    nav += [entry("导出", "ledgers")]
    sections = sections_of(nav)
    assert [section.group.key if section.group else "" for section in sections] == ["", "files", "ledgers"]
    assert [section.count for section in sections] == [0, 3, 0] and sections[1].tone == "danger"


def test_a_group_of_one_is_that_one():
    sections = sections_of([entry("走访", "visits")])
    assert sections[0].group is None and len(sections[0].entries) == 1


def test_the_group_of_the_page_one_is_on_stands_open(client):
    sign_in(client, a_post(a_village().township))
    page = client.get("/changes/").text
    files = page[page.index('data-nav-group="files"') :]
    assert files[: files.index(">")].endswith(" open")
    assert 'data-nav-group="files" open' not in client.get("/workbench/").text


def test_every_entry_names_a_group_that_exists_or_stands_open():
    assert {each.group for each in NAVIGATION.values()} - {""} <= {group.key for group in GROUPS}


@pytest.mark.parametrize("tier", ["village", "township", "county", "city"])
def test_room_for_twenty_five_functions(client, monkeypatch, tier):
    """With as many entries as the duties will ask for, the menu is still a screen high: 12 lines at most."""
    sign_in(client, a_post(getattr(a_village(), tier)))
    for number in range(25):
        group = GROUPS[number % len(GROUPS)].key
        made = Entry("publicity-list", f"功能{number}", "house", ("view_unit",), group=group)
        monkeypatch.setitem(NAVIGATION, f"made-up-{number}", made)
    page = client.get("/publicity/")
    assert len(page.context["nav"]) >= 25 and len(page.context["nav_sections"]) <= 12
