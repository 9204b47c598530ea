"""Records as people write them: for every kind of the contract a strategy that draws a record and its spellings."""
