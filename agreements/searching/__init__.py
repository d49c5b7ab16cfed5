"""Words as the search knows them: how text is prepared, what is asked, and what is marked in a hit. Pure."""
