"""How complete each library's records are, day by day, and those of all libraries together."""
