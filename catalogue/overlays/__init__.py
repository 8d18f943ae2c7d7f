"""What cataloguers correct of a cluster's master without owning the records that it is made of."""
