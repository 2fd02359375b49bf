"""How meaning is found: fetching, feeds, articles, events, stories. Imports models only."""
