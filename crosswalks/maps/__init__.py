"""The crosswalks that are shipped, one file each, in the crosswalk language."""
