"""数据质量 on the pages and over the API: every number is the length of the list that it opens, for every tier."""

import datetime
import html
import re

import pytest
from django.urls import reverse

from registry.child.models import ChildFile
from registry.quality import case_of, lacks_of
from registry.quality.models import FileIssue
from registry.quality.services import recount_issues
from tests.builders import (
    a_change,
    a_file,
    a_post,
    a_submitted_file,
    a_unit,
    a_village,
    an_approved_file,
    sign_in,
)
from tests.roles import ROLES, roles_without

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def country(shared_world):
    """One city with two counties, three townships, four villages, and files with all kinds of issues."""
    first = a_village()
    villages = [first, a_unit(first.township), a_unit(a_unit(first.county)), a_unit(a_unit(a_unit(first.city)))]
    for number, village in enumerate(villages):
        an_approved_file(village, name="张子涵")
        file = an_approved_file(village, name="欧阳小雨", schooling=["senior", "primary"][number % 2], health="ill")
        file.family.create(relation="father", life="dead", away=True)
        a_submitted_file(village, name="李思远")
    _complete(an_approved_file(first, name="孙浩然"))
    for county in (first.county, villages[-1].county):
        recount_issues(county)
    return villages


def _complete(file: ChildFile) -> None:
    """Fill what the rules ask for."""
    ChildFile.objects.filter(pk=file.pk).update(
        registration="rural", registered_at="刘沟", registered_region="410182", address="五组", incomes=["wages"],
        low_income="minimum_living", school="高村小学", health="healthy", insurance="resident",
    )  # fmt: skip
    file.guardians.update(capacity="good")
    file.memberships.update(grounds="父亲外出")
    file.family.create(relation="father", life="dead")
    file.family.create(relation="mother", life="alive", name="李芳", away=True, away_at="浙江杭州", phone="13900139012",
                       away_since=datetime.date(2024, 3, 1))  # fmt: skip


def length(client, url: str) -> int:
    """How many rows the list behind ``url`` says and shows."""
    page = client.get(html.unescape(url))
    said = int(re.search(r"(\d+) 份", page.text).group(1))
    assert page.text.count("<tr>") - 1 == said or said == 0
    return said


def numbers(text: str) -> list[tuple[str, int]]:
    """(address, number) of every number on the page that opens a list."""
    found = []
    for match in re.finditer(r'<a [^>]*href="(/children/\?[^"]+)"[^>]*>(.*?)</a>', text, re.S):
        words = re.sub(r'<span class="figure-(label|note)">.*?</span>', "", match.group(2))
        found.append((match.group(1), int(re.findall(r"[\d,]+", re.sub("<[^>]+>", " ", words))[-1].replace(",", ""))))
    return found


@pytest.mark.both
@pytest.mark.exhaustive
@pytest.mark.usefixtures("no_frame")
@pytest.mark.parametrize("tier", ["city", "county", "township", "village"])
def test_every_number_is_the_length_of_the_list_that_it_opens(client, country, tier):
    sign_in(client, a_post(getattr(country[0], tier)))
    page = client.get(reverse("quality"))
    found = numbers(page.text)
    assert len(found) >= 15 and all(number for _url, number in found)
    for url, number in found:
        assert length(client, url) == number, url


@pytest.mark.both
def test_the_tiers_add_up_and_drill_down(client, country):
    sign_in(client, a_post(country[0].city))
    files = client.get("/api/v1/quality/").json()
    assert (files["files"], [below["files"] for below in files["below"]]) == (9, [7, 2])
    assert (
        files["complete"] == 1
        and files["missing"] + files["complete"] == files["files"]
        and files["contradiction"] == 4
    )
    page = client.get(reverse("quality"))
    assert reverse("quality-unit", args=[country[0].county.uid]) in page.text
    assert client.get(reverse("quality-unit", args=[country[0].county.uid])).status_code == 200


def test_numbers_end_at_ones_scope_and_the_city_sees_no_names(client, country):
    sign_in(client, a_post(country[0].county))
    assert client.get(reverse("quality-unit", args=[country[-1].county.uid])).status_code == 404
    assert client.get("/api/v1/quality/", {"unit": str(country[-1].county.uid)}).status_code == 404
    page = client.get(f"/children/?issue=missing&unit={country[-1].uid}")
    assert "这一条没有起作用" in page.text and country[-1].short_name not in page.text
    sign_in(client, a_post(country[0].city))
    assert "欧阳" not in client.get(reverse("quality")).text
    shown = client.get("/children/?issue=contradiction").text
    assert "欧阳小雨" not in shown and "欧***" in shown


def test_who_sees_no_figures_sees_no_quality(client, country):
    for role in roles_without("view_figures"):
        sign_in(client, a_post(getattr(country[0], ROLES[role]), role))
        assert client.get(reverse("quality")).status_code == 403
        assert client.get("/api/v1/quality/").status_code == 403


def test_page_and_api_say_the_same(client, country):
    sign_in(client, a_post(country[0].township))
    answer = client.get("/api/v1/quality/").json()
    page = dict(numbers(client.get(reverse("quality")).text))
    unit = country[0].township.uid
    for row in answer["issues"]:
        url = reverse("child-list") + f"?issue={row['issue'].replace(':', '%3A')}&amp;unit={unit}"
        assert page[url] == row["files"]
        found = client.get("/api/v1/children/", {"issue": row["issue"], "unit": str(unit)}).json()
        assert len(found["results"]) == row["files"]


@pytest.mark.parametrize("query", ["unit=nonsense", "unit=00000000-0000-0000-0000-000000000000", "issue=nonsense"])
def test_an_address_that_names_nothing_is_no_fault(client, country, query):
    sign_in(client, a_post(country[0].township))
    assert client.get(f"/children/?{query}").status_code == 200
    assert client.get(f"/api/v1/quality/?{query}").status_code == (404 if query.startswith("unit") else 400)


@pytest.mark.parametrize("tier", ["city", "village"])
def test_the_page_asks_few_queries(client, country, tier, django_assert_max_num_queries):
    sign_in(client, a_post(getattr(country[0], tier)))
    with django_assert_max_num_queries(8):
        assert client.get(reverse("quality")).status_code == 200


def test_a_place_without_files_teaches(client):
    sign_in(client, a_post(a_village()))
    assert "还没有在册档案" in client.get(reverse("quality")).text


# --- the state of a section on the file's page, in the form, on the desk


def test_a_section_says_complete_missing_or_to_check_with_the_way_to_the_form(client):
    village = a_village()
    file = an_approved_file(village, name="张子涵", schooling="senior", school="高级中学", health="healthy")
    director = sign_in(client, a_post(village))
    page = director.get(reverse("child-file", args=[file.pk])).text
    school, health = page.split('id="s-school"')[1].split("</details>")[0], page.split('id="s-health"')[1]
    assert "矛盾 1 处" in school and "年龄还小，就学阶段偏高" in school
    link = reverse("child-change", args=[file.pk]) + "?step=life#step-life"
    assert link in school
    assert "缺：医疗保险" in health
    form = director.get(link.partition("#")[0]).text
    life = form.split('id="step-life"')[0].rpartition("<details")[2]
    assert life.startswith(' class="fold fold-part mt-3" open') and "矛盾 1 处" in life
    change = a_change(ChildFile.objects.get(pk=file.pk), schooling="primary", insurance="resident")
    from registry.changes.services import approve_change

    approve_change(change, by=a_post(village.township), seen_version=change.version)
    page = director.get(reverse("child-file", args=[file.pk])).text
    assert "完整" in page.split('id="s-school"')[1].split("</summary>")[0]
    assert not FileIssue.objects.filter(child=file, rule="school_too_early").exists()


def test_a_draft_names_what_is_to_be_checked_at_its_step(client):
    village = a_village()
    director = a_post(village)
    file = a_file(village, by=director, schooling="senior")
    sign_in(client, director)
    page = client.get(reverse("child-file", args=[file.pk])).text
    assert reverse("child-edit", args=[file.pk]) + "#step-life" in page
    step = client.get(reverse("child-edit", args=[file.pk])).text.split('id="step-life"')[1]
    assert "年龄还小，就学阶段偏高" in step and "缺：" in step


def test_the_desk_flags_a_file_that_contradicts_itself_and_shows_it_first(client):
    village = a_village()
    a_submitted_file(village, name="张子涵")
    a_submitted_file(village, name="李思远", schooling="senior")
    sign_in(client, a_post(village.township))
    page = client.get("/review/").text
    assert page.index("李思远") < page.index("张子涵") and "年龄还小，就学阶段偏高" in page


def test_a_file_on_the_desk_says_what_contradicts_itself_and_how_much_is_missing(client):
    village = a_village()
    file = a_submitted_file(village, name="李思远", schooling="senior")
    lacks = lacks_of(case_of(file)).chip
    assert lacks.startswith("缺")
    sign_in(client, a_post(village.township))
    row = client.get("/review/").text.split('<ol class="queue"')[1].split("</li>")[0]
    assert "年龄还小，就学阶段偏高" in row and lacks in row
