"""The outlets' pages: a story inside the furniture of a news site. Pure."""

import html
import json

from babel.dates import format_datetime

from flows.demo.feeds import Served, plain
from flows.demo.stories import Site, Story

_E = html.escape
# Furniture that looks like news: nothing of it may become an event.
TEASERS = (
    "Le patron de Galipette claque la porte au bout de six mois",
    "Ces dix accessoires à moins de vingt euros",
    "Mirabelle Télécom licencierait 300 personnes",
    "Test : faut-il craquer pour la nouvelle montre ?",
    "Bon plan : moins 40 % sur les casques sans fil",
)
COMMENTS = (
    ("toto75", "Je pense que le PDG va démissionner bientôt…"),
    ("annelise", "Encore un plan social, 2 000 personnes à la rue selon mon beau-frère."),
)


def page(site: Site, story: Story, base: str) -> Served:
    """The page of a story: navigation, cookie banner, byline, teasers of other stories, comments, newsletter."""
    root, title = f"{base}/{site.slug}", _E(plain(story.title))
    body = "".join(f"<p>{_E(p)}</p>" for p in story.paragraphs)
    text = (
        f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{title} - {_E(site.name)}</title>'
        f"{_meta(site, story, root)}</head><body>{_top(site, root)}"
        f'<main><article><h1>{title}</h1><p class="byline">Par {_E(story.author)} - publié le {_when(story)}</p>'
        '<div class="share"><a href="#">Partager</a> <a href="#">Envoyer par courriel</a></div>'
        f'<div class="article-body" itemprop="articleBody">{body}</div>{_paywall(story)}'
        f'<p class="report"><a href="#">Signaler une erreur dans le texte</a></p></article>{_around(root)}</main>'
        f"{_bottom(site)}</body></html>"
    )
    return Served(text.encode(), "text/html; charset=utf-8")


def front(site: Site, base: str) -> Served:
    """The outlet's front page: its headlines."""
    rows = "".join(
        f'<li><a href="{base}/{site.slug}/{s.slug}">{_E(plain(s.title))}</a></li>' for s in site.stories
    )
    text = (
        f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{_E(site.name)}</title></head><body>'
        f"<h1>{_E(site.name)}</h1><p>{_E(site.tagline)}</p><ul>{rows}</ul></body></html>"
    )
    return Served(text.encode(), "text/html; charset=utf-8")


def _meta(site: Site, story: Story, root: str) -> str:
    title = plain(story.title)
    linked = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title,
        "datePublished": story.when.isoformat(),
        "author": {"@type": "Person", "name": story.author},
        "publisher": {"@type": "Organization", "name": site.name},
        "isAccessibleForFree": not story.teaser,
    }
    script = json.dumps(linked, ensure_ascii=False).replace("</", "<\\/")
    return (
        f'<meta property="og:type" content="article"><meta property="og:title" content="{_E(title)}">'
        f'<meta property="og:site_name" content="{_E(site.name)}">'
        f'<meta property="article:published_time" content="{story.when.isoformat()}">'
        f'<link rel="canonical" href="{root}/{story.slug}"><script type="application/ld+json">{script}</script>'
    )


def _when(story: Story) -> str:
    return format_datetime(story.when, "d MMMM y 'à' HH:mm", locale="fr")


def _top(site: Site, root: str) -> str:
    links = "".join(
        f'<li><a href="{root}/">{name}</a></li>' for name in ("Accueil", "Actualités", "Tests", "Emploi")
    )
    return (
        '<div id="cookie-banner"><p>Avec votre accord, nos partenaires et nous utilisons des cookies pour stocker '
        "et consulter des informations personnelles.</p><button>Tout accepter</button>"
        "<button>Continuer sans accepter</button></div>"
        f"<header><p>{_E(site.name)}</p><nav><ul>{links}</ul></nav></header>"
    )


def _paywall(story: Story) -> str:
    if not story.teaser:
        return ""
    return (
        '<div class="paywall"><p>Cet article est réservé aux abonnés. Il vous reste 80 % à lire.</p>'
        "<p>Déjà abonné ? Connectez-vous.</p></div>"
    )


def _around(root: str) -> str:
    teasers = "".join(f'<li><a href="{root}/">{_E(t)}</a></li>' for t in TEASERS)
    comments = "".join(f'<div class="comment"><b>{_E(who)}</b> : {_E(what)}</div>' for who, what in COMMENTS)
    return (
        f"<aside><h3>À lire également</h3><ul>{teasers}</ul></aside>"
        f'<section class="comments" id="comments"><h3>{len(COMMENTS)} commentaires</h3>{comments}</section>'
    )


def _bottom(site: Site) -> str:
    return (
        '<div class="newsletter"><p>Recevez chaque matin notre lettre d\'information.</p></div>'
        f"<footer><p>© {_E(site.name)} - Mentions légales - Gestion des cookies. Média inventé.</p></footer>"
    )
