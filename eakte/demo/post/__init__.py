"""What people, firms and offices write to a job centre: one module for each kind of sender.

Every function takes a `Writing` and returns a `Sheet`; its name is the kind's name.  The texts are
free inventions in the manner of real post.
"""

from eakte.demo.post import clients, courts, forms, health, housing, objections, offices, work
from eakte.demo.writing import Kind

KINDS: tuple[Kind, ...] = (
    *clients.KINDS,
    *objections.KINDS,
    *forms.KINDS,
    *housing.KINDS,
    *work.KINDS,
    *health.KINDS,
    *offices.KINDS,
    *courts.KINDS,
)
"""All kinds of letters; names are unique."""
