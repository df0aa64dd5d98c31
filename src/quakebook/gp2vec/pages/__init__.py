"""pages of the GP2Vec chapter."""
