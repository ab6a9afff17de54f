from django.core.management.base import BaseCommand, CommandError

from orgs.audit.anchors import write_anchor


class Command(BaseCommand):
    help = (
        "Write an anchor of the audit trail and print its line: keep it where the operator of the server can't reach."
    )

    def handle(self, **options):
        anchor = write_anchor()
        if anchor is None:
            raise CommandError("操作留痕还是空的，没有可写的凭据。")
        self.stdout.write(anchor.line())
