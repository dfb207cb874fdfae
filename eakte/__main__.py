"""``python -m eakte``.

OCR processes import this module by another name; whatever stood above the last lines here, each of
them would load too.
"""

import sys

if __name__ == "__main__":
    from eakte.cli import main

    sys.exit(main())
