# The YAML reader that Kubernetes itself uses reads what we write. Needs Go.

stage 'YAML 1.1 reader' bash tests/yaml11/run
