"""Records → figures → text, workbook. Pure: rows come in, words go out."""
