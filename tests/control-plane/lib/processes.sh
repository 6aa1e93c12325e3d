# shellcheck shell=bash
# Background programs: each has a pid file and a log under $STATE, and `down` ends all of them.

# Starts a program; its output goes to $STATE/log/NAME.
launch() { # NAME COMMAND…
    local name=$1
    shift
    mkdir -p "$STATE/log" "$STATE/pid"
    setsid "$@" > "$STATE/log/$name" 2>&1 < /dev/null &
    echo $! > "$STATE/pid/$name"
}

alive() { # NAME
    [ -f "$STATE/pid/$1" ] && kill -0 "$(cat "$STATE/pid/$1")" 2> /dev/null
}

# Succeeds if the program runs; else says the end of its log, or that it was not started, and ends the run.
must_live() { # NAME
    [ -f "$STATE/pid/$1" ] || die "the control plane is not up; run: tests/control-plane/run up"
    alive "$1" || { tail -n 20 "$STATE/log/$1" >&2; die "$1 ended; its log is $STATE/log/$1"; }
}

# Ends one program and waits for it; after 20 s it is killed.
halt() { # NAME
    local pid end=$((SECONDS + 20))
    [ -f "$STATE/pid/$1" ] || return 0
    pid=$(cat "$STATE/pid/$1")
    kill "$pid" 2> /dev/null || true
    while kill -0 "$pid" 2> /dev/null; do
        [ $SECONDS -lt $end ] || { echo "control-plane: killing $1" >&2; kill -9 "$pid" 2> /dev/null || true; break; }
        sleep 0.1
    done
    rm -f "$STATE/pid/$1"
}

# Ends everything: clients first, then the API server, etcd last (the API server hangs without it).
down() {
    local file
    for file in "$STATE"/pid/*; do
        [ -f "$file" ] || continue
        case ${file##*/} in kube-apiserver | etcd) ;; *) halt "${file##*/}" ;; esac
    done
    halt kube-apiserver
    halt etcd
    rm -rf "$STATE/etcd"
}

status() {
    local file name
    for file in "$STATE"/pid/*; do
        [ -f "$file" ] || { echo "nothing runs"; return 1; }
        name=${file##*/}
        if alive "$name"; then echo "$name runs, pid $(cat "$file")"; else echo "$name ended, log $STATE/log/$name"; fi
    done
}
