"""What a screening leaves on disk: the run file, and tables of pairs; it judges nobody and reads no patient file."""
