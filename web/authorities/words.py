"""What the kinds of headings are called, and how one stands to another."""

from __future__ import annotations

from catalogue.authorities.model import Answer
from crosswalks.authorities.model import Kind, Read, Relation
from web.language import Translate, mark

KINDS = {
    Kind.PERSON: mark("person"),
    Kind.CORPORATE: mark("corporate body"),
    Kind.MEETING: mark("meeting"),
    Kind.TITLE: mark("uniform title"),
    Kind.TOPIC: mark("topic"),
    Kind.PLACE: mark("place"),
    Kind.GENRE: mark("genre or form"),
}
RELATIONS = {
    Relation.ALSO: mark("see also"),
    Relation.BROADER: mark("broader"),
    Relation.NARROWER: mark("narrower"),
    Relation.EARLIER: mark("earlier name"),
    Relation.LATER: mark("later name"),
    Relation.IDENTITY: mark("the same person as"),
}
ANSWERS = {
    Answer.SAME: mark("the same"),
    Answer.DIFFERENT: mark("different"),
}
FIGURES = {
    "headings": mark("Headings"),
    "added": mark("added"),
    "changed": mark("changed"),
    "unchanged": mark("unchanged"),
    "removed": mark("removed"),
    "problems": mark("not taken in"),
}
"""What an import did, by the names of ``Outcome``."""


def reason(read: Read, translate: Translate) -> str:
    """Return why something could not be taken in."""
    said = read.reason
    return translate(said.template).format(**said.details) if said else ""
