"""What follows from one patient's record before any criterion is asked: terms, ledgers, columns over many patients."""
