# shellcheck shell=bash
# What every other part uses: folders, failures, times.

ROOT=$(cd "$HERE/../.." && pwd)
CACHE=${MLSPEC_CACHE:-$ROOT/.cache}/control-plane
STATE=$CACHE/state
KUBECONFIG=$STATE/kubeconfig
export KUBECONFIG

die() { echo "control-plane: $*" >&2; exit 1; }

# Runs a stage and says how long it took; a failed stage ends the run.
stage() { # NAME COMMAND…
    local name=$1 start=$EPOCHREALTIME status=0
    shift
    "$@" || status=$?
    printf '%-44s %7.1f s  %s\n' "$name" "$(awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }')" \
        "$([ $status = 0 ] && echo ok || echo FAILED)" >&2
    [ $status = 0 ] || die "$name failed"
}

# Waits until a command succeeds, or fails with what it last said.
wait_for() { # WHAT SECONDS COMMAND…
    local what=$1 end=$((SECONDS + $2)) said
    shift 2
    until said=$("$@" 2>&1); do
        [ $SECONDS -lt $end ] || die "$what: $said"
        sleep 0.2
    done
}

