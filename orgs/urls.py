from django.urls import path

from orgs.views import audit, draft, home, signin, units

urlpatterns = [
    path("", home.home, name="home"),
    path("accounts/login/", signin.sign_in, name="sign-in"),
    path("accounts/logout/", signin.sign_out, name="sign-out"),
    path("accounts/post/", signin.choose_post, name="post-choose"),
    path("accounts/password/", signin.password, name="password"),
    path("drafts/", draft.draft, name="draft"),
    path("units/", units.unit_list, name="unit-list"),
    path("units/<uuid:uid>/", units.unit_detail, name="unit-detail"),
    path("units/<uuid:uid>/appoint/", units.unit_appoint, name="unit-appoint"),
    path("posts/<uuid:uid>/end/", units.post_end, name="post-end"),
    path("posts/<uuid:uid>/password/", units.password_reset, name="password-reset"),
    path("audit/", audit.audit_list, name="audit-list"),
]
