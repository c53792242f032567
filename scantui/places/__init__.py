"""What is known of addresses besides the log: from files the user gives, and from look-ups that were asked for.

`files` answers at once; `desk` asks the network, and only there is anything sent. Nothing here reads a log.
"""
