"""What a request carries behind the middleware."""

from django.http import HttpRequest

from orgs.posts.models import Appointment


class PostRequest(HttpRequest):
    """With the post in which its reader acts, behind a declaration that asks for one (``needs``)."""

    post: Appointment
