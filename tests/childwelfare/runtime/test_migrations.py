"""An update runs while offices work: no migration after the first ones may lock out or break the version before it."""

import shutil
import sys

import pytest
from django_migration_linter import MigrationLinter

from childwelfare.hooks import APPS
from tests.databases import classes_made_when_needed

pytestmark = pytest.mark.django_db

LATER = """
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]
    operations = [OPERATION]
"""


HARMLESS = [
    "0011_nothing_is_cut",  # a column that only grew: who still writes the shorter text is not hindered
    # unique with a column that the version before leaves empty; the table holds the drafts of two weeks
    "0010_drafts_of_posts",
    "0012_drafts_of_pages",
    "0013_name_nominal_last_days",  # columns of 0011, which comes by the same update: no version in between runs
    "0009_dues_as_known",  # an index made anew with one more column: who still reads finds it slower for a moment
]


def lint(apps=APPS) -> MigrationLinter:
    """Looks at the SQL that PostgreSQL would get from every migration of ``apps`` but the first ones."""
    linter = MigrationLinter(
        include_apps=apps,
        ignore_name=HARMLESS,
        ignore_initial_migrations=True,
        no_cache=True,
        analyser_string="postgresql",
    )
    with classes_made_when_needed():
        linter.lint_all_migrations()
    return linter


def test_no_migration_breaks_the_version_that_still_runs(capsys):
    assert not lint().has_errors, capsys.readouterr().out


@pytest.mark.parametrize(
    "operation, harmful",
    [
        ("migrations.AddField('figure', 'words', models.CharField(max_length=9, null=True))", False),
        ("migrations.AddField('figure', 'words', models.CharField(max_length=9, default=''))", True),
        ("migrations.AddField('figure', 'words', models.CharField(max_length=9, db_default=''))", False),
        ("migrations.RemoveField('figure', 'signature')", True),
        ("migrations.RenameField('figure', 'signature', 'seal')", True),
        ("migrations.AlterField('figure', 'signature', models.TextField())", True),
    ],
)
def test_a_harmful_one_is_found(pytestconfig, tmp_path, monkeypatch, settings, operation, harmful):
    folder = tmp_path / "later_migrations"
    folder.mkdir()
    (folder / "__init__.py").touch()
    shutil.copy(pytestconfig.rootpath / "reports" / "migrations" / "0001_initial.py", folder)
    (folder / "0002_later.py").write_text(LATER.replace("OPERATION", operation))
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.startswith("later_migrations")]:
        monkeypatch.delitem(sys.modules, name)
    settings.MIGRATION_MODULES = {"reports": "later_migrations"}
    linter = lint(["reports"])
    assert (linter.nb_erroneous, linter.nb_valid) == ((1, 0) if harmful else (0, 1))
