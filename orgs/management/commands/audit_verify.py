from django.core.management.base import BaseCommand, CommandError

from orgs.audit.models import AuditPending, AuditSeal
from orgs.audit.services import verify_chain


class Command(BaseCommand):
    help = "Verify the hash chain of the audit trail; exit 1 and name the first broken link."

    def handle(self, **options):
        if broken := verify_chain():
            raise CommandError(f"操作留痕的校验链断了：{broken}")
        last = AuditSeal.objects.order_by("-id").values_list("hash", flat=True).first()
        self.stdout.write(
            f"校验链完整。最后一环 {last or '（还没有封存）'}；待封存 {AuditPending.objects.count()} 条。"
        )
