# A minute of fuzzing in all, with a fixed seed: the compiler's parser, formatter and whole check, and
# what of the server reads bytes. A target that does not run fails the stage. Most of the time goes
# into the instrumented build.

fuzz() { bash fuzz/run 12 fuzz && bash fuzz/run 6 runtime/fuzz; }

stage 'fuzz, a minute' fuzz
