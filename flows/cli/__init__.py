"""The command line: `vigie`. Thin: each command asks the layers below and shows what they say.

Exit codes: 0 done · 1 done with failures told, or an input that cannot be read · 2 wrong usage or configuration.
Heavy modules (Prefect, the French model, SQLAlchemy) are imported inside the commands that need them.
"""

from flows.cli.application import main

__all__ = ["main"]
