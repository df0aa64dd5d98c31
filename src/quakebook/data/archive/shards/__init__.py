"""Windows in tar shards with a byte-offset index."""
