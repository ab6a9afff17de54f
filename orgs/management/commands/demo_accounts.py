import json

from django.core.management.base import BaseCommand, CommandError

from childwelfare.demo.accounts import demo_accounts


class Command(BaseCommand):
    help = "The demo's accounts: they exist only where the demo was loaded."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true")

    def handle(self, **options):
        accounts = demo_accounts()
        if options["json"]:
            self.stdout.write(json.dumps(accounts, ensure_ascii=False, indent=2))
        elif not accounts:
            raise CommandError("没有载入演示数据。")
        else:
            for account in accounts:
                self.stdout.write("{role:18} {username:14} {password:14} {unit}".format(**account))
