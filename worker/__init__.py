"""The worker: takes jobs from the queue, paints them, stores the paintings. The only importer of the engine."""
