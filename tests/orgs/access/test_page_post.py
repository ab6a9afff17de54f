"""Two posts, two tabs: what a page sends is done in the post that it was made for, or not at all."""

import re
import uuid

import pytest

from orgs.access.declarations import PUBLIC, SIGNED_IN
from orgs.access.page_post import HEADER
from orgs.posts.services import end_appointment
from registry.child.models import ChildFile, FileState
from tests.builders import a_file, a_post, an_approved_file, sign_in
from tests.routes import routes

pytestmark = pytest.mark.django_db


@pytest.fixture
def posts(village):
    """Of one person: the director of the village, and the clerk of its station, in which she acts now."""
    director = a_post(village)
    return director, a_post(village.township, person=director.person)


def test_a_form_opened_as_a_director_is_not_sent_as_the_clerk_and_goes_through_after_changing_back(client, posts):
    director, clerk = posts
    file = a_file(director.unit, by=director)
    sign_in(client, director)
    page = client.get(f"/children/{file.pk}/")
    assert f'name="page_post" value="{director.uid}"' in page.text and f'value="{clerk.uid}"' not in page.text
    sign_in(client, clerk)  # in the other tab
    typed = {"version": str(file.version), "page_post": str(director.uid), "note": '"王" <x>', "several": ["1", "2"]}
    page = client.post(f"/children/{file.pk}/submit/", typed)
    file.refresh_from_db()
    assert page.status_code == 409 and file.state == FileState.DRAFT
    assert director.unit.short_name in page.text and "什么都没有保存" in page.text
    form = page.text.partition(f'action="/children/{file.pk}/submit/"')[2].partition("</form>")[0]
    kept = re.findall(r'name="(\w+)" value="([^"]*)"', form)[1:]  # after the csrf token
    assert ("several", "2") in kept and ("note", "&quot;王&quot; &lt;x&gt;") in kept
    answer = client.post(f"/children/{file.pk}/submit/", dict(kept))
    file.refresh_from_db()
    assert answer.status_code == 302 and file.state == FileState.SUBMITTED
    assert file.events.get(action="submit").post == director and client.session["post"] == director.pk


def fill(path: str) -> str:
    filled = re.sub(r"<uuid:\w+>", str(uuid.uuid4()), path)
    return "/" + re.sub(r"<\w+:\w+>", "1", filled)


@pytest.mark.usefixtures("no_frame")
def test_every_address_that_takes_a_form_refuses_one_of_another_post(client, posts):
    director, clerk = posts
    sign_in(client, clerk)
    asked, wrong = 0, []
    for path, name, view in routes():
        if path.startswith("api/") or set(getattr(view, "permissions", [PUBLIC])) & {PUBLIC, SIGNED_IN}:
            continue
        asked += 1
        answer = client.post(fill(path), {"page_post": str(director.uid)})
        if answer.status_code != 409:
            wrong.append(f"{name} answers {answer.status_code}")
    assert asked > 80 and not wrong, "\n".join(wrong)


def test_every_form_that_is_sent_says_whose_page_it_is(pytestconfig):
    """By {% csrf_token %}, which holds both; but the page that asks whether to change back says the other post."""
    folder, forms, wrong = pytestconfig.rootpath / "templates", 0, []
    for path in sorted(folder.rglob("*.html")):
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", path.read_text(encoding="utf-8"), re.S):
            forms += 1
            if not re.search(r"csrf_token %|components/_find\.html|csrf_token }}", form):
                wrong.append(str(path.relative_to(folder)))
    assert forms > 60 and set(wrong) <= {"gallery/children.html"}, wrong


def test_what_concerns_the_person_alone_is_taken_from_any_page(client, posts):
    director, clerk = posts
    sign_in(client, clerk)
    answer = client.post("/accounts/post/", {"post": str(director.uid), "page_post": str(director.uid)})
    assert answer.status_code == 302 and client.session["post"] == director.pk
    assert client.post("/accounts/logout/", {"page_post": str(clerk.uid)}).status_code == 302


def test_the_api_asks_the_same_of_a_session_that_says_its_post(client, posts):
    director, clerk = posts
    file = an_approved_file(director.unit)
    sign_in(client, clerk)
    where = f"/api/v1/children/{file.pk}/not-the-same/"
    answer = client.post(where, {}, headers={HEADER: str(director.uid)})
    assert answer.status_code == 409 and "另一个岗位" in answer.json()["detail"]
    assert client.post(where, {}, headers={HEADER: str(clerk.uid)}).status_code == 400


def test_a_post_that_has_ended_or_another_person_s_is_not_changed_back_to(client, posts):
    director, clerk = posts
    other = a_post(director.unit)
    end_appointment(director)
    sign_in(client, clerk)
    for uid in (director.uid, other.uid, "x"):
        page = client.post("/children/new/", {"page_post": str(uid), "switch_back": "1", "name": "张三"})
        assert page.status_code == 409 and "已经离任" in page.text and "换回那个岗位并送出" not in page.text
        assert client.session["post"] == clerk.pk
    assert not ChildFile.objects.exists()
