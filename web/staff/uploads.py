"""Large files that are sent with a form: straight into the spool, never into memory.

A form is read before any view sees it. Where files are expected, each is hashed and written where
it will lie while it still arrives; what nobody keeps is gone with the request.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, cast

from flask import Flask, Request, g, request

from catalogue.intake.spool import Draft, Spool
from catalogue.users import Role
from web import delivered
from web.staff import access

FORM = 1024 * 1024
"""Bytes that a form may have beside its files."""
_DRAFTS = "lienthong_drafts"

FileMaker = Callable[[str], IO[bytes]]


class StaffRequest(Request):
    """A request whose files go where a view wants them."""

    files_into: FileMaker | None = None
    """Makes what a file of this name is written into; None = as Flask does, a small one."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        if self.files_into is None or not filename:
            return super()._get_file_stream(
                total_content_length, content_type, filename, content_length
            )
        return self.files_into(filename)


def install(app: Flask) -> None:
    """Have an application read its forms this way."""
    app.request_class = StaffRequest


def expect(spool: Spool) -> None:
    """Let files into a spool with the form of this request, together as large as one may be.

    To be called before anything looks into the form, and only for those who may send some. Raises
    DeliveryTooLarge or NoRoom.
    """
    now = cast(StaffRequest, request)
    size = now.content_length or 0
    spool.expect(max(size - FORM, 0), delivered.size(size))
    now.max_content_length = spool.most + FORM

    def make(name: str) -> IO[bytes]:
        draft = Draft(spool, name)
        g.setdefault(_DRAFTS, []).append(draft)
        return cast(IO[bytes], draft)

    now.files_into = make


def let_in(endpoint: str, most: int, role: Role) -> Callable[[], None]:
    """Return what lets so many bytes in with the form of an endpoint, from those of a role.

    To be called before each request, before anything looks into the form.
    """

    def let() -> None:
        if request.endpoint == endpoint and access.may(role):
            request.max_content_length = most

    return let


def drop(_error: BaseException | None = None) -> None:
    """Forget what came with this request and was not kept."""
    for draft in g.pop(_DRAFTS, ()):
        draft.drop()
