from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from childwelfare.text.cleaning import check_name
from childwelfare.workflow.refusals import Refused
from orgs.accounts.services import open_account
from orgs.posts.models import Role
from orgs.posts.services import appoint
from orgs.units.models import OrgUnit


class Command(BaseCommand):
    help = (
        "Appoint somebody from the command line: how a new installation gets its first administrator. "
        "A new account's one-time password is printed once."
    )

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("name", help="姓名")
        parser.add_argument("--role", choices=Role.values, default=Role.CITY_ADMIN)
        parser.add_argument("--unit", default="", help="code or name of the unit; the only root if left out")

    def handle(self, *, username, name, role, unit, **options):
        try:
            with transaction.atomic():
                person, password = open_account(username, check_name(name))
                place = self._unit(unit)
                appoint(person, place, role)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{person.name}：{place.path_label}，{Role(role).label}。登录名 {person.username}")
        self.stdout.write(f"初始密码 {password}（只显示这一次，首次登录须修改）" if password else "用原来的密码登录。")

    @staticmethod
    def _unit(text: str) -> OrgUnit:
        units = OrgUnit.objects.current().with_path()
        found = list((units.filter(code=text) or units.filter(name=text)) if text else units.roots())
        if len(found) != 1:
            raise CommandError(
                "还没有载入行政区划，或最高一级不止一个：请用 --unit 写明代码。"
                if not text
                else f"“{text}”对应 {len(found)} 个机构，请用 --unit 写明行政区划代码。"
            )
        return found[0]
