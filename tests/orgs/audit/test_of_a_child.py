"""All that was done about one child: on its file, and on its visits, papers and changes, which name it."""

import importlib
import json
import uuid

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from childwelfare.pages.searched import Searched
from childwelfare.security.append_only import gate_open
from orgs.audit.filters import AuditFilter
from orgs.audit.models import Audit, AuditChild
from orgs.audit.services import act_row, label_of, record_act, seal_pending, verify_chain
from registry.child.models import ChildFile
from registry.twins.services import say_not_the_same
from tests.builders import (
    a_change,
    a_paper,
    a_post,
    a_village,
    a_visit,
    an_alert,
    an_approved_file,
    an_upload,
    sign_in,
)
from visits.phones.models import SyncItem
from visits.phones.services.sync import settle_handed_over
from visits.visit.services.photos import add_photos, check_photos
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db


def about(file) -> list[str]:
    asked = AuditFilter.of({"record": label_of(file)}, Searched())
    return list(asked.narrow(Audit.objects.filter(action="view_visit")).order_by("pk").values_list("record", flat=True))


@pytest.mark.both
def test_acts_that_name_the_child_are_found_before_and_after_they_are_sealed(clerk, village):
    file, other = an_approved_file(village), an_approved_file(village)
    visit, another = a_visit(file), a_visit(other)
    for each in (visit, another):
        record_act(clerk, "view_visit", each, child=str(each.child_id))
    record_act(clerk, "view_visit", visit, child="no key")
    assert about(file) == [label_of(visit)]
    seal_pending()
    assert about(file) == [label_of(visit)] and about(other) == [label_of(another)]
    assert AuditChild.objects.filter(child=file.pk).exists() and verify_chain() is None
    record_act(clerk, "view_visit", visit, child=str(file.pk))
    assert len(about(file)) == 2


def test_what_was_sealed_before_the_index_is_filled_in_and_the_chain_holds(clerk, village):
    file = an_approved_file(village)
    record_act(clerk, "view_visit", a_visit(file), child=str(file.pk))
    seal_pending()
    with gate_open():
        AuditChild.objects.all()._raw_delete("default")
    assert about(file) == []
    importlib.import_module("orgs.migrations.0006_acts_about_a_child").index_earlier_acts(
        apps, connection.schema_editor
    )
    assert len(about(file)) == 1 and verify_chain() is None


def test_a_record_that_is_no_key_finds_its_own_acts_alone(clerk):
    record_act(clerk, "view_visit", label="registry.childfile:12", child=str(uuid.uuid4()))
    asked = AuditFilter.of({"record": "registry.childfile:12"}, Searched())
    assert asked.narrow(Audit.objects.all()).count() == 1


def acts_about(file, **asked) -> list[str]:
    found = AuditFilter.of({"record": label_of(file)} | asked, Searched()).narrow(Audit.objects.all())
    return list(found.order_by("pk").values_list("action", flat=True))


MODELS_OF_A_CHILD = [
    model
    for model in apps.get_models()
    if any(field.name == "child" and field.related_model is ChildFile for field in model._meta.fields)
]


@pytest.mark.parametrize("model", MODELS_OF_A_CHILD, ids=lambda model: model.__name__)
def test_an_act_on_any_record_of_a_child_names_the_child(model):
    child = uuid.uuid4()
    assert f'"child": "{child}"' in act_row(None, "undo", model(child_id=child)).data


def test_what_is_done_to_a_visit_or_an_alert_is_found_under_the_child(clerk, director, village):
    file = an_approved_file(village)
    visit, alert = a_visit(file, by=director), an_alert(village, by=director, file=file)
    assert alert.child_id == file.pk
    VISIT.apply("accept", visit, by=clerk, seen_version=visit.version)
    VISIT.undo(visit, by=clerk, seen_version=visit.version)
    seal_pending()
    assert {"log_visit", "accept_visit", "undo", "raise_alert"} <= set(acts_about(file))


def test_an_act_on_two_files_is_found_under_both(clerk, village):
    one, other = an_approved_file(village), an_approved_file(village)
    say_not_the_same(one, other, by=clerk, reason="两个孩子，出生日期不同")
    for _sealed in range(2):
        assert acts_about(one).count("say_not_the_same") == acts_about(other).count("say_not_the_same") == 1
        seal_pending()


def test_of_many_acts_the_newest_stay_and_days_are_asked_first(client, village, monkeypatch):
    auditor = a_post(village.city, "auditor")
    monkeypatch.setattr("orgs.audit.filters.OF_A_CHILD", 3)
    file = an_approved_file(village)
    visit = a_visit(file)
    for _n in range(3):
        record_act(auditor, "view_visit", visit)
    assert acts_about(file) == ["view_visit"] * 3
    asked = {"record": label_of(file), "action": "make_file"}
    found = AuditFilter.of(asked, Searched())
    assert found.narrow(Audit.objects.all()).count() == 1 and not found.leaves_out(Audit.objects.all())
    sign_in(client, auditor)
    cut = "只列最近的"
    assert cut in client.get("/audit/", {"record": label_of(file)}).text
    assert cut not in client.get("/audit/", asked).text


def a_photo(file):
    visit = a_visit(file)
    add_photos(visit, check_photos([an_upload(size=(60, 40))]))
    return visit.photos.get()


def all_about(file) -> set[str]:
    asked = AuditFilter.of({"record": label_of(file)}, Searched())
    return set(asked.narrow(Audit.objects.all()).values_list("action", flat=True))


def test_who_was_refused_at_a_file_is_found_before_and_after_it_is_sealed(client, village):
    file, neighbour = an_approved_file(village), a_post(village.city, "city_admin")
    sign_in(client, neighbour)
    for where in (f"/children/{file.pk}/", f"/api/v1/children/{file.pk}/"):
        assert client.get(where).status_code == 403
    asked = AuditFilter.of({"record": label_of(file)}, Searched())
    refused = Audit.objects.filter(action="refused")
    assert asked.narrow(refused).count() == 2
    seal_pending()
    assert asked.narrow(refused).count() == 2


@pytest.mark.parametrize("kind", ["visit", "photo", "change", "alert", "paper"])
def test_who_was_refused_at_a_record_of_a_child_is_found_under_the_child_and_the_record(client, village, kind):
    """Not found, for it is out of sight; what is nowhere is no refusal."""
    file, stranger = an_approved_file(village), a_post(a_village().township)
    record, where = {
        "visit": lambda: (a_visit(file), "/visits/{}/"),
        "photo": lambda: (a_photo(file), "/visits/photos/{}/"),
        "change": lambda: (a_change(file, address="五组"), "/api/v1/changes/{}/"),
        "alert": lambda: (an_alert(file=file), "/alerts/{}/"),
        "paper": lambda: (a_paper(file), f"/children/{uuid.uuid4()}/papers/{{}}/"),
    }[kind]()
    sign_in(client, stranger)
    for key in (record.pk, uuid.uuid4()):
        assert client.get(where.format(key)).status_code == 404
    row = Audit.objects.get(action="refused")
    assert (row.record, row.post, row.unit) == (label_of(record), stranger, stranger.unit)
    assert json.loads(row.data)["answer"] == 404
    for _sealed in range(2):
        assert "refused" in all_about(file)
        seal_pending()


def test_a_key_that_somebody_wrote_behind_an_address_is_not_what_was_asked_for(client, village):
    file, stranger = an_approved_file(village), a_post(a_village().township)
    sign_in(client, stranger)
    assert client.get(f"/exports/?x={file.pk}&page={file.pk}").status_code in (200, 403, 404)
    assert client.get(f"/children/{uuid.uuid4()}/?next={file.pk}").status_code == 404
    assert "refused" not in all_about(file)
    sign_in(client, a_post(village.city, "city_admin"))
    assert client.get(f"/children/new/?sibling={file.pk}").status_code == 403
    assert "refused" in all_about(file), "the parameter by which that page is told of a child"


def test_who_is_not_signed_in_and_asks_for_what_is_nowhere_writes_nothing(client, village):
    visit = a_visit(an_approved_file(village))
    client.get(f"/nowhere/{visit.pk}/")
    client.get(f"/visits/{visit.pk}/")
    assert not Audit.objects.filter(action="refused").exists()


def test_what_a_phone_handed_over_is_found_under_the_child(clerk, director):
    file = an_approved_file(director.unit)
    item = SyncItem(
        pk=uuid.uuid4(), person=director.person, post=director, device="phone-1", app="1", kind="visit", hash="0" * 64,
        verdict="gone", receipt="3F2K", made_at=timezone.now(), payload=json.dumps({"child": str(file.pk)}),
    )  # fmt: skip
    item.place(file)
    item.save(force_insert=True)
    settle_handed_over(item, by=clerk)
    seal_pending()
    assert "settle_handed_over" in all_about(file)
    item.payload = "{"
    assert item.child_id is None
