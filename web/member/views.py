"""``/member/`` shows a member library its own sources, harvests and problems, and no other's.

Which library that is, the account says; nothing in an address can name another one.
"""

from __future__ import annotations

from flask import render_template

from catalogue import own
from catalogue.users import Role
from web.member.room import blueprint
from web.site import current_site
from web.staff import access
from web.staff.sources import display


@blueprint.get("/")
@access.needs(Role.MEMBER)
def home() -> str:
    """Show how the sources of one's library fare, their latest harvests, and what to mend."""
    seen = own.of_library(current_site().database, access.me().library)
    return render_template(
        "member/home.html", seen=seen, rows=[display.row(each) for each in seen.sources]
    )
