"""objective of the GP2Vec chapter."""
