"""From addresses that a person gives to feeds: each read once, a site's own feed found."""

import asyncio
from collections.abc import Sequence

from extractors.discovery import Discovery, discover
from extractors.parsing import Workshop
from flows.pipeline_desk import open_web, utc_now
from flows.settings import Settings
from models.records import Feed


def find_feeds(settings: Settings, urls: Sequence[str]) -> tuple[list[Feed], tuple[str, ...]]:
    """The feed to follow for each address, and French words on those that are not what was given.

    An address that does not answer is followed as it is: its server may be down. A page without a feed is not.
    """
    if not urls:
        return [], ()
    feeds: list[Feed] = []
    words: list[str] = []
    for url, found in zip(urls, asyncio.run(_all(settings, urls)), strict=True):
        if found.feeds:
            first, *others = found.feeds
            feeds.append(first)
            if first.url != url:
                words.append(f"trouvé · {first.title or first.url} · {first.url}")
            words += [f"autre flux du site, non suivi · {o.title or o.url} · {o.url}" for o in others]
        elif not found.reached:
            feeds.append(Feed(url=url))
            words.append(f"suivi tel quel · {url} · {found.problem}")
        else:
            words.append(f"refusé · {url} · {found.problem}")
    return feeds, tuple(words)


async def _all(settings: Settings, urls: Sequence[str]) -> list[Discovery]:
    async with open_web(settings) as fetcher, Workshop() as workshop:
        now = utc_now()
        return list(
            await asyncio.gather(*(discover(u, fetcher=fetcher, workshop=workshop, now=now) for u in urls))
        )
