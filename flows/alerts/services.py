"""What we use of apprise, imported in one place because importing it warns."""

import warnings
from typing import Any

with warnings.catch_warnings():
    # Its e-mail plug-in looks for PGPy, which wants `imghdr`: gone from Python 3.13, and nothing to us.
    warnings.simplefilter("ignore", DeprecationWarning)
    import apprise
    from apprise.manager_plugins import NotificationManager
    from apprise.plugins.email.base import NotifyEmail
    from apprise.plugins.slack import NotifySlack, SlackMode

__all__ = ["NotifyEmail", "NotifySlack", "SlackMode", "apprise", "schemes"]


def schemes() -> frozenset[str]:
    """The beginnings of address that apprise knows; reads all its services, which takes a second."""
    manager: Any = NotificationManager  # it has no annotations
    return frozenset(manager().schemas())
