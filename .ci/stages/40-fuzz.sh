# A minute of fuzzing in all: the compiler's parser, formatter and whole check. Seed and number of inputs are fixed,
# so that a run says what this commit does, not what luck did; `bash fuzz/run 600` looks further. A target that does
# not run fails the stage. Most of the time goes into the instrumented build. The server's targets (`bash fuzz/run 600
# runtime/fuzz`) build its whole tree, which takes too long here.

fuzz() { FUZZ_RUNS=60000 bash fuzz/run 20 fuzz; }

stage 'fuzz, a minute' fuzz
