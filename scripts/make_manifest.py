"""List an archive into a manifest: ``python scripts/make_manifest.py --help``."""

import sys

from quakebook.data.archive.verbs.manifest import main

if __name__ == "__main__":
    sys.exit(main())
