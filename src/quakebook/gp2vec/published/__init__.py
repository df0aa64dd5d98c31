"""published of the GP2Vec chapter."""
