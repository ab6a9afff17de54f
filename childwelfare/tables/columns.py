"""The columns of a model by their names."""

from typing import Any

from django.db.models import Field, Model


def column_of(model: type[Model], name: str) -> "Field[Any, Any]":
    """The field ``name``, a column of ``model`` itself. Raises FieldDoesNotExist."""
    column = model._meta.get_field(name)
    assert isinstance(column, Field), name  # a relation back to the model is no column
    return column
