"""E-mail's form: HTML from autoescaped templates that stand beside this module. Pure but for reading them once."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from flows.alerts import french
from flows.alerts.story import Story


@cache
def template(name: str) -> Template:
    """A template of the package; every value that it shows is escaped."""
    environment = Environment(
        loader=PackageLoader("flows.alerts", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"quoted": french.quoted, "capital": french.capital}
    environment.globals |= {"colon": french.COLON, "counted": french.counted}
    return environment.get_template(name)


def alert_html(story: Story) -> str:
    """The HTML of one alert."""
    return template("alert.html.j2").render(story=story)
