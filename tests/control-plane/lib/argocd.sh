# shellcheck shell=bash
# Argo CD's own rendering: every compiled folder, as an ApplicationSet of ours says, gives the
# objects that are committed. Its repo-server's function is called from tools/argocd; 3.5.1 does not
# build from published modules, since the commit of its gitops-engine is not served.

judge_argocd() { # FOLDER…
    local set folder repository=$STATE/argocd told
    set=$(find "$@" -path '*/_gitops/*' -name 'applicationset-*.yaml' | sort | head -n 1)
    [ -n "$set" ] || { echo "no ApplicationSet is committed"; return 1; }
    for folder in "$@"; do
        # With Flux every folder has a list for Kustomize, and would be read by that.
        if [ -n "$(find "$folder" -name kustomization.yaml -print -quit)" ]; then continue; fi
        rm -rf "$repository"
        mkdir -p "$repository"
        cp -r "$folder" "$repository/deploy"
        told=$("$BIN/argocd-render" "$set" "$repository") || { echo "$folder failed"; return 1; }
        echo "${folder#"$ROOT"/}: $told"
    done
}
