"""Who may start scheduled tasks now."""

from datetime import timedelta

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone


class BeatLeaseManager(models.Manager):
    def take(self, name: str, holder: str, lasts: timedelta) -> bool:
        """Take or renew the lease ``name``; False while somebody else holds it. One UPDATE, so two never both win."""
        now = timezone.now()
        mine = self.filter(Q(holder=holder) | Q(until__lt=now), name=name)
        if mine.update(holder=holder, until=now + lasts):
            return True
        if self.filter(name=name).exists():
            return False
        try:
            with transaction.atomic():
                self.create(name=name, holder=holder, until=now + lasts)
            return True
        except IntegrityError:  # another beat made the row first
            return False

    def release(self, name: str, holder: str):
        """Let the next one in at once."""
        self.filter(name=name, holder=holder).update(until=timezone.now())


class BeatLease(models.Model):
    """A named right that ends by itself; its ``until`` also tells when a beat was last alive."""

    BEAT = "beat"

    name = models.CharField(max_length=20, primary_key=True)
    holder = models.CharField(max_length=120)
    until = models.DateTimeField()

    objects = BeatLeaseManager()
