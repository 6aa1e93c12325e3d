# A minute of fuzzing in all for the compiler: its parser, formatter and whole check; and half of one for the server: JSON,
# binary framing, protobuf, strings, configuration. Seed and number of inputs are fixed, so that a run says what this
# commit does, not what luck did; `bash fuzz/run 600` looks further. A target that does not run fails the stage. Most of
# the time goes into the instrumented builds.

fuzz() { FUZZ_RUNS=60000 bash fuzz/run 20 fuzz; }
fuzz_server() { FUZZ_RUNS=60000 bash fuzz/run 20 runtime/fuzz; }

stage 'fuzz, a minute' fuzz
stage 'fuzz, the server' fuzz_server
