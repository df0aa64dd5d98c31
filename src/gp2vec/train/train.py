"""``python -m gp2vec.train.train``: see `quakebook.gp2vec.published.verbs`."""

import sys

from quakebook.gp2vec.published.verbs import main

if __name__ == "__main__":
    sys.exit(main())
