"""The rules by which a library's system loads what it gets back, so that its own stays."""

from __future__ import annotations

from catalogue.merge.treatment import kept_by_libraries


def koha_rules() -> str:
    """Return Koha's record overlay rules (21.11 and later) for records that are staged for import.

    What is a library's own stays as it has it; everything else is taken over, as Koha does where
    it has no rule. Each rule is there once, however often they are carried out.
    """
    rows = "".join(map(_rule, kept_by_libraries()))
    switched = "UPDATE systempreferences SET value = '1' WHERE variable = 'MARCOverlayRules';\n"
    return f"{rows}{switched}"


def _rule(tags: str) -> str:
    where = f"tag = '{tags}' AND module = 'source' AND filter = 'batchimport'"
    columns = "tag, module, filter, `add`, `append`, `remove`, `delete`"
    values = f"'{tags}', 'source', 'batchimport', 0, 0, 0, 0"
    return (
        f"DELETE FROM marc_overlay_rules WHERE {where};\n"  # noqa: S608 - tags are our own
        f"INSERT INTO marc_overlay_rules ({columns}) VALUES ({values});\n"
    )
