"""What a concept adds to a child's page comes by its hooks alone: nothing of it stands in ``registry.child``."""

import pytest

from childwelfare.workflow.models import Event
from orgs.audit.services import record_act
from orgs.audit.words import AUDIT_ACTS, Act
from registry.child.models import ChildFile
from registry.child.panels import FILE_ACTIONS, FILE_EVENTS, PANELS, WAYS_OUT, FileAction, FileEvent, Panel
from registry.child.workflow import FILE
from registry.disclosure.services import disclose
from registry.family.models import FamilyMember
from tests.builders import a_paper, an_upload, sign_in

pytestmark = pytest.mark.django_db


def page_of(client, file, post) -> str:
    sign_in(client, post)
    return client.get(f"/children/{file.pk}/").text


def test_an_entry_of_each_kind_is_on_the_page(client, child, clerk, monkeypatch):
    act = FileAction(address="child-history", permission="close_child", icon="people", label="新的办理")
    way = FileAction(address="child-history", permission="view_child", icon="printer", label="新的打印")
    banner = "components/_back.html"
    monkeypatch.setitem(FILE_ACTIONS, "child-history", act)
    monkeypatch.setitem(WAYS_OUT, "child-history", way)
    monkeypatch.setitem(FILE_EVENTS, "make", FileEvent("make", "新的说法"))
    shown = page_of(client, child, clerk)
    assert shown.count("新的办理") == shown.count("新的打印") == 1 and "新的说法" in shown
    PANELS.add(lambda request, file: Panel(title="新的一栏", count_label="1 份", anchor="new", banner=banner), order=99)
    try:
        assert "新的一栏" in page_of(client, child, clerk)
    finally:
        PANELS.pop()
        PANELS._orders.pop()


def test_a_button_stands_where_permission_and_state_fit(client, child, director, clerk, monkeypatch):
    for state in ("approved", "closed"):
        act = FileAction(
            address="child-history", permission="close_child", state=state, icon="people", label=f"办理{state}"
        )
        monkeypatch.setitem(FILE_ACTIONS, state, act)
    shown = page_of(client, child, clerk)
    assert "办理approved" in shown and "办理closed" not in shown
    assert "办理approved" not in page_of(client, child, director)


def test_every_move_of_a_file_has_its_words_for_the_timeline():
    assert set(FILE.transitions) | {"undo", "make"} <= set(FILE_EVENTS)


def test_an_event_that_nobody_declares_any_more_is_shown_by_its_name(client, child, director):
    child.events.create(action="once_there", was="", now=child.state, person=director.person, post=director)
    assert isinstance(child.events.last(), Event) and ChildFile.objects.get() == child
    assert "once_there" in page_of(client, child, director)


def test_the_page_counts_every_act_that_reads_the_file_and_no_other(client, child, clerk, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    paper, where = a_paper(child), f"/children/{child.pk}/"
    sign_in(client, clerk)
    assert client.get(where).context["readings"] == 1, "this one"
    for part in ("history/", f"papers/{paper.pk}/", "guidance/", "print/"):
        assert client.get(where + part).status_code == 200, part
    assert client.post(f"{where}reveal/", {"field": "phone"}).status_code == 200
    disclose(child, by=clerk, asked_by="李桂英", relation="self", checked="id_card", safe=True)
    page = client.get(where)
    assert page.context["readings"] == 8 and "8 次" in page.text
    a_paper(child, kind="other", upload=an_upload(colour="red"))
    assert client.get(where).context["readings"] == 9, "what is added to it is no reading"


def test_an_act_says_itself_whether_it_reads_a_file(client, child, clerk, monkeypatch):
    monkeypatch.setitem(AUDIT_ACTS, "look_over", Act("look_over", "翻看", reads_file=True))
    record_act(clerk, "look_over", child)
    sign_in(client, clerk)
    assert client.get(f"/children/{child.pk}/").context["readings"] == 2


def test_a_sealed_number_that_a_person_cannot_have_is_not_there(client, clerk, child):
    sign_in(client, clerk)
    FamilyMember.objects.create(child=child, relation="father", name="张建国")
    asked = {"field": "father.disability_certificate"}
    assert client.post(f"/children/{child.pk}/reveal/", asked).status_code == 404
