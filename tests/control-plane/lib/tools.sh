# shellcheck shell=bash
# Builds the real programs from their published Go modules, once for each pinned go.mod and go.sum.

TOOLS=$HERE/tools
BIN=$CACHE/bin

# The line of programs.tsv for a program, as "folder package tags".
tool_row() { awk -F'\t' -v p="$1" '$1 == p { print $2, $3, $4 }' "$TOOLS/programs.tsv"; }

# What the binary depends on: the pins, sources of our own, how it is built, and the Go release.
tool_key() { # PROGRAM FOLDER
    { cat "$TOOLS/$2/go.mod" "$TOOLS/$2/go.sum"; find "$TOOLS/$2" -name '*.go' -exec cat {} +; tool_row "$1"; tool_ldflags "$2"; go env GOVERSION; } |
        sha256sum | cut -c1-16
}

# Kubernetes calls itself v0.0.0 unless it is told its version.
tool_ldflags() { # FOLDER
    local version
    [ "$1" = kubernetes ] || { echo "-s -w"; return; }
    version=$(awk '$1 == "require" && $2 == "k8s.io/kubernetes" { print $3 }' "$TOOLS/kubernetes/go.mod")
    local flags="-s -w" package major minor
    IFS=. read -r major minor _ <<< "${version#v}"
    for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
        flags+=" -X $package.gitVersion=$version -X $package.gitMajor=$major -X $package.gitMinor=$minor"
    done
    echo "$flags"
}

# Makes sure that $BIN/PROGRAM is the pinned one.
tool() { # PROGRAM
    local program=$1 folder package tags key
    read -r folder package tags <<< "$(tool_row "$program")"
    [ -n "$package" ] || die "tools/programs.tsv does not name $program"
    key=$(tool_key "$program" "$folder")
    if [ -x "$BIN/$program" ] && [ "$(cat "$BIN/$program.key" 2> /dev/null)" = "$key" ]; then return; fi
    mkdir -p "$BIN"
    stage "build $program" build_tool "$program" "$folder" "$package" "$tags"
    echo "$key" > "$BIN/$program.key"
}

build_tool() { # PROGRAM FOLDER PACKAGE TAGS
    (cd "$TOOLS/$2" &&
        CGO_ENABLED=0 GOFLAGS=-buildvcs=false nice -n 10 go build -p "${MLSPEC_GO_JOBS:-2}" -mod=readonly -trimpath \
            -tags "$4" -ldflags "$(tool_ldflags "$2")" -o "$BIN/$1" "$3")
}
