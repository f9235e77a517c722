/** Runs on disk: directories, recording, checkpoints, exact resume. */
export {}
