"""Claims and their verdicts, one notebook run safely, the batch of all of them, and the pages made from them."""
