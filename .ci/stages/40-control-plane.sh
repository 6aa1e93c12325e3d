# What the compiler writes, judged by the real API server and its neighbours.

control_plane() { tests/control-plane/run all; }

stage 'control plane' control_plane
