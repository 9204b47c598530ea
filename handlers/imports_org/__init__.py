"""Tables of units, people and posts into the books: read, checked, compared, written in one transaction."""
