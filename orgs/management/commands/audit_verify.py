from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from orgs.audit.anchors import anchor_of, known_anchors, problems_of_trail
from orgs.audit.models import AuditPending, AuditSeal


class Command(BaseCommand):
    help = (
        "Verify the audit trail: its hash chain, the key's HMAC of each seal, and every anchor on file; exit 1 and say"
        " what is wrong. --anchors reads lines that were printed or mailed besides."
    )

    def add_arguments(self, parser):
        parser.add_argument("--anchors", help="a file with anchors kept elsewhere, a line each")

    def handle(self, *, anchors, **options):
        try:
            lines = Path(anchors).read_text().splitlines() if anchors else []
            printed = [anchor_of(line) for line in lines if line.strip()]
        except (OSError, ValueError) as error:
            raise CommandError(f"{anchors}：{error}") from None
        if problems := problems_of_trail(printed):
            raise CommandError("操作留痕不可信：\n" + "\n".join(f"- {each}" for each in problems))
        last = AuditSeal.objects.order_by("-id").values_list("hash", flat=True).first()
        told = len(known_anchors()) + len(printed)
        self.stdout.write(
            f"校验链完整，与 {told} 份凭据相符。最后一环 {last}；待封存 {AuditPending.objects.count()} 条。"
        )
