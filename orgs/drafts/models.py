"""What somebody has written and not sent yet: kept sealed, for that person alone."""

import datetime
import uuid

from django.db import models
from django.utils import timezone

from childwelfare.security.fields import EncryptedTextField

KEEP = datetime.timedelta(days=14)
MAX_DRAFTS = 30  # drafts of one person; the oldest go first


class FormDraft(models.Model):
    """The values of one form (``key`` as its page names it), as JSON text."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("orgs.Person", models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    body = EncryptedTextField()
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="one_draft_per_form_and_person")]
