"""``python -m quakebook.magnitude --mode ...``"""

import sys

from .published.verbs import main

if __name__ == "__main__":
    sys.exit(main())
