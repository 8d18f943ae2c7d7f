"""What the roles are called, on screens and on the command line."""

from __future__ import annotations

from catalogue.users import Role
from web.language import mark

ROLES = {
    Role.VIEWER: mark("read-only"),
    Role.CATALOGUER: mark("cataloguer"),
    Role.OPERATOR: mark("harvest manager"),
    Role.ADMIN: mark("administrator"),
    Role.MEMBER: mark("member library"),
}
