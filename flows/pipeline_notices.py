"""Feeds that ail, told to the channels of the rules that ask for it: once a trouble, and once when it is over.

What was told to whom rests in the store, and is noted right after the target accepted the message: a crash between
the two tells it once more. What a target refuses is told with the next cycle.
"""

from collections.abc import Sequence
from datetime import timedelta

from flows.notices import FeedRule, message, notice
from flows.pipeline_desk import Desk
from flows.pipeline_summary import Delivered, Failure
from models.errors import DeliveryError
from models.identity import digest
from models.records import Feed

LEASE = timedelta(minutes=10)
"""One worker tells of feeds at a time."""


def tell_of_feeds(desk: Desk) -> Delivered:
    """Tell the channels of the rules that ask for it which feeds ail, and which no longer do."""
    rules = desk.settings.feed_rules()
    if not rules or not desk.store.lease(["feed notices"], desk.worker, desk.clock(), LEASE):
        return Delivered()
    try:
        feeds, done = desk.store.feeds(), Delivered()
        for rule in rules:
            for channel in rule.channels:
                for target in range(max(1, desk.sender.targets.get(channel, 1))):
                    done += _tell(desk, feeds, rule, channel, target)
        return done
    finally:
        desk.store.release(["feed notices"], desk.worker)


def _tell(desk: Desk, feeds: Sequence[Feed], rule: FeedRule, channel: str, target: int) -> Delivered:
    whom = digest("notice", rule.name, channel, str(target))
    now = desk.clock()
    what = notice(feeds, rule, desk.store.notices(whom), now)
    if not what.marks:
        return Delivered()
    try:
        desk.sender.send(message(what, now), channel, target)
    except DeliveryError as error:
        return Delivered(failures=(Failure(channel, f"{error} ; l’état des flux y sera dit au prochain cycle"),))
    desk.store.keep_notices(whom, what.marks)
    return Delivered(sent=1)
