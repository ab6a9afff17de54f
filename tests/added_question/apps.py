"""Gives a visit its columns as soon as the model is there."""

from django.apps import AppConfig
from django.db.models.signals import class_prepared


class AddedQuestionConfig(AppConfig):
    name = "tests.added_question"
    label = "added_question"

    def import_models(self):
        class_prepared.connect(_add_columns)
        super().import_models()


def _add_columns(sender, **_more):
    if sender.__name__ == "Visit":
        from tests.added_question.table import COLUMNS

        for name, column in COLUMNS.items():
            column.contribute_to_class(sender, name)
