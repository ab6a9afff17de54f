"""One digest a person a day: counts and kinds, nothing of a child; to nobody who does not want it, tried again where it
failed, and signed where it goes to another system."""

import datetime
import hashlib
import hmac
import http.server
import ipaddress
import json
import ssl
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core import mail
from django.utils import timezone

from childwelfare.jobs.models import Job, JobState
from childwelfare.jobs.services import run
from childwelfare.workflow.refusals import Refused
from orgs.inbox import digest as digests
from orgs.inbox import webhook
from orgs.inbox.digest import choose_digest, send_digests
from orgs.inbox.models import Digest, DigestChoice, Message
from orgs.inbox.services import mark_all_read
from orgs.inbox.webhook import NotTaken, Target, post_signed
from tests.builders import a_post, a_village, an_approved_file, sign_in

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
SECRET = "long-enough-to-sign"


@pytest.fixture
def morning():
    """Five past nine of a day, local time."""
    return timezone.localtime().replace(hour=9, minute=5) + 24 * HOUR


@pytest.fixture
def director(morning):
    post = a_post(a_village())
    file = an_approved_file(post.unit, by=post, name="欧阳小满")
    for n in range(3):
        Message.objects.create(
            kind="file_approved", key=f"d{n}", recipient=post, record=file.pk, sent_at=morning - (5 + n) * HOUR
        )
    return post


def run_all() -> None:
    for job in Job.objects.filter(kind="digest", state=JobState.QUEUED):
        run(job.pk)


def test_off_until_the_installation_sets_a_way(director, morning, client):
    choose_digest(director.person_id, by=director, wanted=True, email="wang@example.gov.cn")
    assert send_digests(morning) == 0 and not Digest.objects.exists()
    sign_in(client, director)
    assert "每日摘要" not in client.get("/accounts/mine/").text
    assert "没有开通每日摘要" in client.get("/accounts/mine/digest/").text


@pytest.mark.both
def test_a_mail_a_day_with_counts_alone(director, morning, settings):
    settings.CWR_DIGEST_MAIL, settings.CWR_ADDRESS = True, "https://registry.example.gov.cn/"
    assert send_digests(morning) == 0, "without an address nobody can be reached"
    choose_digest(director.person_id, by=director, wanted=True, email="wang@example.gov.cn")
    assert send_digests(morning - 2 * HOUR) == 0, "not before its time"
    assert send_digests(morning) == 1
    run_all()
    (sent,) = mail.outbox
    assert sent.to == ["wang@example.gov.cn"] and "3 条未读" in sent.subject and "已建档 3" in sent.body
    assert "https://registry.example.gov.cn/inbox/" in sent.body and "欧阳" not in sent.subject + sent.body
    assert send_digests(morning + HOUR) == 0, "one a day"
    digest = Digest.objects.get()
    assert digest.attempts == 1 and digest.sent_at
    mark_all_read(by=director)
    assert send_digests(morning + 24 * HOUR) == 0, "who has read everything gets none"


def test_what_failed_is_tried_again_and_counted(director, morning, settings, monkeypatch):
    settings.CWR_DIGEST_MAIL = True
    choose_digest(director.person_id, by=director, wanted=True, email="wang@example.gov.cn")

    def refuses(*_given):
        raise OSError("no route to host")

    monkeypatch.setitem(digests.SENDERS, "mail", refuses)
    send_digests(morning)
    run_all()
    digest = Digest.objects.get()
    assert digest.attempts == 1 and digest.sent_at is None
    run_all()  # the sweeper's next look
    Digest.objects.update(tried_at=morning)
    assert send_digests(morning + HOUR / 4) == 0, "its own job is not over yet"
    monkeypatch.undo()
    settings.CWR_DIGEST_MAIL = True
    Job.objects.update(state=JobState.FAILED)
    assert send_digests(morning + 5 * HOUR) == 1
    run_all()
    digest.refresh_from_db()
    assert digest.attempts == 3 and digest.sent_at and len(mail.outbox) == 1
    Digest.objects.update(sent_at=None, attempts=digests.MAX_ATTEMPTS)
    assert send_digests(morning + 10 * HOUR) == 0


def test_a_person_switches_it_off_on_the_account_page(client, director, morning, settings):
    settings.CWR_DIGEST_MAIL = True
    sign_in(client, director)
    assert "/accounts/mine/digest/" in client.get("/accounts/mine/").text
    refused = client.post("/accounts/mine/digest/", {"wanted": "on", "email": "wang"})
    assert refused.status_code == 422 and "邮箱写得不对" in refused.text
    refused = client.post("/accounts/mine/digest/", {"wanted": "on", "email": ""})
    assert refused.status_code == 422 and "请填写邮箱" in refused.text
    client.post("/accounts/mine/digest/", {"wanted": "on", "email": "wang@example.gov.cn"})
    assert send_digests(morning) == 1
    answer = client.post("/accounts/mine/digest/", {"email": "wang@example.gov.cn"}, follow=True)
    assert "不再给您发摘要" in answer.text and not DigestChoice.objects.get().wanted
    run_all()
    assert not mail.outbox, "what was started before is not sent any more"
    assert send_digests(morning + 24 * HOUR) == 0


class Receiver(http.server.BaseHTTPRequestHandler):
    """Keeps what is sent; answers as the test says."""

    got: list = []
    answer = 204

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((self.path, dict(self.headers), body))
        self.send_response(self.answer)
        if self.answer == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_given):
        pass


@pytest.fixture(scope="module")
def other_system(tmp_path_factory):
    """A system on this machine that takes webhooks over https: its address, and who trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(pem + certificate.public_bytes(serialization.Encoding.PEM))
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(path)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.socket = own.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    trusting = ssl.create_default_context(cafile=str(path))
    yield f"https://localhost:{server.server_port}/hook?room=1", trusting
    server.shutdown()


def test_another_system_gets_it_signed(director, morning, settings, monkeypatch, other_system):
    url, trusting = other_system
    settings.CWR_DIGEST_WEBHOOK, settings.CWR_DIGEST_SECRET, settings.CWR_DIGEST_PRIVATE = url, SECRET, True
    monkeypatch.setattr(webhook.ssl, "create_default_context", lambda: trusting)
    Receiver.got.clear()
    send_digests(morning)
    run_all()
    ((path, headers, body),) = Receiver.got
    stamp = headers["X-Registry-Timestamp"]
    signed = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert path == "/hook?room=1" and headers["X-Registry-Signature"] == f"sha256={signed}"
    said = json.loads(body)
    assert said["unread"] == 3 and said["username"] == director.person.username
    assert said["kinds"] == [{"kind": "file_approved", "label": "已建档", "count": 3}] and "欧阳" not in body.decode()


def test_it_goes_nowhere_else(other_system, monkeypatch):
    url, trusting = other_system
    for bad, words in (
        (Target(url.replace("https", "http"), SECRET, True), "https"),
        (Target(url.replace("localhost", "wang:secret@localhost"), SECRET, True), "https"),
        (Target(url, "short", True), "16"),
        (Target(url, SECRET), "内网"),
        (Target("https://169.254.169.254/latest", SECRET), "内网"),
        (Target("https://[::ffff:10.0.0.1]/", SECRET), "内网"),
    ):
        with pytest.raises(Refused, match=words):
            post_signed(bad, b"{}", context=trusting)
    Receiver.got.clear()
    monkeypatch.setattr(Receiver, "answer", 302)
    with pytest.raises(NotTaken, match="302"):
        post_signed(Target(url, SECRET, True), b"{}", context=trusting)
    assert len(Receiver.got) == 1, "nobody is followed elsewhere"
    with pytest.raises(OSError):
        post_signed(Target(url, SECRET, True), b"{}")  # nobody vouches for that certificate
