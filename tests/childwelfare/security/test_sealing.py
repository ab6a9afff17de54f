"""Encrypted numbers: unreadable in the database, found by a blind index, bound to their record."""

import uuid

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import connection, transaction

from childwelfare.security.sealing import AES_256_GCM, Unsealable, blind_index, seal, unseal
from registry.child.models import ChildFile
from tests.builders import a_file, a_village

NUMBER = "410199201703150029"


@pytest.mark.parametrize("suite", [1, AES_256_GCM], ids=["SM4", "AES"])
def test_what_is_sealed_opens_only_in_its_place(suite):
    sealed = seal("13800001234", "registry.childfile.phone:1", suite)
    assert unseal(sealed, "registry.childfile.phone:1") == "13800001234"
    with pytest.raises(Unsealable):
        unseal(sealed, "registry.childfile.phone:2")
    with pytest.raises(Unsealable):
        unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]), "registry.childfile.phone:1")


def test_the_same_text_is_sealed_differently_each_time():
    assert seal("x", "a") != seal("x", "a")


def test_a_blind_index_finds_any_typing_and_keeps_kinds_apart():
    assert blind_index("１１ x", "id_number") == blind_index("11X", "id_number") != blind_index("11X", "phone")
    assert blind_index("", "phone") == ""


@pytest.mark.django_db
@pytest.mark.both
def test_the_database_holds_no_number_in_clear():
    file = a_file(a_village())
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number, phone FROM registry_childfile")
        stored = b"".join(bytes(value) for value in cursor.fetchone())
    assert file.id_number.encode() not in stored and b"13800001234" not in stored
    again = ChildFile.objects.get(pk=file.pk)
    assert (again.id_number, again.phone) == (file.id_number, "13800001234")
    assert ChildFile.objects.with_id_number(f" {file.id_number.lower()} ").get() == file


@pytest.mark.django_db
def test_saving_again_keeps_the_ciphertext():
    file = a_file(a_village())
    before = ChildFile.objects.values_list("id_number", flat=True).get()
    again = ChildFile.objects.get(pk=file.pk)
    again.id_number, again.address = file.id_number, "三组"
    again.save()
    assert ChildFile.objects.values_list("id_number", flat=True).get() == before


@pytest.mark.django_db
def test_a_sealed_field_is_not_searched_sorted_or_dumped_in_clear():
    file = a_file(a_village())
    with pytest.raises(FieldError):
        ChildFile.objects.filter(phone="13800001234").exists()
    with pytest.raises(FieldError), transaction.atomic():
        ChildFile.objects.update(phone="13800001234")
    again = ChildFile.objects.get(pk=file.pk)
    assert file.id_number not in serializers.serialize("json", [again])
    assert str(ChildFile.objects.values("phone").get()["phone"]) == "<sealed>"


@pytest.mark.django_db
def test_a_value_moved_to_another_record_does_not_open():
    village = a_village()
    one, other = a_file(village), a_file(village)
    raw = ChildFile.objects.values_list("phone", flat=True).get(pk=one.pk).raw
    with connection.cursor() as cursor:
        key = other.pk if connection.vendor == "postgresql" else uuid.UUID(str(other.pk)).hex
        cursor.execute("UPDATE registry_childfile SET phone = %s WHERE id = %s", [raw, key])
    with pytest.raises(Unsealable):
        _ = ChildFile.objects.get(pk=other.pk).phone
