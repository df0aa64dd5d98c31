"""GP2Vec: self-supervised representations of seismograms, and what their features are worth."""
