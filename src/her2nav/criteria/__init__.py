"""From registry text to criterion trees: structure, sentences, logic and roles; what each kind looks like is in `kinds.reading`."""
