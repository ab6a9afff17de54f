"""What a request carries behind the middleware."""

from django.http import HttpRequest
from rest_framework.request import Request

from orgs.posts.models import Appointment


class PostRequest(HttpRequest):
    """With the post in which its reader acts, behind a declaration that asks for one (``needs``)."""

    post: Appointment


class ApiRequest(Request):
    """The same, as the API's framework passes it on."""

    _request: PostRequest
