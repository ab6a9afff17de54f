"""What access adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from orgs.audit.words import AUDIT_ACTS, Act

METHODS = {
    **dict.fromkeys(("GET", "HEAD", "OPTIONS"), _("查看")),
    **dict.fromkeys(("POST", "PUT", "PATCH"), _("提交")),
    "DELETE": _("去掉"),
}
ANSWERS = {"403": _("没有这项权限"), "404": _("没有找到，或这个岗位看不到")}
AUDIT_ACTS.add(
    Act("refused", _("访问被拒"), codes={"method": METHODS, "answer": ANSWERS}),
    order=20,
    subject=_("登录和账号"),
)
