"""scoring of the GP2Vec chapter."""
