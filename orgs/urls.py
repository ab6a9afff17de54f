"""Addresses of pages and API resources. Django takes the first pattern that fits."""

from django.urls import path

from orgs.account_requests import views as account_requests
from orgs.account_requests.api import AccountRequestViewSet
from orgs.accounts import views as accounts
from orgs.audit import views as audit
from orgs.drafts import views as drafts
from orgs.holidays import views as holidays
from orgs.holidays.api import HolidayViewSet
from orgs.inbox import views as inbox
from orgs.inbox.api import InboxViewSet
from orgs.publicity import views as publicity
from orgs.publicity.api import PublicityViewSet
from orgs.reorganisation import views as reorganisation
from orgs.reorganisation.api import ReorganisationViewSet
from orgs.review import views as review
from orgs.review.api import ReviewViewSet
from orgs.search import views as search
from orgs.units import views as units
from orgs.units.api import UnitViewSet
from orgs.workbench import views as workbench

urlpatterns = [
    path("", accounts.home, name="home"),
    path("accounts/login/", accounts.sign_in, name="sign-in"),
    path("accounts/logout/", accounts.sign_out, name="sign-out"),
    path("accounts/post/", accounts.choose_post, name="post-choose"),
    path("accounts/password/", accounts.password, name="password"),
    path("accounts/mine/", account_requests.account, name="account"),
    path("accounts/mine/seen/", account_requests.account_seen, name="account-seen"),
    path("accounts/mine/offers/<uuid:pk>/accept/", account_requests.offer_accept, name="offer-accept"),
    path("accounts/mine/offers/<uuid:pk>/decline/", account_requests.offer_decline, name="offer-decline"),
    path("accounts/mine/devices/end/", account_requests.devices_end, name="devices-end"),
    path("accounts/mine/devices/<slug:kind>/<uuid:pk>/end/", account_requests.device_end, name="device-end"),
    path("accounts/mine/digest/", inbox.digest, name="digest"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.inbox_read_all, name="inbox-read-all"),
    path("inbox/<uuid:pk>/", inbox.inbox_open, name="inbox-open"),
    path("inbox/<uuid:pk>/read/", inbox.inbox_read, name="inbox-read"),
    path("search/", search.search, name="search"),
    path("review/", review.review, name="review"),
    path("review/accept/", review.accept_many, name="review-accept-many"),
    path("review/<slug:kind>/<uuid:pk>/", review.review, name="review-case"),
    path("review/<slug:kind>/<uuid:pk>/<slug:action>/", review.decide, name="review-decide"),
    path("workbench/", workbench.workbench, name="workbench"),
    path("drafts/", drafts.draft, name="draft"),
    path("units/", units.unit_list, name="unit-list"),
    path("units/changes/", reorganisation.change_list, name="unit-change-list"),
    path("units/changes/<uuid:pk>/", reorganisation.change_detail, name="unit-change-detail"),
    path("units/changes/<uuid:pk>/cancel/", reorganisation.change_cancel, name="unit-change-cancel"),
    path("units/<uuid:uid>/change/", reorganisation.change_new, name="unit-change-new"),
    path("units/<uuid:uid>/", units.unit_detail, name="unit-detail"),
    path("units/<uuid:uid>/appoint/", units.unit_appoint, name="unit-appoint"),
    path("posts/<uuid:uid>/end/", units.post_end, name="post-end"),
    path("posts/<uuid:uid>/password/", units.password_reset, name="password-reset"),
    path("account-requests/", account_requests.request_list, name="account-request-list"),
    path("account-requests/<uuid:pk>/confirm/", account_requests.request_confirm, name="account-request-confirm"),
    path("account-requests/<uuid:pk>/refuse/", account_requests.request_refuse, name="account-request-refuse"),
    path("account-requests/<uuid:pk>/withdraw/", account_requests.request_withdraw, name="account-request-withdraw"),
    path("audit/", audit.audit_list, name="audit-list"),
    path("audit/table.csv", audit.audit_csv, name="audit-csv"),
    path("publicity/", publicity.publicity_list, name="publicity-list"),
    path("publicity/new/", publicity.publicity_new, name="publicity-new"),
    path("publicity/photos/<uuid:pk>/", publicity.publicity_photo, name="publicity-photo"),
    path("visits/holidays/", holidays.holidays, name="holidays"),
    path("visits/holidays/new/", holidays.holiday_new, name="holiday-new"),
    path("visits/holidays/<int:pk>/remove/", holidays.holiday_remove, name="holiday-remove"),
]


def register(router):
    """Add this app's resources to the API."""
    router.register("units", UnitViewSet, basename="api-unit")
    router.register("unit-changes", ReorganisationViewSet, basename="api-unit-change")
    router.register("reviews", ReviewViewSet, basename="api-review")
    router.register("account-requests", AccountRequestViewSet, basename="api-account-request")
    router.register("publicity", PublicityViewSet, basename="api-publicity")
    router.register("inbox", InboxViewSet, basename="api-inbox")
    router.register("holidays", HolidayViewSet, basename="api-holiday")
