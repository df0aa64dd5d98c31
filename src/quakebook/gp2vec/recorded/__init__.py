"""recorded of the GP2Vec chapter."""
