"""Every error that Vigie raises on purpose, in one tree.

    VigieError
    ├── ConfigurationError      the user's file, options or environment: exit 2
    │   └── UnknownChannelError
    ├── InputError              a file or line that the user gave: exit 1 or 2
    ├── FetchError              one exchange with one site; becomes that feed's or page's result
    │   └── RefusedAddressError a private or otherwise forbidden address
    ├── ParseError              one feed or page that cannot be read; becomes its result
    ├── StoreError              the database cannot be reached or is not at this version
    │   └── NotStoredError      an id that names nothing
    └── DeliveryError           one target's sending; becomes that delivery's result

Messages are French, one line, and say what to do. Anything else that is raised is a bug and stops the run.
"""


class VigieError(Exception):
    """The root: what Vigie expects may go wrong, told in one line."""


class ConfigurationError(VigieError):
    """The configuration is wrong; the message names the key and its file."""


class UnknownChannelError(ConfigurationError):
    """A rule or a command names a channel that is not configured."""


class InputError(VigieError):
    """A file or a line given by the user cannot be read; the message says which."""


class FetchError(VigieError):
    """An exchange over HTTP failed; the message says why, in words."""


class RefusedAddressError(FetchError):
    """The address is private, or its scheme is neither http nor https."""


class ParseError(VigieError):
    """Bytes that are not the feed or the page they should be."""


class StoreError(VigieError):
    """The database cannot be reached, is locked for too long, or is at another version."""


class NotStoredError(StoreError):
    """An id was given that the store does not hold."""


class DeliveryError(VigieError):
    """A message was not accepted by its target; never holds the target's address.

    `retry_after` is the wait that the target asked for, in seconds, if it did.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
