"""What is in a file, judged by parsing it: pure, from bytes to a refusal, nothing in it is run or fetched."""
