"""Accounts, and where they are signed in: browsers' sessions, and tokens of the API, of which only a digest is kept."""

import datetime
import hashlib
import secrets
import uuid
from importlib import import_module

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from orgs.posts.models import Appointment

LIFETIME = datetime.timedelta(days=30)
USED_TO_THE = datetime.timedelta(minutes=10)  # so exact is the last use: not a write for each request


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


class ApiTokenManager(models.Manager["ApiToken"]):
    def issue(self, post: Appointment, device: str = "", *, person: "Person | None" = None) -> str:
        """A new token for ``post``; the only time its text is seen. ``person``: as read when the password was checked;
        where it was changed since, the token opens nothing."""
        key, expires_at = secrets.token_urlsafe(32), timezone.now() + LIFETIME
        auth_hash = (person or post.person).get_session_auth_hash()
        self.create(post=post, device=device, digest=digest(key), auth_hash=auth_hash, expires_at=expires_at)
        return key

    def revoke(self, person: "Person") -> None:
        """End every token of ``person``: a password was changed or set."""
        self.filter(post__person=person).delete()

    def note_use(self, token: "ApiToken") -> None:
        """Remember when it was last used, to ten minutes."""
        now = timezone.now()
        if token.used_at is None or token.used_at < now - USED_TO_THE:
            self.filter(pk=token.pk).update(used_at=now)

    def live(self, key: str) -> "ApiToken | None":
        """The token of ``key`` with its post, person and unit, or None when it ended or never was: with the password
        too that it was given for, as a browser's session does."""
        token = (
            self.filter(digest=digest(key), expires_at__gt=timezone.now())
            .select_related("post__person", "post__unit__city", "post__unit__county", "post__unit__township")
            .first()
        )
        return token if token and token.is_of_this_password() else None


class ApiToken(models.Model):
    """Opens the API for one post until it expires or the post ends."""

    post = models.ForeignKey("orgs.Appointment", models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    device = models.CharField(max_length=60, blank=True, default="", db_default="")
    # of the person, as of sessions; one without, which the version before wrote during an update, opens nothing
    auth_hash = models.CharField(max_length=64, blank=True, editable=False, default="", db_default="")
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    objects = ApiTokenManager()

    @property
    def uid(self) -> uuid.UUID:
        """Names it on pages: the beginning of the digest."""
        return uuid.UUID(hex=self.digest[:32])

    def is_of_this_password(self) -> bool:
        """Also under a key of the server before this one (SECRET_KEY_FALLBACKS)."""
        person = self.post.person
        valid = [person.get_session_auth_hash(), *person.get_session_auth_fallback_hash()]
        return any(constant_time_compare(self.auth_hash, each) for each in valid)


class Person(AbstractUser):
    """A member of staff who signs in. What it may do comes from its appointments alone."""

    first_name = last_name = None  # type: ignore[assignment]  # how Django leaves fields of a base out
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("姓名"), max_length=50)
    phone = models.CharField(_("工作电话"), max_length=20, blank=True)
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=False)
    # changes when the person signs out everywhere; "" until then
    sign_out_mark = models.CharField(max_length=32, blank=True, editable=False, default="", db_default="")

    class Meta:
        verbose_name = _("工作人员")

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def sign_out_everywhere(self) -> None:
        """No session and no token of today opens anything from now on, one that is just being written included."""
        self.sign_out_mark = secrets.token_hex(16)
        Person.objects.filter(pk=self.pk).update(sign_out_mark=self.sign_out_mark)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Of the password, as Django's, and of the last signing out everywhere. Each request compares it."""
        key_salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
        return salted_hmac(key_salt, self.password + self.sign_out_mark, secret=secret, algorithm="sha256").hexdigest()


class DeviceSession(AbstractBaseSession):
    """A browser that is signed in; nobody's until then. ``uid`` names it on pages, for the key itself opens it."""

    uid = models.UUIDField(unique=True, editable=False)
    person = models.ForeignKey("orgs.Person", models.CASCADE, null=True, related_name="+")
    device = models.CharField(max_length=60, blank=True)
    since = models.DateTimeField()
    used_at = models.DateTimeField()

    class Meta:
        verbose_name = _("登录")

    @classmethod
    def get_session_store_class(cls) -> type:
        store: type = import_module(settings.SESSION_ENGINE).SessionStore
        return store
