"""All that was done about one child: on its file, and on its visits, papers and changes, which name it."""

import importlib
import uuid

import pytest
from django.apps import apps
from django.db import connection

from childwelfare.pages.searched import Searched
from childwelfare.security.append_only import gate_open
from orgs.audit.filters import AuditFilter
from orgs.audit.models import Audit, AuditChild
from orgs.audit.services import label_of, record_act, seal_pending, verify_chain
from tests.builders import a_visit, an_approved_file

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
