"""What a hash chain alone can't tell: that its end was cut off, or that all of it was made anew. A key and the daily
anchors lie outside the database."""

import stat

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from childwelfare.security import keys
from childwelfare.security.append_only import gate_open
from orgs.audit import anchors, services
from orgs.audit.anchors import anchor_file, problems_of_trail, write_anchor
from orgs.audit.models import Audit, AuditPending, AuditSeal
from orgs.audit.services import record_act, seal_pending, verify_chain
from tests.builders import a_post, a_village

pytestmark = pytest.mark.django_db
TABLES = ("orgs_audit", "orgs_auditseal")


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.CWR_ANCHORS = tmp_path / "anchors"


@pytest.fixture
def trail():
    """Three seals, and an anchor after each of the first two."""
    post = a_post(a_village())
    for number in range(3):
        record_act(post, "view_file", number=number)
        if number < 2:
            write_anchor()
    seal_pending()
    assert problems_of_trail() == []
    return post


def as_owner_of_the_database(*statements):
    """With the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        with gate_open():
            for sql in statements:
                cursor.execute(sql)


def other_key(monkeypatch):
    for module in (services, anchors):
        monkeypatch.setattr(module, "chain_keys", lambda: {1: b"\1" * 32})


def seal_all_anew():
    as_owner_of_the_database(
        "DELETE FROM orgs_auditseal", "UPDATE orgs_audit SET action = 'view_unit' WHERE data <> ''"
    )
    AuditPending.objects.all().delete()
    AuditPending.objects.bulk_create(AuditPending(audit=row) for row in Audit.objects.all())
    seal_pending()


def said_by_verify(*arguments) -> str:
    with pytest.raises(CommandError) as refused:
        call_command("audit_verify", *arguments)
    return str(refused.value)


def test_an_anchor_is_appended_to_a_file_that_only_its_owner_reads(trail):
    assert len(anchor_file().read_text().splitlines()) == 2
    assert stat.S_IMODE(anchor_file().stat().st_mode) == 0o600
    assert list(Audit.objects.filter(action="anchor_audit").values_list("person", flat=True)) == [None, None]
    call_command("audit_verify")


def test_a_tail_that_was_cut_off_is_told(trail):
    second = anchors.known_anchors()[1]
    as_owner_of_the_database(
        f"DELETE FROM orgs_audit WHERE id > {anchors.known_anchors()[0].last}",
        f"DELETE FROM orgs_auditseal WHERE id >= {second.seal}",
    )
    assert verify_chain() is None  # what is left hangs together
    assert "the trail is shorter" in said_by_verify()


def test_an_empty_trail_is_not_fine(trail):
    as_owner_of_the_database("DELETE FROM orgs_audit", "DELETE FROM orgs_auditseal")
    assert verify_chain() is None
    told = said_by_verify()
    assert "everything was removed" in told and "the trail is shorter" in told
    anchor_file().unlink()
    assert "everything was removed" in said_by_verify()


def test_a_trail_that_was_rewritten_and_sealed_anew_without_the_key_is_told(trail, monkeypatch):
    with monkeypatch.context() as without:
        other_key(without)
        seal_all_anew()
    assert "sealed anew without it" in said_by_verify()
    as_owner_of_the_database("UPDATE orgs_auditseal SET mac = '', key = NULL")
    assert "no seal carries the HMAC" in said_by_verify()


def test_one_that_was_sealed_anew_with_the_key_is_told_by_the_anchors(trail):
    seal_all_anew()
    assert verify_chain() is None
    assert "the trail is shorter" in said_by_verify()  # the database numbers seals on
    first, number = anchors.known_anchors()[0].seal, AuditSeal.objects.get().pk
    as_owner_of_the_database(f"UPDATE orgs_auditseal SET id = {first} WHERE id = {number}")
    assert "were rewritten and sealed anew" in said_by_verify()


def test_a_seal_without_the_key_after_one_with_it_is_told(trail):
    last = AuditSeal.objects.order_by("-id").first()
    as_owner_of_the_database(f"UPDATE orgs_auditseal SET mac = '', key = NULL WHERE id = {last.pk}")
    assert "made without the key" in said_by_verify()


def test_a_key_that_is_another_one_or_gone_is_told(trail, monkeypatch):
    with monkeypatch.context() as other:
        other_key(other)
        told = said_by_verify()
        assert "does not fit key 1" in told and "the anchor of" in told
    for module in (services, anchors):
        monkeypatch.setattr(module, "chain_keys", lambda: {2: b"\1" * 32})
    assert "chain-1.key" in said_by_verify()


@pytest.mark.parametrize("removed", ["folder", "line", "changed"])
def test_anchors_that_are_gone_or_changed_are_told(trail, removed):
    lines = anchor_file().read_text().splitlines()
    if removed == "folder":
        anchor_file().unlink()
        anchor_file().parent.rmdir()
        assert "no anchor in" in said_by_verify()
    elif removed == "line":
        anchor_file().write_text(lines[0] + "\n")
        assert "it was removed" in said_by_verify()
    else:
        anchor_file().write_text("\n".join([lines[0].replace('"rows": ', '"rows": 1'), lines[1]]))
        assert "it was changed" in said_by_verify()


def test_a_printed_anchor_tells_what_the_file_does_not(trail, tmp_path, capsys):
    call_command("audit_anchor")
    printed = tmp_path / "printed"
    printed.write_text(capsys.readouterr().out)
    seal_pending()
    call_command("audit_verify", anchors=str(printed))
    last = AuditSeal.objects.order_by("-id")[1]
    as_owner_of_the_database(
        f"DELETE FROM orgs_audit WHERE id > {anchors.known_anchors()[1].last}",
        f"DELETE FROM orgs_auditseal WHERE id >= {last.pk}",
    )
    anchor_file().write_text("\n".join(anchor_file().read_text().splitlines()[:2]))
    with pytest.raises(CommandError, match="the trail is shorter"):
        call_command("audit_verify", anchors=str(printed))


def test_the_anchor_is_mailed_where_an_address_is_set(trail, settings, mailoutbox):
    settings.CWR_ANCHOR_EMAILS = ["auditor@example.gov.cn"]
    assert write_anchor().line() in mailoutbox[0].body


def test_a_chain_of_the_time_before_the_key_is_covered_by_the_first_seal_that_has_one(trail):
    as_owner_of_the_database("UPDATE orgs_auditseal SET mac = '', key = NULL")
    assert verify_chain()
    assert seal_pending() == 1
    assert verify_chain() is None
    as_owner_of_the_database("UPDATE orgs_auditseal SET hash = previous WHERE mac = ''")
    assert verify_chain()


def test_an_installation_gets_the_key_with_the_others(tmp_path):
    assert "chain-1.key" in {path.name for path in keys.make_keys(tmp_path)}
