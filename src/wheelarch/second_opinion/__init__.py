"""A second opinion: before an error fails a build, independent parsers are asked for the fact behind it.

`claims` says which fact each rule rests on and compares it with what a parser reads; `review` asks and lowers what
is denied; `helper` and `child` are the two ends of the process in which the parsers run; each adapter translates
one parser into the vocabulary of `claims`. Nothing of this is imported before there is something to confirm.
"""
