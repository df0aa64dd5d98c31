"""figures of the GP2Vec chapter."""
