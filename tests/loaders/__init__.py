"""What real loaders say about real wheels, beside what the audit says.

wheels.jsonl lists the wheels, and for each what a loader refuses and where audit and loader differ. `judges` asks the
loaders, `verdicts` reads the audit's report, `page` writes the tables of docs/loaders.md.
"""
