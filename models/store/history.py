"""A feed's past, as a backfill finds it: older entries, and how far back each feed was read."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from models.records import Entry
from models.store.base import Doors, batches
from models.store.feeds import columns_of, keep_entries
from models.store.forgetting import Suppressor
from models.store.rows import address_key
from models.tables import ArticleRow, EntryRow, FeedRow, MetaRow


class HistoryDoors(Doors):
    """Older entries and the place to go on from; the place is any text, kept under a name."""

    def history_place(self, name: str) -> str | None:
        """Where to go on with a walk into the past; None where it was not begun."""
        with self.database.reading() as session:
            row = session.get(MetaRow, f"history {name}")
            return row.value if row else None

    def keep_history(self, feed_url: str, entries: Sequence[Entry], name: str, place: str, now: datetime) -> int:
        """Keep older entries of a feed, and the place to go on from, in one transaction; how many are new.

        Entries whose address is known already, under whatever key, are left as they are. 0 where the feed was
        removed.
        """
        with self.database.writing() as session:
            feed_id = session.scalar(select(FeedRow.id).where(FeedRow.url == feed_url).with_for_update())
            if feed_id is None:
                return 0
            session.merge(MetaRow(name=f"history {name}", value=place))
            keys = {address_key(entry.url): entry for entry in entries if entry.url}
            known: set[str | None] = set()
            for some in batches(list(keys)):
                known.update(session.scalars(select(EntryRow.url_key).where(EntryRow.url_key.in_(some))))
                known.update(session.scalars(select(ArticleRow.key).where(ArticleRow.key.in_(some))))
            forgotten = Suppressor.of(session)
            fresh = [columns_of(entry, forgotten, now) for key, entry in keys.items() if key not in known]
            # Seen with the feed's first entries: its past never counts as what it listed since.
            first = session.scalar(select(FeedRow.first_read).where(FeedRow.id == feed_id))
            return keep_entries(session, feed_id, fresh, first or now)
