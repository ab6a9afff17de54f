"""Who is asking, in which post: one query for both."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user
from django.db import OperationalError
from django.db.models import BigAutoField, DateField
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import localdate

from childwelfare.pages.errors import busy_answer, wants_json
from childwelfare.runtime.database import is_busy
from childwelfare.tables.prepared import Parameter, Prepared
from orgs.access.declarations import demanded_by
from orgs.audit.addressed import is_kept_from, record_addressed
from orgs.audit.readings import record_readings
from orgs.audit.services import record_act
from orgs.posts.models import Appointment

POST_KEY = "post"
# prepared, for each request asks it: putting it together took a tenth of a page
POST = Prepared(
    lambda: (
        Appointment.objects.current(on=Parameter("today", DateField()))
        .with_unit()
        .with_grants()
        .filter(pk=Parameter("post", BigAutoField()), person=Parameter("person", BigAutoField()))
    )
)


def act_in(request: Any, post: Appointment) -> None:
    """From now on the session acts in ``post``, this request too. A new session key with each post."""
    request.session.cycle_key()
    request.session[POST_KEY] = post.pk
    request.post, request.user = post, post.person
    request.user.acting_post = post


class PostMiddleware:
    """Sets ``request.user`` and ``request.post`` (None while no post is chosen, or when it ended).

    The post is read with its person, unit and grants in one query in the place of Django's query of the user; an ended
    appointment loses sight with the next request. Pages of signed-in people and answers of the API, a token among them,
    are never stored on the way. What was read is recorded here, for pages and API alike, and so is what was refused.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.post = None
        post = self._post(request)
        if post:
            request.post, request.user = post, post.person
            request.user.acting_post = post
        else:
            request.user = SimpleLazyObject(lambda: get_user(request))
        response = self.get_response(request)
        try:
            if response.status_code in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND):
                self._record_refusal(request, response.status_code)
            record_readings(request, response)
        except OperationalError as error:
            if not is_busy(error):
                raise
            response = busy_answer(request)
        private = SESSION_KEY in request.session or wants_json(request)
        if private and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
            response["Cache-Control"] += ", private"
        return response

    @staticmethod
    def process_exception(request: Any, exception: Exception) -> None:
        """A page that has its record and misses something in it says 404 without words; a look-up names the record."""
        request.says_missing = isinstance(exception, Http404) and not exception.args

    @staticmethod
    def _record_refusal(request: Any, answer: int) -> None:
        """Pages and API alike; of somebody without a post too. Who is not signed in is asked to, by 302 or 401. That
        something was not found is no refusal, unless it is there: a child's, and kept from the reader."""
        person = request.user if request.post is None and request.user.is_authenticated else None
        if request.post is None and person is None:
            return
        addressed = record_addressed(request)
        if answer == HTTPStatus.NOT_FOUND:
            demanded = () if getattr(request, "says_missing", False) else demanded_by(request)
            if addressed is None or not is_kept_from(request.post, addressed, demanded):
                return
        record = addressed.record if addressed else None
        quoted: dict[str, Any] = {"number": number} if (number := getattr(request, "refusal_number", "")) else {}
        if addressed and addressed.child != addressed.record.pk:
            quoted["child"] = str(addressed.child)
        unit = request.post.unit if request.post else None  # of who was refused: its auditor is to see it
        record_act(
            request.post, "refused", record, unit=unit, person=person,
            path=request.path, method=request.method, answer=int(answer), **quoted,
        )  # fmt: skip

    @staticmethod
    def _post(request: HttpRequest) -> Appointment | None:
        chosen, person = request.session.get(POST_KEY), request.session.get(SESSION_KEY)
        if not (chosen and person):
            return None
        post = next(iter(POST.ask(today=localdate(), post=chosen, person=person)), None)
        if post is None:
            return None
        held = request.session.get(HASH_SESSION_KEY, "")
        if not constant_time_compare(held, post.person.get_session_auth_hash()):
            return None
        return post
