"""One query to the union and to many live servers: ``search`` gives what comes, as it comes."""
