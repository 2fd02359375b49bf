"""When, and in which order: the only folder that knows Prefect, and apprise."""
