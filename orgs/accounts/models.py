"""Tokens of the API: only a digest is stored."""

import datetime
import hashlib
import secrets

from django.db import models
from django.utils import timezone

LIFETIME = datetime.timedelta(days=30)


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


class ApiTokenManager(models.Manager):
    def issue(self, post) -> str:
        """A new token for ``post``; the only time its text is seen."""
        key = secrets.token_urlsafe(32)
        self.create(post=post, digest=digest(key), expires_at=timezone.now() + LIFETIME)
        return key

    def revoke(self, person) -> None:
        """End every token of ``person``: a password was changed or set."""
        self.filter(post__person=person).delete()

    def live(self, key: str):
        """The token of ``key`` with its post, person and unit, or None when it ended or never was."""
        return (
            self.filter(digest=digest(key), expires_at__gt=timezone.now())
            .select_related("post__person", "post__unit__city", "post__unit__county", "post__unit__township")
            .first()
        )


class ApiToken(models.Model):
    """Opens the API for one post until it expires or the post ends."""

    post = models.ForeignKey("orgs.Appointment", models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    objects = ApiTokenManager()
