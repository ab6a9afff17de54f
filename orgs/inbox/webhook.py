"""A signed POST to another machine: over https alone, to no private address, following nobody elsewhere."""

import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from childwelfare.workflow.refusals import Refused

TIMEOUT = 10  # seconds
TIMESTAMP, SIGNATURE = "X-Registry-Timestamp", "X-Registry-Signature"


class NotTaken(Exception):
    """The other side answered, and not by 2xx."""


@dataclass(frozen=True)
class Target:
    """``secret`` signs; ``private``: the address may lie in the own network."""

    url: str
    secret: str
    private: bool = False

    def problem(self) -> str:
        """What is wrong with it as it was configured, in words; blank where nothing is."""
        parts = urlsplit(self.url)
        if parts.scheme != "https" or not parts.hostname or parts.username or parts.password:
            return _("推送地址须是 https:// 开头、不带账号的完整地址。")
        if len(self.secret) < 16:
            return _("推送的签名密钥至少 16 个字符。")
        return ""


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 of ``timestamp``, a dot and the body: who receives it refuses what is old or was altered."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def post_signed(target: Target, body: bytes, *, context: ssl.SSLContext | None = None) -> None:
    """Send ``body``, JSON. Raises Refused where the target must not be called, NotTaken for any answer but 2xx (one
    that leads elsewhere among them), OSError where nobody answers in time. ``context``: whom the connection trusts."""
    if problem := target.problem():
        raise Refused(problem)
    parts = urlsplit(target.url)
    host, port = parts.hostname or "", parts.port or 443
    address = _address_of(host, port, private=target.private)
    timestamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        TIMESTAMP: timestamp,
        SIGNATURE: f"sha256={signature(target.secret, timestamp, body)}",
    }
    connection = _ToAddress(host, port, address=address, context=context or ssl.create_default_context())
    try:
        path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        connection.request("POST", path, body, headers)
        status = connection.getresponse().status
    except http.client.HTTPException as error:
        raise NotTaken(str(error)) from error
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise NotTaken(f"{status}")


class _ToAddress(http.client.HTTPSConnection):
    """Connects to the address that was judged, whatever the name leads to a moment later."""

    def __init__(self, host: str, port: int, *, address: str, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=TIMEOUT, context=context)
        self._address, self._trust = address, context

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), TIMEOUT)
        self.sock = self._trust.wrap_socket(plain, server_hostname=self.host)


def _address_of(host: str, port: int, *, private: bool) -> str:
    """The address behind ``host``; all of them have to be public ones unless ``private`` ones are allowed."""
    found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not private and not all(map(_is_public, found)):
        raise Refused(_("推送地址在内网，没有推送。确实要用内网地址的，请设 CWR_DIGEST_PRIVATE=1。"))
    return found[0]


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    within = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None) or found
    return within.is_global and not within.is_multicast
