"""Companies and supplies: surveys, needs, what came, who gets how much of it, and who signed for it."""
