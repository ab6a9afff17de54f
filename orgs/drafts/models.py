"""What somebody has written and not sent yet: kept sealed, for that person alone, in the post it was written in."""

import datetime
import json
import uuid

from django.db import models
from django.utils import timezone

from childwelfare.security.fields import EncryptedTextField

KEEP = datetime.timedelta(days=14)
MAX_DRAFTS = 60  # drafts of one post; the oldest go first
MAX_SENT = 500  # rows of one post that only say what was sent


class FormDraft(models.Model):
    """What one ``page``, an opening of the form ``key`` in some tab of some device, has written: JSON text in ``body``.
    ``count`` tells its savings apart. A post that ended takes its drafts out of sight.

    The row without a page speaks of the form itself. Its ``body`` says of each page up to which count its draft was
    sent, thrown away or taken into another (``seen``): a copy of that which another device or a late request holds is
    not put back.
    ``dropped_at``: when the form was sent last.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("orgs.Person", models.CASCADE, related_name="+")
    # None: written by the version before, which knew no posts here
    post = models.ForeignKey("orgs.Appointment", models.CASCADE, related_name="+", null=True)
    key = models.CharField(max_length=100)
    page = models.CharField(max_length=40, default="", db_default="", blank=True)
    count = models.PositiveBigIntegerField(default=0, db_default=0)
    body = EncryptedTextField(blank=True)
    kept_at = models.DateTimeField(default=timezone.now)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "key", "page"], name="one_draft_per_page")]

    @property
    def seen(self) -> dict[str, int]:
        """{page: count}: of the form's row what was sent or thrown away, of a draft those that are in it."""
        return json.loads(self.body).get("seen", {}) if self.body else {}
