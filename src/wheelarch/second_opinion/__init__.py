"""A second opinion: before an error fails a build, independent parsers check the fact behind it.

Each rule names the facts that its findings rest on. `claims` compares them with what a parser reads. `review` asks the
parsers and lowers the severity of findings that they deny. `helper` and `child` are the two ends of the process in
which the parsers run. Each adapter translates one parser into the terms of `claims`. None of this is imported until
there is something to confirm.
"""
