"""E-mail: apprise reads the address; we write the letter, for its Message-ID and its text part."""

import smtplib
import ssl
from contextlib import suppress
from datetime import UTC, datetime
from email import policy
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr
from typing import Any

from flows.alerts.hushed import hushed
from models.errors import DeliveryError
from models.events import Message

IMAGE = "graphique"
WIRE = policy.compat32.clone(linesep="\r\n")  # smtplib mends the line ends of text, not those of bytes


def letter(message: Message, sender: tuple[str, str], to: tuple[str, str], at: datetime) -> MIMEBase:
    """The e-mail of a message. Its Message-ID is the message's: sent twice, it is seen to be one.

    Written with the older half of the standard library: the newer one loses spaces between encoded words of a long
    subject (Python 3.11: "périmètre précisé" arrives as "périmètreprécisé").
    """
    domain = sender[1].rpartition("@")[2] or "localhost"
    mail = _body(message)
    mail["Subject"] = Header(message.subject, "utf-8", header_name="Subject").encode()
    mail["From"] = formataddr(sender, charset="utf-8")
    mail["To"] = formataddr(to, charset="utf-8")
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{message.id}@{domain}>"
    if message.in_reply_to:
        mail["In-Reply-To"] = mail["References"] = f"<{message.in_reply_to}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday answers, please
    mail["X-Application"] = "Vigie"
    return mail


def _body(message: Message) -> MIMEBase:
    """The text, with the HTML as its richer alternative and the image within that."""
    text = MIMEText(message.text, "plain", "utf-8")
    if not message.html:
        return text
    html: MIMEBase = MIMEText(message.html, "html", "utf-8")
    if message.image:
        image = MIMEImage(message.image, "png")
        image["Content-ID"] = f"<{IMAGE}>"
        image["Content-Disposition"] = 'inline; filename="graphique.png"'
        html = MIMEMultipart("related", _subparts=[html, image])
    return MIMEMultipart("alternative", _subparts=[text, html])


def send_mail(plugin: Any, message: Message, timeout: float) -> None:
    """Send a message to the one recipient of an apprise e-mail address, with its server, login and TLS mode.

    Raises DeliveryError, which names neither recipient nor server.
    """
    ((name, address),) = plugin.targets
    mail = letter(
        message, (plugin.from_addr[0] or "Vigie", plugin.from_addr[1]), (name or "", address), datetime.now(UTC)
    )
    if plugin.reply_to:
        mail["Reply-To"] = ", ".join(sorted(plugin.reply_to))
    with hushed():
        try:
            _submit(plugin, mail, address, timeout)
        except (TimeoutError, smtplib.SMTPServerDisconnected) as error:
            # smtplib tells a time-out in the middle of a conversation as a connection that was closed.
            late = isinstance(error, TimeoutError) or "timed out" in str(error)
            words = f"n'a pas répondu en {timeout:g} s" if late else "a coupé la connexion"
            raise DeliveryError(f"le serveur de courrier {words}") from None
        except smtplib.SMTPAuthenticationError:
            raise DeliveryError(
                "le serveur de courrier refuse le mot de passe, vérifier l'adresse du canal"
            ) from None
        except smtplib.SMTPResponseException as error:
            raise DeliveryError(f"le serveur de courrier répond {error.smtp_code}") from None
        except smtplib.SMTPRecipientsRefused as error:
            codes = sorted({code for code, _ in error.recipients.values()})
            raise DeliveryError(f"le serveur de courrier refuse un destinataire ({codes[0]})") from None
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise DeliveryError(f"serveur de courrier injoignable ({type(error).__name__})") from None


def _submit(plugin: Any, mail: MIMEBase, recipient: str, timeout: float) -> None:
    """One conversation with the server, in the TLS mode of the address."""
    context = ssl.create_default_context()
    if not plugin.verify_certificate:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    mode = str(getattr(plugin.secure_mode, "value", plugin.secure_mode))
    secured = mode == "ssl"
    server = (
        smtplib.SMTP_SSL(plugin.smtp_host, plugin.port, timeout=timeout, context=context)
        if secured
        else smtplib.SMTP(plugin.smtp_host, plugin.port, timeout=timeout)
    )
    try:
        if mode == "starttls":
            server.starttls(context=context)
        if plugin.user and plugin.password:
            server.login(plugin.user, plugin.password)
        server.sendmail(plugin.from_addr[1], [recipient], mail.as_bytes(policy=WIRE))
    finally:
        with suppress(
            smtplib.SMTPException, OSError
        ):  # the letter's fate is known: a rude good-bye changes nothing
            server.quit()
