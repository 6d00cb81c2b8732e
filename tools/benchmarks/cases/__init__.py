"""Cases, a file for each group. Every file here is loaded."""
