"""`python -m wheelarch`."""

from .cli import main

raise SystemExit(main())
