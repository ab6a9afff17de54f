"""What tells whether the keys here are those that the database was sealed with."""

from django.db import models


class KeyProof(models.Model):
    """A text that only the key file ``name`` can sign so: from it nobody gets the key."""

    name = models.CharField(max_length=40, primary_key=True)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now_add=True)
