"""Keys that are not the database's: said in words, nothing served, nothing sealed, no new ones made beside them."""

from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection

from childwelfare.security import keys, proofs, sealing
from childwelfare.security.models import KeyProof
from tests.builders import a_village, an_approved_file


@pytest.fixture
def folder(db, settings, tmp_path):
    """The folder of the keys that this database was sealed with."""

    def use(place):
        settings.CWR_KEYS = place
        forget()

    def forget():
        proofs._digests.cache_clear()
        keys.use_none_because_of(["forget"])
        keys.use_none_because_of([])

    KeyProof.objects.all().delete()
    keys.make_keys(tmp_path / "right")
    use(tmp_path / "right")
    proofs.leave_proofs()
    yield use
    KeyProof.objects.all().delete()
    forget()


@pytest.fixture
def other_keys(folder, tmp_path):
    keys.make_keys(tmp_path / "other")
    folder(tmp_path / "other")
    proofs.compare_on_connection(connection=connection)


def test_with_the_keys_of_the_database_all_is_well(folder, client):
    assert proofs.compare_keys() == [] and client.get("/readyz").json()["keys"] == "ok"
    assert {proof.name for proof in KeyProof.objects.all()} == set(keys.FIRST_KEYS)


def test_with_other_keys_pages_say_so_and_nothing_is_sealed(other_keys, client):
    page, api = client.get("/accounts/login/"), client.get("/api/v1/children/")
    assert page.status_code == api.status_code == 503
    assert "密钥与数据库不符" in page.content.decode() and "密钥与数据库不符" in api.json()["detail"]
    for use in (lambda: sealing.seal("1", "a.b.c:1"), lambda: sealing.blind_index("1", "id"), keys.chain_keys):
        with pytest.raises(keys.OtherKeys):
            use()


def test_readyz_check_and_migrate_name_the_files(other_keys, client):
    answer = client.get("/readyz")
    assert answer.status_code == 503 and "field-1.key" in answer.json()["keys"]
    found = [error for error in run_checks(databases=["default"]) if error.id == "childwelfare.E002"]
    assert len(found) == 1 and "field-1.key" in found[0].msg
    with pytest.raises(CommandError, match="field-1.key"):
        proofs.leave_proofs()


def test_the_worker_does_not_begin_with_them(other_keys):
    from childwelfare.celery import refuse_keys_of_another_database

    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit, match="field-1.key"):
        patch.setattr(connection, "close", lambda: None)  # the test's own transaction
        refuse_keys_of_another_database()


def test_the_right_keys_put_back_are_taken_without_a_restart(other_keys, client, settings, tmp_path):
    for name in keys.FIRST_KEYS:
        (tmp_path / "other" / name).write_text((tmp_path / "right" / name).read_text())
    assert client.get("/accounts/login/").status_code == 200
    assert sealing.unseal(sealing.seal("1", "a.b.c:1"), "a.b.c:1") == "1"


def test_a_lost_folder_gets_no_new_keys(folder, tmp_path):
    folder(tmp_path / "empty")
    with pytest.raises(CommandError, match="field-1.key"):
        call_command("make_keys")
    assert not list(Path(tmp_path).glob("empty/*"))


def test_a_database_from_before_the_proofs_gets_none_either(folder, tmp_path):
    an_approved_file(a_village())
    KeyProof.objects.all().delete()
    folder(tmp_path / "empty")
    with pytest.raises(CommandError, match="field-1.key"):
        call_command("make_keys")
    keys.make_keys(tmp_path / "other")
    folder(tmp_path / "other")
    with pytest.raises(CommandError, match="field"):
        proofs.leave_proofs()
    assert not KeyProof.objects.exists()
    folder(tmp_path / "right")
    proofs.leave_proofs()
    assert KeyProof.objects.count() == len(keys.FIRST_KEYS)


def test_a_key_of_a_new_kind_is_made_beside_data(folder, tmp_path):
    (tmp_path / "right" / "chain-1.key").unlink()
    KeyProof.objects.filter(name="chain-1.key").delete()
    folder(tmp_path / "right")
    call_command("make_keys")
    assert (tmp_path / "right" / "chain-1.key").exists() and KeyProof.objects.filter(name="chain-1.key").exists()
