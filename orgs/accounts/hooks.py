"""What accounts add to other concepts."""

from django.utils.translation import gettext_lazy as _

from orgs.accounts import receivers  # noqa: F401  (connected when imported)
from orgs.audit.words import AUDIT_ACTS, Act

DEVICES = {"session": _("浏览器"), "token": _("接口令牌"), "others": _("除现在这台外全部")}
AUDIT_ACTS.add(
    Act("sign_in", _("登录")),
    Act("sign_in_failed", _("登录失败"), names={"number": _("一天内第几次")}),
    Act("sign_out", _("退出")),
    Act("token", _("获取接口令牌")),
    Act("end_device", _("退出其他设备"), codes={"kind": DEVICES}),
    Act("change_password", _("改密码")),
    Act("reset_password", _("重设密码")),
    order=10,
    subject=_("登录和账号"),
)
