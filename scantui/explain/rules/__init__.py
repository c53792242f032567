"""Rules of Snort, Suricata, iptables and nft against logged packets: which fire, which nearly do, and why not."""
