"""data of the GP2Vec chapter."""
