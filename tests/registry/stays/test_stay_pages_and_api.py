"""A stay on the pages of both sides, over the API, in print and in the copy of a file."""

import uuid

import pytest

from orgs.audit.models import Audit
from registry.disclosure.document import document
from registry.printing.file import file_sheet
from registry.stays.models import Stay
from tests.builders import (
    a_post,
    a_stay,
    a_village,
    answers,
    sign_in,
)
from tests.registry.stays.acts import DAY, today

pytestmark = pytest.mark.django_db


def test_the_clerk_registers_it_on_a_page_and_both_sides_read_of_it(client, file, here, there):
    sign_in(client, a_post(here.township))
    where = f"/children/{file.pk}/stay/"
    assert where in client.get(f"/children/{file.pk}/").text
    assert str(there.uid) in client.post(where, {"q": there.name, "find": "1"}).text
    sent = {"version": file.version, "village": str(there.uid), "since": str(today()), "reason": "", "host_phone": "12"}
    page = client.post(where, sent)
    assert page.status_code == 422 and "为什么去那里住" in page.text
    sent |= {"reason": "祖母住院", "host_phone": "138 0000 7788", "until": "2199-01-01"}
    assert "最长登记 3 年" in client.post(where, sent).text
    sent |= {"until": str(today() + 90 * DAY)}
    assert client.post(where, sent).status_code == 302
    page = client.get(f"/children/{file.pk}/")
    assert "暂住" in page.text and where not in page.text and "临时居住" in page.text
    assert there.short_name in client.get("/transfers/").text
    stay = Stay.objects.get()
    assert stay.host_phone == "13800007788"
    sign_in(client, a_post(there.township))
    notice = client.get("/transfers/")
    assert file.name in notice.text and f"/stays/{stay.pk}/end/" in notice.text
    page = client.post(f"/stays/{stay.pk}/end/", {"version": stay.version, "reason": ""})
    assert page.status_code == 422
    page = client.post(f"/stays/{stay.pk}/end/", {"version": stay.version, "reason": "孩子没有来"}, follow=True)
    assert page.status_code == 200 and file.name not in page.text and "欧***" in page.text
    assert client.get(f"/children/{file.pk}/").status_code == 404
    assert client.get(f"/stays/{stay.pk}/end/", follow=True).status_code == 200
    sign_in(client, a_post(here.township))
    assert "孩子没有来" in client.get("/transfers/").text and "孩子没有来" in client.get(f"/children/{file.pk}/").text
    assert {row.action for row in Audit.objects.filter(action__endswith="_stay")} == {"begin_stay", "end_stay"}


def test_that_the_form_was_opened_is_in_the_trail(client, file, here):
    assert sign_in(client, a_post(here.township)).get(f"/children/{file.pk}/stay/").status_code == 200
    assert Audit.objects.filter(action="view_file", record__endswith=str(file.pk)).count() == 1


@pytest.mark.parametrize("strange", ["😀", "❤", "\ue000"])
def test_with_whom_it_lives_is_a_name_and_no_picture(client, file, here, there, strange):
    sign_in(client, a_post(here.township))
    sent = {"version": file.version, "village": str(there.uid), "since": str(today()), "reason": "祖母住院"}
    sent["host_name"] = f"王芳{strange}"
    page = client.post(f"/children/{file.pk}/stay/", sent)
    assert page.status_code == 422 and list(page.context["form"].errors) == ["host_name"]
    answer = client.post(f"/api/v1/children/{file.pk}/stay/", sent, content_type="application/json")
    assert answer.status_code == 400 and list(answer.json()) == ["host_name"], answer.text
    assert not Stay.objects.exists()
    client.post(f"/children/{file.pk}/stay/", sent | {"host_name": "姑姑王芳、姑父"})
    assert Stay.objects.get().host_name == "姑姑王芳、姑父"


@pytest.mark.parametrize("act", ["stay", "transfer"])
def test_searching_the_village_keeps_what_was_typed(client, file, here, there, act):
    """The search is a button of the same form; nothing is checked and nothing sent by it."""
    sign_in(client, a_post(here.township))
    where = f"/children/{file.pk}/{act}/"
    typed = {
        "version": file.version,
        "reason": "祖母住院",
        "host_phone": "12",
        "since": "2026-11-02",
        "pk": str(uuid.uuid4()),
    }
    page = client.post(where, typed | {"q": there.name, "find": "1"})
    assert page.status_code == 200 and str(there.uid) in page.text and there.name in page.text
    kept = ["祖母住院", typed["pk"]] + (['value="12"', "2026-11-02"] if act == "stay" else [])
    assert [words for words in kept if words not in page.text] == []
    assert not Stay.objects.exists() and not file.transfers.exists()


@pytest.mark.parametrize(
    "sent", [{"version": ""}, {"village": "x", "since": "31.02.2026"}, {"version": "a", "pk": "b"}]
)
def test_a_broken_form_is_told(client, file, here, sent):
    page = sign_in(client, a_post(here.township)).post(f"/children/{file.pk}/stay/", sent)
    assert page.status_code == 422 and not Stay.objects.exists()


def test_the_api_begins_reads_and_ends_it(client, file, here, there, host):
    sign_in(client, a_post(here.township))
    body = {"village": str(there.uid), "since": str(today()), "reason": "祖母住院", "version": file.version}
    made = client.post(f"/api/v1/children/{file.pk}/stay/", body, content_type="application/json")
    assert made.status_code == 201 and made.json()["in_force"] and made.json()["actions"] == ["end"]
    stay = made.json()["id"]
    sign_in(client, host)
    (row,) = client.get("/api/v1/stays/", {"open": "true"}).json()["results"]
    assert row["child"] == str(file.pk) and row["child_name"] == file.name and row["actions"] == []
    assert client.get(f"/api/v1/children/{file.pk}/").json()["name"] == file.name
    assert client.get("/api/v1/children/").json()["results"] == []
    assert client.post(f"/api/v1/children/{file.pk}/submit/", {"version": 1}).status_code in (403, 404)
    done = answers(child=str(file.pk), visited_on=str(today()))
    visit = client.post("/api/v1/visits/", done, content_type="application/json")
    assert visit.status_code == 201 and client.get(f"/api/v1/visits/{visit.json()['id']}/").status_code == 200
    sign_in(client, a_post(there.township))
    end = f"/api/v1/stays/{stay}/end/"
    assert client.post(end, {"version": 1}, content_type="application/json").status_code == 400
    assert client.post(end, {"version": 7, "reason": "x"}, content_type="application/json").status_code == 409
    done = client.post(end, {"version": 1, "reason": "没有来"}, content_type="application/json")
    assert done.status_code == 200 and done.json()["child"] is None and done.json()["child_name"] == "欧***"
    sign_in(client, a_post(a_village().township))
    assert client.get(f"/api/v1/stays/{stay}/").status_code == 404
    assert client.post(end, {"version": 2, "reason": "x"}, content_type="application/json").status_code == 404


@pytest.mark.parametrize("body", [{}, {"village": "x"}, {"village": None, "since": 3}, {"reason": "a" * 900}])
def test_the_api_says_what_is_wrong(client, file, here, body):
    sign_in(client, a_post(here.township))
    answer = client.post(f"/api/v1/children/{file.pk}/stay/", body, content_type="application/json")
    assert answer.status_code == 400 and not Stay.objects.exists()


def test_print_and_disclosure_say_where_the_child_is(file, there):
    assert "临时居住" not in str(file_sheet(file).blocks)
    a_stay(file, there, host_name="张玉兰", host_phone="13800007788")
    assert f"{there.short_name}" in str(file_sheet(file).blocks) and "13800007788" not in str(file_sheet(file).blocks)
    (row,) = document(file)["stays"]["rows"]
    assert row["host_name"]["text"] == "张玉兰" and "13800007788" not in str(row)
    assert there.short_name in row["village"]["text"]


def test_a_stay_that_has_not_begun_is_called_off_in_true_words(client, file, there):
    clerk, stay = a_post(file.township), a_stay(file, there, since=today() + 5 * DAY)
    sign_in(client, clerk)
    page = client.post(f"/stays/{stay.pk}/end/", {"version": stay.version, "reason": "不去了"}, follow=True)
    assert "临时居住已取消，走访仍由" in page.text and "走访从今天起" not in page.text
