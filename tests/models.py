"""Which models there are, for tests that ask each of them to be declared somewhere."""

from django.apps import apps
from django.db.models import Model


def models_pointing_to(target: type[Model]) -> dict[str, type[Model]]:
    """{label: model} of all that have a foreign key to ``target``."""
    return {
        model._meta.label: model
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is target
    }
