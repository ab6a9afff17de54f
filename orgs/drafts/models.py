"""What somebody has written and not sent yet: kept sealed, for that person alone, in the post it was written in."""

import datetime
import uuid

from django.db import models
from django.utils import timezone

from childwelfare.security.fields import EncryptedTextField

KEEP = datetime.timedelta(days=14)
MAX_DRAFTS = 30  # drafts of one post; the oldest go first
MAX_DROPPED = 500  # rows of one post that only say when a form was sent


class FormDraft(models.Model):
    """The values of one form (``key`` as its page names it), as JSON text, with the version of what they were written
    over. A post that ended takes its drafts out of sight.

    ``dropped_at``: when the form was sent, or its draft thrown away: ``body`` says since then only which pages had a
    part in it (``seen``), and a copy that another device or a late request holds from before is old.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("orgs.Person", models.CASCADE, related_name="+")
    # None: written by the version before, which knew no posts here
    post = models.ForeignKey("orgs.Appointment", models.CASCADE, related_name="+", null=True)
    key = models.CharField(max_length=100)
    body = EncryptedTextField(blank=True)
    kept_at = models.DateTimeField(default=timezone.now)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "key"], name="one_draft_per_form_and_post")]
