"""What tools/bench is made of; the cases themselves are in ../cases."""
