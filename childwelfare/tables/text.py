"""Texts of many rows in one, on both engines."""

from typing import Any

from django.db.models import Aggregate, TextField


class JoinedText(Aggregate):
    """The texts of a group with commas between them, in any order; NULL where there is none."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple:
        template = "STRING_AGG(%(expressions)s::text, ',')"
        return self.as_sql(compiler, connection, template=template, **context)
