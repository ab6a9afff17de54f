"""The audit trail: written with the act, sealed into a chain, proof against quiet changes."""

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from childwelfare.security.append_only import gate_open, guarded_tables, install_guards, missing_guards
from orgs.audit.models import Audit, AuditPending, AuditSeal
from orgs.audit.services import record_act, seal_pending, verify_chain
from registry.child.models import ChildFileEvent
from tests.builders import a_file, a_post, a_village, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture(autouse=True)
def _anchors(settings, tmp_path):
    settings.CWR_ANCHORS = tmp_path / "anchors"


@pytest.fixture
def trail():
    post = a_post(a_village())
    for number in range(6):
        record_act(post, "view_file", unit=post.unit, number=number)
    return post


def test_a_sealed_chain_holds(trail):
    assert seal_pending() == 7  # with the appointment itself
    record_act(trail, "reveal")
    assert seal_pending() == 1
    assert verify_chain() is None
    assert not AuditPending.objects.exists()
    call_command("audit_anchor")
    call_command("audit_verify")


def test_every_row_is_shown_once_its_seal_is_verified_and_those_that_wait_at_the_end(trail):
    """Many small seals are read a few queries at a time, in the order of sealing."""
    for number in range(3):
        seal_pending()
        record_act(trail, "reveal", number=number)
    seen = []
    assert verify_chain(seen.append) is None
    assert [row["action"] for row in seen][1:] == ["view_file"] * 6 + ["reveal"] * 3
    assert [row["id"] for row in seen] == list(Audit.objects.order_by("id").values_list("pk", flat=True))


def tamper(sql, *params):
    """As the owner of the database could, with the triggers off."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER orgs_audit_only_upd")
            cursor.execute("DROP TRIGGER IF EXISTS orgs_auditseal_only_upd")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE orgs_audit DISABLE TRIGGER USER")
            cursor.execute("ALTER TABLE orgs_auditseal DISABLE TRIGGER USER")
        with gate_open():
            cursor.execute(sql, params)


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("UPDATE orgs_audit SET action = 'view_unit' WHERE id = %s", "was changed"),
        ("DELETE FROM orgs_audit WHERE id = %s", "was removed"),
    ],
)
def test_a_changed_or_removed_row_is_found(trail, sql, says):
    seal_pending()
    tamper(sql, Audit.objects.filter(action="view_file").first().pk)
    assert says in verify_chain()
    with pytest.raises(CommandError):
        call_command("audit_verify")


def test_a_removed_seal_is_found(trail):
    seal_pending()
    record_act(trail, "reveal")
    seal_pending()
    tamper("DELETE FROM orgs_auditseal WHERE id = %s", AuditSeal.objects.order_by("id").first().pk)
    assert verify_chain()


def test_a_row_slipped_in_is_found(trail):
    seal_pending()
    Audit.objects.create(at="2026-01-01T00:00:00", action="view_file")
    assert "neither sealed nor waiting" in verify_chain()


def test_the_database_refuses_to_change_what_was_done(trail):
    for change in (
        lambda: Audit.objects.update(action="x"),
        lambda: Audit.objects.all().delete(),
        lambda: ChildFileEvent.objects.update(reason="x"),
    ):
        a_file(trail.unit, by=trail)
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_every_append_only_table_is_guarded_and_the_check_says_when_not():
    assert {"orgs_audit", "orgs_auditseal", "registry_childfileevent", "visits_visitevent"} <= set(guarded_tables())
    assert missing_guards() == []
    with connection.cursor() as cursor:
        table = "" if connection.vendor == "sqlite" else " ON orgs_audit"
        name = "orgs_audit_only_upd" if connection.vendor == "sqlite" else "orgs_audit_only_row"
        cursor.execute(f"DROP TRIGGER {name}{table}")
    assert missing_guards() == [name]
    install_guards()
    assert missing_guards() == []


def test_opening_a_file_and_showing_a_number_leave_a_trace(client):
    post = a_post(a_village())
    file = a_file(post.unit, by=post)
    sign_in(client, post)
    client.get(f"/children/{file.pk}/")
    shown = client.post(f"/children/{file.pk}/reveal/", {"field": "id_number"})
    assert file.id_number in shown.text
    trail = Audit.objects.filter(record=f"registry.childfile:{file.pk}").order_by("id")
    assert list(trail.values_list("action", "person"))[-2:] == [
        ("view_file", post.person_id),
        ("reveal", post.person_id),
    ]
    assert file.id_number not in "".join(Audit.objects.values_list("data", flat=True))


def test_the_act_and_its_trace_stand_or_fall_together():
    post = a_post(a_village())
    before = Audit.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        record_act(post, "view_file")
        raise RuntimeError
    assert Audit.objects.count() == before
