"""Tells people what is to be complained of, by webhook or mail: each complaint once, and once that it is over."""

import json
import logging
import os
import smtplib
import ssl
import urllib.request
from collections.abc import Iterable, Mapping
from email.message import EmailMessage
from typing import Any

from archiver.bucket import Place
from archiver.errors import ArchiverError
from archiver.files import refusals, write_whole
from archiver.health import Complaint

logger = logging.getLogger(__name__)
SECONDS = 20
"""To wait for a server."""
WEBHOOK, TOKEN, PASSWORD = "ARCHIVER_WEBHOOK", "ARCHIVER_WEBHOOK_TOKEN", "ARCHIVER_SMTP_PASSWORD"
"""Environment variables: an address that is a secret itself; what the webhook wants as bearer; of the mail's user."""
TLS_FROM_THE_START = 465


class NotifyError(ArchiverError):
    """A message could not be sent; names the server and the reason, not the secret."""


class Notifier:
    """`settings` is `notify` of `archiver.yaml`; what was told is kept in `OUTPUT/.archiver/told.json`."""

    def __init__(self, settings: Mapping[str, Any], output: Place) -> None:
        self.webhook: str = os.environ.get(WEBHOOK) or settings.get("webhook", "")
        self.smtp: Mapping[str, Any] | None = settings.get("smtp")
        self.file = output / ".archiver" / "told.json"

    def tell(self, complaints: Iterable[Complaint]) -> None:
        """Sends what is new, and what is over, since the last time. Raises NotifyError or MachineError.

        What could not be sent is tried again the next time.
        """
        if not self.webhook and self.smtp is None:
            return
        now = {f"{complaint.subject} {complaint.kind}": str(complaint) for complaint in complaints}
        before: dict[str, str] = self.told()
        new = [text for key, text in now.items() if key not in before]
        over = [text for key, text in before.items() if key not in now]
        if not new and not over:
            return
        subject = f"archiver: {new[0] if new else f'over: {over[0]}'}"
        if self.webhook:
            self.post({"text": "\n".join([*new, *(f"over: {text}" for text in over)]), "new": new, "over": over})
        if self.smtp is not None:
            self.mail(self.smtp, subject, "\n".join([*new, *(f"over: {text}" for text in over)]))
        with refusals(self.file):
            write_whole(self.file, json.dumps(now, ensure_ascii=False, indent=1).encode(), is_safe=False)

    def told(self) -> dict[str, str]:
        """What was told the last time and may go on."""
        try:
            found = json.loads(self.file.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def post(self, values: Mapping[str, Any]) -> None:
        """Sends a JSON object to the webhook; `text` is what Slack, Mattermost and their like show."""
        headers = {"Content-Type": "application/json"}
        if token := os.environ.get(TOKEN):
            headers["Authorization"] = f"Bearer {token}"
        host = self.webhook.partition("://")[2].partition("/")[0].rpartition("@")[2]
        try:
            if not self.webhook.startswith(("http://", "https://")):
                raise ValueError("expected http:// or https://")
            request = urllib.request.Request(self.webhook, json.dumps(values).encode(), headers)  # noqa: S310
            with urllib.request.urlopen(request, timeout=SECONDS):  # noqa: S310
                logger.info("told %s", host)
        except (OSError, ValueError) as error:
            raise NotifyError(f"webhook at {host}: {getattr(error, 'reason', error)}") from error

    def mail(self, smtp: Mapping[str, Any], subject: str, text: str) -> None:
        """Sends a mail; encrypted where the server can, and before any password."""
        message = EmailMessage()
        message["Subject"], message["From"], message["To"] = subject, smtp["from"], smtp["to"]
        message.set_content(text)
        port = smtp.get("port", 587)
        try:
            with connect(smtp["host"], port) as server:
                if smtp.get("user"):
                    server.login(smtp["user"], os.environ.get(PASSWORD, ""))
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise NotifyError(f"mail server {smtp['host']}:{port}: {error}") from error


def connect(host: str, port: int) -> smtplib.SMTP:
    """A connection to a mail server, with TLS; without only to this machine. Raises OSError or SMTPException."""
    context = ssl.create_default_context()
    if port == TLS_FROM_THE_START:
        return smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
    server = smtplib.SMTP(host, port, timeout=SECONDS)
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls(context=context)
        server.ehlo()
    elif host not in ("localhost", "127.0.0.1", "::1"):
        server.close()
        raise smtplib.SMTPException("the server offers no encryption")
    return server
