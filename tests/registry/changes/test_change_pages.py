"""The change form, its page and the station's desk, as their users meet them."""

import datetime

import pytest
from django.urls import reverse

from orgs.drafts.models import FormDraft
from registry.changes.forms import ChangeForm
from registry.changes.models import Change
from registry.changes.services import approve_change, return_change
from registry.child.fields import content_of
from registry.child.models import ChildFile
from registry.child.services.files import make_file
from tests.builders import a_change, a_post, a_village, an_approved_file, facts, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def file():
    return an_approved_file(a_village(), address="三组12号")


def form_of(client, file) -> dict:
    """What the change form posts when nothing is altered."""
    form = client.get(reverse("child-change", args=[file.pk])).context["form"]
    posted = {}
    for field in form:
        value = field.value()
        if value is True or value is False:
            value = "true" if value else "false" if field.name != "serious_illness" else ""
        if value not in (None, "", []):
            posted[field.name] = value
    return posted


def test_only_what_was_altered_goes_to_the_station(client, file):
    sign_in(client, a_post(file.village))
    posted = form_of(client, file) | {"address": "五组3号", "note": "搬家"}
    answer = client.post(reverse("child-change", args=[file.pk]), posted)
    change = Change.objects.get()
    assert answer.status_code == 302 and answer.url == reverse("change-detail", args=[change.pk])
    assert [field.name for field in change.fields.all()] == ["address"]
    assert ChildFile.objects.get().address == "三组12号"


def test_an_unaltered_form_is_not_sent(client, file):
    sign_in(client, a_post(file.village))
    answer = client.post(reverse("child-change", args=[file.pk]), form_of(client, file))
    assert answer.status_code == 422 and "没有变更" in answer.text
    assert not Change.objects.exists()


def test_a_form_that_lay_open_does_not_undo_what_was_approved_meanwhile(client, file):
    post, clerk = a_post(file.village), a_post(file.township)
    sign_in(client, post)
    opened = form_of(client, file)
    other = a_change(file, grade="四年级")
    approve_change(other, by=clerk, seen_version=other.version)
    client.post(reverse("child-change", args=[file.pk]), opened | {"address": "五组"})
    change = Change.objects.exclude(pk=other.pk).get()
    assert [field.name for field in change.fields.all()] == ["address"]


def test_numbers_are_not_shown_and_stay_unless_typed(client, file):
    sign_in(client, a_post(file.village))
    page = client.get(reverse("child-change", args=[file.pk]))
    assert file.id_number not in page.text and "13800004321" not in page.text
    client.post(reverse("child-change", args=[file.pk]), form_of(client, file) | {"guardian_phone": "138 1111 2222"})
    assert [(f.name, f.value) for f in Change.objects.get().fields.all()] == [("guardian_phone", "13811112222")]


def test_a_category_ends_on_the_form(client, file):
    sign_in(client, a_post(file.village))
    posted = form_of(client, file) | {"ending": ["left_behind"]}
    refused = client.post(reverse("child-change", args=[file.pk]), posted)
    assert refused.status_code == 422 and "退出" in refused.text
    posted |= {"end_on": "2026-01-05", "end_reason": "parents_back"}
    assert client.post(reverse("child-change", args=[file.pk]), posted).status_code == 302
    field = Change.objects.get().fields.get()
    assert (field.name, field.value["until"]) == ("category_left_behind", "2026-01-05")


def test_what_brothers_and_sisters_have_in_common_is_offered_to_both_files(client, file):
    post = a_post(file.village)
    sibling = make_file(by=post, village=file.village, sibling=file, **facts(name="张子轩", sex="male"))
    assert sibling.family_uid and ChildFile.objects.get(pk=file.pk).family_uid == sibling.family_uid
    from registry.child.workflow import FILE

    FILE.apply("submit", sibling, by=post, seen_version=sibling.version)
    FILE.apply("approve", sibling, by=a_post(file.township), seen_version=sibling.version)
    sign_in(client, post)
    posted = form_of(client, file) | {"guardian_name": "王大娘", "grade": "三年级", "also": [str(sibling.pk)]}
    client.post(reverse("child-change", args=[file.pk]), posted)
    assert {(c.child.name, f.name) for c in Change.objects.all() for f in c.fields.all()} == {
        ("张子涵", "guardian_name"), ("张子涵", "grade"), ("张子轩", "guardian_name"),
    }  # fmt: skip


def test_a_new_file_takes_the_family_of_a_sibling(client, file):
    sign_in(client, a_post(file.village))
    page = client.get(reverse("child-new") + f"?sibling={file.pk}")
    assert page.context["form"]["guardian_name"].value() == "李桂英"
    assert page.context["form"]["name"].value() is None
    for nobody in ("x", str(an_approved_file(a_village()).pk)):
        assert client.get(reverse("child-new") + f"?sibling={nobody}").context["form"].sibling is None


def test_the_desk_shows_old_and_new_and_takes_a_decision_back(client, file):
    change, clerk = a_change(file, address="五组3号"), a_post(file.township)
    sign_in(client, clerk)
    desk = client.get(reverse("review-case", args=["change", change.pk]))
    assert "<del>三组12号</del>" in desk.text and "五组3号" in desk.text
    decide = reverse("review-decide", args=["change", change.pk, "approve"])
    client.post(decide, {"version": 1, "ticks": 1, "field": ["address"], "file_version": file.version})
    assert ChildFile.objects.get().address == "五组3号"
    desk = client.get(reverse("review"))
    undo = desk.context["undo"]
    assert undo["pk"] == str(change.pk)
    client.post(reverse("review-decide", args=["change", change.pk, "undo"]), {"version": undo["version"]})
    assert ChildFile.objects.get().address == "三组12号"
    assert client.get(reverse("review")).context["undo"] is None


def test_its_page_leads_who_may_decide_to_the_desk(client, file):
    director, clerk = a_post(file.village), a_post(file.township)
    change = a_change(file, by=director, address="五组66号")
    desk = f'href="/review/change/{change.pk}/"'
    for post, leads in ((director, False), (clerk, True)):
        sign_in(client, post)
        assert (desk in client.get(f"/changes/{change.pk}/").text) == leads
    assert client.get(f"/review/change/{change.pk}/").status_code == 200


def test_a_conflict_stands_on_the_desk_and_is_settled_by_hand(client, file):
    clerk = a_post(file.township)
    first, second = a_change(file, address="五组"), a_change(file, address="九组")
    approve_change(first, by=clerk, seen_version=first.version)
    sign_in(client, clerk)
    desk = client.get(reverse("review-case", args=["change", second.pk]))
    assert "之后被改过" in desk.text
    decide = reverse("review-decide", args=["change", second.pk, "approve"])
    version = ChildFile.objects.get().version
    blind = client.post(decide, {"version": 1, "file_version": version})
    assert blind.status_code == 409 and ChildFile.objects.get().address == "五组"
    old = client.post(decide, {"version": 1, "ticks": 1, "settle": ["address"], "file_version": version - 1})
    assert old.status_code == 409
    client.post(decide, {"version": 1, "ticks": 1, "settle": ["address"], "file_version": version})
    assert ChildFile.objects.get().address == "九组"


def test_the_county_finds_what_a_station_changed_itself(client, file):
    clerk, county = a_post(file.township), a_post(file.county)
    own, below = a_change(file, by=clerk, address="五组"), a_change(file, grade="三年级")
    sign_in(client, county)
    queue = client.get(reverse("review")).context["queue"]
    assert [item.pk for item in queue] == [own.pk]
    listed = client.get(reverse("change-list") + "?view=station").context["page"]
    assert [change.pk for change in listed] == [own.pk]
    hidden = client.get(reverse("review-case", args=["change", below.pk]))
    assert hidden.status_code == 302
    refused = client.post(reverse("review-decide", args=["change", below.pk, "approve"]), {"version": 1})
    assert refused.status_code == 404


def test_a_returned_change_is_corrected_on_its_page(client, file):
    post = a_post(file.village)
    migrant = {"since": datetime.date(2026, 1, 1), "difficulty": "", "grounds": ""}
    change = a_change(file, by=post, address="五组", category_migrant=migrant)
    return_change(change, by=a_post(file.township), seen_version=1, reason="缺门牌号")
    sign_in(client, post)
    assert "缺门牌号" in client.get(reverse("today")).text
    page = client.get(reverse("change-detail", args=[change.pk]))
    assert "缺门牌号" in page.text
    amend = reverse("change-amend", args=[change.pk])
    wrong = client.post(amend, {"version": 2, "address": "长" * 200, "category_migrant_since": "x"})
    assert wrong.status_code == 422
    stale = client.post(amend, {"version": 1, "address": "五组8号", "category_migrant_since": "2026-01-01"})
    assert stale.status_code == 409
    done = client.post(amend, {"version": 2, "address": "五组8号", "category_migrant_since": "2026-01-02"})
    assert done.status_code == 302
    assert Change.objects.get().state == "submitted"
    assert client.post(reverse("change-withdraw", args=[change.pk]), {"version": 3}).status_code == 302
    assert Change.objects.get().state == "withdrawn"


def test_a_correction_that_was_sent_from_another_tab_meanwhile_is_not_lost(client, file):
    """What was typed is shown to be copied; no button is left that could only be refused again."""
    post, clerk = a_post(file.village), a_post(file.township)
    change = a_change(file, by=post, address="五组", grade="三年级")
    return_change(change, by=clerk, seen_version=1, reason="缺门牌号")
    sign_in(client, post)
    amend, grade = reverse("change-amend", args=[change.pk]), "三年级"
    assert client.post(amend, {"version": 2, "address": "五组8号", "grade": grade}).status_code == 302
    late = client.post(amend, {"version": 2, "address": "五组9号东院", "grade": grade})
    assert late.status_code == 409
    assert "五组9号东院" in late.text.partition("没有存上，可以从这里复制")[2]
    assert f'action="{amend}"' not in late.text
    assert client.post(amend, {"version": 2, "address": "长" * 200}).status_code == 409

    change = Change.objects.get()
    approve_change(change, by=clerk, seen_version=change.version, names=["address"])
    return_change(change, by=clerk, seen_version=change.version, reason="哪个年级", names=["grade"])
    other = client.post(amend, {"version": 2, "address": "五组9号东院", "grade": grade})
    assert other.status_code == 409 and "五组9号东院" in other.text.partition("没有存上，可以从这里复制")[2]
    assert 'name="grade"' in other.text and 'name="address"' not in other.text, "the form asks what came back now"


@pytest.mark.both
def test_the_history_says_who_changed_what(client, file):
    change, clerk = a_change(file, address="五组"), a_post(file.township)
    approve_change(change, by=clerk, seen_version=1)
    sign_in(client, clerk)
    page = client.get(reverse("child-history", args=[file.pk]))
    assert all(word in page.text for word in ("三组12号", "五组", clerk.person.name))
    sign_in(client, a_post(a_village(file.township)))
    assert client.get(reverse("child-history", args=[file.pk])).status_code == 404


def test_a_tampered_base_is_refused(client, file):
    sign_in(client, a_post(file.village))
    for bad in ("", "xx", "AAAA"):
        posted = form_of(client, file) | {"address": "五组", "base": bad}
        assert client.post(reverse("child-change", args=[file.pk]), posted).status_code == 422
    assert not Change.objects.exists()


def test_a_change_form_knows_every_field(file):
    form = ChangeForm(post=a_post(file.village), file=file)
    asked = {name for _key, _title, groups in form.STEPS for _t, names in groups for name in names}
    missing = {name for name in content_of(file) if name not in asked and not name.startswith("category_")}
    assert missing == set()


DRAFT = "/drafts/"


def page_of(post) -> dict:
    """What a page that was made for ``post`` says of itself."""
    return {"x-page-post": str(post.uid)}


def test_a_draft_comes_back_to_its_writer_on_another_device(client, file):
    post = a_post(file.village)
    sign_in(client, post)
    values = {"name": ["李浩"], "id_number": ["41018220160301"]}
    body = {"key": "child-new", "page": "a", "count": 1, "values": values}
    own = page_of(post)
    assert client.post(DRAFT, body, content_type="application/json", headers=own).status_code == 200
    client.logout()
    assert client.get(DRAFT + "?key=child-new", headers=own).status_code == 302  # the login is lost
    sign_in(client, post)
    (draft,) = client.get(DRAFT + "?key=child-new", headers=own).json()["drafts"]
    assert draft["values"] == values
    other = a_post(file.village)
    sign_in(client, other)
    assert client.get(DRAFT + "?key=child-new", headers=page_of(other)).json()["drafts"] == []


def test_a_page_left_open_neither_writes_reads_nor_drops_the_draft_of_who_signed_in_since(client, file):
    director, clerk = a_post(file.village), a_post(file.township)
    sign_in(client, clerk)
    given = {"key": "child-new", "page": "a", "count": 1, "values": {"name": ["李浩"]}}
    client.post(DRAFT, given, content_type="application/json", headers=page_of(clerk))
    for said in (page_of(director), {}, {"x-page-post": "x"}):
        for body in (given | {"count": 2, "values": {"name": ["刘雨欣"]}}, {"key": "child-new", "dropped": {"a": 9}}):
            answer = client.post(DRAFT, body, content_type="application/json", headers=said)
            assert answer.status_code == 409 and "没有保存任何内容" in answer.json()["detail"]
        answer = client.get(DRAFT + "?key=child-new", headers=said)
        assert answer.status_code == 409 and "李浩" not in answer.text
    (kept,) = client.get(DRAFT + "?key=child-new", headers=page_of(clerk)).json()["drafts"]
    assert kept["values"] == given["values"]


@pytest.mark.both
def test_a_draft_lies_sealed_and_goes_when_it_was_sent(client, file):
    from django.db import connection

    post = a_post(file.village)
    sign_in(client, post)
    key = f"change-{file.pk}"
    body = {"key": key, "page": "a", "count": 1, "values": {"address": ["五组66号"]}}
    client.post(DRAFT, body, content_type="application/json", headers=page_of(post))
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM orgs_formdraft WHERE page <> ''")
        assert "五组66号".encode() not in bytes(cursor.fetchone()[0])
    sent = form_of(client, file) | {"address": "五组66号", "draft_seen": '{"a": 1}'}
    client.post(reverse("child-change", args=[file.pk]), sent)
    assert "五组66号" not in FormDraft.objects.get().body
    assert f'data-draft-done="{key}"' in client.get(reverse("today")).text


@pytest.mark.parametrize(
    "body",
    ["", "x", "[]", "1", '{"key": "a"}', '{"key": "a", "page": "b", "count": 1, "values": {"b": "c"}}'],
)
def test_nonsense_is_no_draft(client, file, body):
    post = a_post(file.village)
    sign_in(client, post)
    assert client.post(DRAFT, body, content_type="application/json", headers=page_of(post)).status_code == 422
    big = '{"key": "a", "page": "b", "count": 1, "values": {"b": ["' + "长" * 70_000 + '"]}}'
    assert client.post(DRAFT, big, content_type="application/json", headers=page_of(post)).status_code == 422
    assert not FormDraft.objects.exists()


@pytest.mark.parametrize(
    "reason, named, focus",
    [("请核对年级", ["grade"], "grade"), ("请核对现住址和年级", ["address", "grade"], "address"), ("请写清楚", [], "")],
)
def test_a_remark_stands_at_the_fields_it_speaks_of_and_the_page_opens_there(client, file, reason, named, focus):
    post = a_post(file.village)
    change = a_change(file, by=post, address="五组", grade="三年级")
    return_change(change, by=a_post(file.township), seen_version=1, reason=reason)
    page = sign_in(client, post).get(reverse("change-detail", args=[change.pk]))
    lines = page.context["lines"]
    assert sorted(line.name for line in lines if line.remark) == sorted(named)
    table = page.text.partition("办理经过")[0]
    assert table.count(f"“{reason}”") == max(len(named), 1)
    focused = [name for name, field in page.context["form"].fields.items() if "data-focus" in field.widget.attrs]
    assert len(focused) == 1 and (not focus or focused == [focus])
