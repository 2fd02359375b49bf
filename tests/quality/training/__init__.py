"""How the encoder and the judge of extractors/events/judging were made: `make train`; README.md tells more."""
