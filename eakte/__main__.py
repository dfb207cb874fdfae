"""``python -m eakte``."""

import sys

from eakte.cli import main

if __name__ == "__main__":
    sys.exit(main())
