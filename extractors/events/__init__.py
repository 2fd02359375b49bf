"""Text → mentions: the understanding of French."""
