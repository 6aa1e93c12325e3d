# shellcheck shell=bash
# Installs the published custom resource definitions named in crds.tsv.

# The folder of a module in Go's module cache, fetched when it is not there.
module_dir() { # MODULE VERSION
    (cd "$TOOLS" && go mod download -json "$1@$2") | jq -re .Dir || die "cannot fetch the module $1@$2"
}

install_module_crds() { # MODULE VERSION PATH
    local path files
    path=$(module_dir "$1" "$2")/$3
    [ -e "$path" ] || die "$1@$2 has no $3"
    mapfile -t files < <(find "$path" -maxdepth 1 -name '*.yaml' -exec grep -lE '^kind: CustomResourceDefinition' {} +)
    [ ${#files[@]} -gt 0 ] || die "$path holds no custom resource definition"
    kubectl apply --server-side --field-manager=crds -o name "${files[@]/#/--filename=}" > /dev/null
}

install_crds() {
    local module version path
    while IFS=$'\t' read -r module version path; do
        case $module in '#'*) continue ;; esac
        stage "  ${module#github.com/} $version" install_module_crds "$module" "$version" "$path"
    done < "$HERE/crds.tsv"
    kubectl wait --for=condition=Established --timeout=60s crd --all > /dev/null
}
