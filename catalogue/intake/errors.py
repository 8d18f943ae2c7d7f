"""What is refused of deliveries, each with what to do next."""

from __future__ import annotations

from catalogue.errors import CatalogueError, WrongUse


class NoSuchDelivery(WrongUse):
    """There is no delivery {number}. See the list with: lienthong import list"""


class NotOfFiles(WrongUse):
    """Source {source} is harvested over {protocol}: files cannot be delivered to it. Add a source
    of files for this library: lienthong sources add NAME --protocol file --url file: --library CODE
    """


class DeliveryTooLarge(CatalogueError):
    """{name} is larger than {limit} MiB, which is the most that is taken in. Deliver it in parts,
    or raise [files] max_bytes in instance/lienthong.toml
    """


class DeliveryEmpty(CatalogueError):
    """{name} is empty. Export it again, and look at it before it is sent."""


class NoRoom(CatalogueError):
    """There is no room on the disk for {name}: nothing of it was kept. Make room in {folder}, then
    deliver it again.
    """


class NotKept(CatalogueError):
    """{name} could not be kept in {folder}: {reason}. Tell those who keep the hub, then deliver it
    again.
    """


class CutShort(CatalogueError):
    """Only {received} of the {size} bytes of {name} arrived: nothing of it was kept. Deliver it
    again.
    """


class DeliveryGone(CatalogueError):
    """The file of delivery {number} ({name}) is no longer on this machine. Discard the delivery
    with: lienthong import discard {number}; then deliver the file again.
    """


class DeliveryDamaged(CatalogueError):
    """The file of delivery {number} ({name}) is no longer the one that arrived. Discard the
    delivery with: lienthong import discard {number}; then deliver the file again.
    """


class NotCheckedYet(CatalogueError):
    """Delivery {number} has not been checked yet. Check it with: lienthong import check --again
    {number}
    """


class BeingChecked(CatalogueError):
    """Delivery {number} is being checked by another process. See how far it is with:
    lienthong import show {number}
    """


class CheckOutdated(CatalogueError):
    """Source {source} was given other settings since delivery {number} was checked, so its report
    holds no more. Check it again with: lienthong import check --again {number}
    """


class DeliveryRefused(CatalogueError):
    """Delivery {number} was refused when it was checked, and cannot be applied. See why with:
    lienthong import show {number}; drop it with: lienthong import discard {number}
    """


class DeliveryDiscarded(WrongUse):
    """Delivery {number} was discarded, and cannot be brought back. Deliver the file again."""


class DeliveryApplied(WrongUse):
    """Delivery {number} was applied already; that cannot be taken back here. See what came of it
    with: lienthong import show {number}
    """


class DeliveryInUse(CatalogueError):
    """Delivery {number} is being read by a harvest of {source}. End that first, with: lienthong
    runs stop {source}; then discard it again.
    """


class CheckStopped(CatalogueError):
    """The check of delivery {number} was stopped. Check it again with: lienthong import check
    --again {number}
    """


class TooManyWaiting(CatalogueError):
    """{count} deliveries to source {source} wait for a decision already, and no more may. Send or
    throw away some of them first, on the page of your deliveries.
    """


class DeliveryTwice(WrongUse):
    """{name} is the very file that was sent last to source {source}, as delivery {number}: nothing
    would change, and it was not taken in again.
    """


class DeliveryDoubtful(CatalogueError):
    """Something speaks against delivery {number}, as its page says: only the staff of the union
    catalogue can apply it. Write to them, or mend the file and send it again.
    """
