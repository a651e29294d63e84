"""From facts to findings: run the rules over a wheel, judge sets, suggest tags."""
