/** What an engine is: the contract between models, runtimes and training, and the checks that every session makes. */
export {}
