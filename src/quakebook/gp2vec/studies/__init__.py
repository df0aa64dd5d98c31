"""studies of the GP2Vec chapter."""
