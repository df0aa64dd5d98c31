"""networks of the GP2Vec chapter."""
