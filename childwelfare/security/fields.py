"""Encrypted model fields and the blind indexes beside them."""

import base64
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query_utils import DeferredAttribute

from childwelfare.security.sealing import blind_index, seal, unseal


class Sealed:
    """Ciphertext as it lies in the database; prints nothing of its content."""

    __slots__ = ("raw",)

    def __init__(self, raw: bytes) -> None:
        self.raw = bytes(raw)

    def __str__(self) -> str:
        return "<sealed>"

    __repr__ = __str__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and self.raw == other.raw

    def __hash__(self) -> int:
        return hash(self.raw)


class SealedAttribute(DeferredAttribute):
    """Opens the value at first access, and keeps the old ciphertext when the same text is written again."""

    field: "EncryptedTextField"

    def __get__(self, instance: models.Model | None, owner: type | None = None) -> Any:
        if instance is None:
            return self
        value = super().__get__(instance, owner)
        if not isinstance(value, Sealed):
            return value or ""
        opened = instance.__dict__.setdefault("_opened", {})
        if opened.get(self.field.attname, (None,))[0] is not value:
            opened[self.field.attname] = (value, unseal(value.raw, self.field.context(instance)))
        return opened[self.field.attname][1]

    def __set__(self, instance: models.Model, value: Any) -> None:
        name = self.field.attname
        held = instance.__dict__.get(name)
        if isinstance(held, Sealed) and isinstance(value, str) and value == self.__get__(instance):
            return
        instance.__dict__[name] = value


class EncryptedTextField(models.BinaryField):
    """A short text, sealed for its field and record (``id``, a UUID that is there before the first save).

    Read and written as str; "" is stored as NULL. It can't be filtered, sorted or updated in SQL: only ``isnull``
    is allowed, and a BlindIndexField beside it finds equal values.
    """

    descriptor_class = SealedAttribute
    description = "Encrypted text"
    # what the checker takes the attribute for
    _pyi_private_set_type: str
    _pyi_private_get_type: str  # type: ignore[assignment]  # the base holds bytes

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        kwargs |= {"null": True, "blank": True, "editable": kwargs.get("editable", True)}
        super().__init__(*args, **kwargs)
        self.label = label

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        # fixed at the first model: a copy of the field (history) opens the same values
        self.label = self.label or f"{cls._meta.label_lower}.{name}"

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        for given in ("null", "blank", "editable"):
            kwargs.pop(given, None)
        return name, path, args, kwargs | {"label": self.label}

    def context(self, instance: Any) -> str:
        return f"{self.label}:{instance.id}"

    def from_db_value(self, value: bytes | None, expression: Any, connection: BaseDatabaseWrapper) -> Sealed | None:
        return None if value is None else Sealed(value)

    def to_python(self, value: Any) -> Any:
        return value

    def pre_save(self, instance: models.Model, add: bool) -> Sealed | None:
        held = instance.__dict__.get(self.attname)
        if isinstance(held, Sealed):
            return held
        if not held:
            return None
        sealed = Sealed(seal(held, self.context(instance)))
        instance.__dict__[self.attname] = sealed
        # a blind index beside it reads the text next: it need not be opened for that
        instance.__dict__.setdefault("_opened", {})[self.attname] = (sealed, held)
        return sealed

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        if value is None or isinstance(value, Sealed):
            return None if value is None else super().get_db_prep_value(value.raw, connection, prepared)
        raise FieldError(f"{self.label} is encrypted: save the record, do not update or filter it in SQL.")

    def get_lookup(self, name: str) -> Any:
        if name != "isnull":
            raise FieldError(f"{self.label} is encrypted: only isnull can be asked; use its blind index.")
        return super().get_lookup(name)

    def value_to_string(self, obj: models.Model) -> str:
        held = obj.__dict__.get(self.attname)
        return base64.b64encode(held.raw).decode() if isinstance(held, Sealed) else ""

    def formfield(self, **kwargs: Any) -> None:
        return None


class BlindIndexField(models.CharField):
    """The blind index of the field ``source``; computed whenever the record is saved.

    ``label`` joins the indexes of several fields that hold the same kind of number (two phones find each other).
    """

    def __init__(self, *args: Any, source: str, label: str, **kwargs: Any) -> None:
        kwargs |= {"max_length": 32, "blank": True, "editable": False, "default": ""}
        super().__init__(*args, **kwargs)
        self.source, self.label = source, label

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        for given in ("max_length", "blank", "editable", "default"):
            kwargs.pop(given, None)
        return name, path, args, kwargs | {"source": self.source, "label": self.label}

    def pre_save(self, instance: models.Model, add: bool) -> str:
        value = blind_index(getattr(instance, self.source), self.label)
        setattr(instance, self.attname, value)
        return value
