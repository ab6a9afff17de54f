"""Gives the guardian its column as soon as the model is there."""

from django.apps import AppConfig
from django.db.models.signals import class_prepared


class AddedFieldConfig(AppConfig):
    name = "tests.added_field"
    label = "added_field"

    def import_models(self):
        class_prepared.connect(_add_work)
        super().import_models()


def _add_work(sender, **_more):
    if sender.__name__ == "Guardian":
        from tests.added_field.models import WORK

        WORK.contribute_to_class(sender, "work")
