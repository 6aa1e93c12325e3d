// Renders compiled folders with Argo CD's own code, as an ApplicationSet of ours says, and compares
// what comes out with the committed files.
//
//	argocd-render APPLICATIONSET.yaml REPOSITORY
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"sort"
	"strings"

	"github.com/argoproj/argo-cd/v3/applicationset/utils"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/reposerver/apiclient"
	"github.com/argoproj/argo-cd/v3/reposerver/repository"
	"github.com/argoproj/argo-cd/v3/util/git"
	utilio "github.com/argoproj/argo-cd/v3/util/io"
	"k8s.io/apimachinery/pkg/api/resource"
	yamlreader "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: argocd-render APPLICATIONSET.yaml REPOSITORY")
		os.Exit(2)
	}
	count, objects, err := run(os.Args[1], os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("%d folders, %d objects rendered as committed\n", count, objects)
}

func run(file, root string) (folders, objects int, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, 0, err
	}
	var set v1alpha1.ApplicationSet
	if err := yaml.UnmarshalStrict(text, &set); err != nil {
		return 0, 0, fmt.Errorf("%s: %w", file, err)
	}
	names := map[string]string{}
	for _, generator := range set.Spec.Generators {
		if generator.Git == nil {
			return 0, 0, errors.New("a generator is not of Git")
		}
		found, err := matches(root, generator.Git.Directories)
		if err != nil {
			return 0, 0, err
		}
		for _, folder := range found {
			app, err := application(&set, folder)
			if err != nil {
				return 0, 0, fmt.Errorf("%s: %w", folder, err)
			}
			if other, taken := names[app.Name]; taken {
				return 0, 0, fmt.Errorf("%s and %s would both be Application %s", other, folder, app.Name)
			}
			names[app.Name] = folder
			n, err := compare(root, app)
			if err != nil {
				return 0, 0, fmt.Errorf("%s: %w", folder, err)
			}
			folders++
			objects += n
		}
	}
	if folders == 0 {
		return 0, 0, errors.New("no folder matches")
	}
	return folders, objects, nil
}

// The folders that the generator's patterns name, matched as Argo CD does: with path.Match.
func matches(root string, patterns []v1alpha1.GitDirectoryGeneratorItem) ([]string, error) {
	var found []string
	err := filepath.WalkDir(root, func(full string, entry os.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		relative, err := filepath.Rel(root, full)
		if err != nil {
			return err
		}
		in, out := false, false
		for _, pattern := range patterns {
			match, err := path.Match(pattern.Path, relative)
			if err != nil {
				return err
			}
			in = in || match && !pattern.Exclude
			out = out || match && pattern.Exclude
		}
		if in && !out {
			found = append(found, relative)
		}
		return nil
	})
	sort.Strings(found)
	return found, err
}

// The Application that the template gives for a folder.
func application(set *v1alpha1.ApplicationSet, folder string) (*v1alpha1.Application, error) {
	template := &v1alpha1.Application{Spec: set.Spec.Template.Spec}
	template.Name = set.Spec.Template.Name
	template.Namespace = set.Spec.Template.Namespace
	template.Annotations = set.Spec.Template.Annotations
	template.Labels = set.Spec.Template.Labels
	params := map[string]any{"path": map[string]any{
		"path":               folder,
		"basename":           path.Base(folder),
		"basenameNormalized": utils.SanitizeName(path.Base(folder)),
		"segments":           strings.Split(folder, "/"),
	}}
	render := &utils.Render{}
	return render.RenderTemplateParams(template, set.Spec.SyncPolicy, params, set.Spec.GoTemplate, set.Spec.GoTemplateOptions)
}

// Renders an Application's folder and holds the objects against the files.
func compare(root string, app *v1alpha1.Application) (int, error) {
	source := app.Spec.GetSource()
	request := &apiclient.ManifestRequest{
		Repo:               &v1alpha1.Repository{Repo: source.RepoURL},
		Revision:           source.TargetRevision,
		AppName:            app.Name,
		Namespace:          app.Spec.Destination.Namespace,
		ApplicationSource:  &source,
		ProjectName:        app.Spec.Project,
		ProjectSourceRepos: []string{"*"},
	}
	folder := filepath.Join(root, source.Path)
	response, err := repository.GenerateManifests(context.Background(), folder, root, source.TargetRevision,
		request, true, git.NoopCredsStore{}, resource.MustParse("10Mi"), utilio.NewRandomizedTempPaths(root))
	if err != nil {
		return 0, err
	}
	if response.SourceType != string(v1alpha1.ApplicationSourceTypeDirectory) {
		return 0, fmt.Errorf("read as %s, not as a directory", response.SourceType)
	}
	rendered := map[string]any{}
	for _, manifest := range response.Manifests {
		var object map[string]any
		if err := json.Unmarshal([]byte(manifest), &object); err != nil {
			return 0, err
		}
		rendered[identity(object)] = object
	}
	committed, err := objects(folder)
	if err != nil {
		return 0, err
	}
	for name, object := range committed {
		if other, there := rendered[name]; !there {
			return 0, fmt.Errorf("%s is committed and not rendered", name)
		} else if !reflect.DeepEqual(object, other) {
			return 0, fmt.Errorf("%s differs:\ncommitted %v\nrendered  %v", name, object, other)
		}
	}
	if len(rendered) != len(committed) {
		return 0, fmt.Errorf("%d objects are committed, %d rendered", len(committed), len(rendered))
	}
	return len(committed), nil
}

func identity(object map[string]any) string {
	metadata, _ := object["metadata"].(map[string]any)
	return fmt.Sprintf("%v %v %v/%v", object["apiVersion"], object["kind"], metadata["namespace"], metadata["name"])
}

// The objects of a folder's files, read by Kubernetes' own YAML reader.
func objects(folder string) (map[string]any, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil {
		return nil, err
	}
	found := map[string]any{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		decoder := yamlreader.NewYAMLOrJSONDecoder(bytes.NewReader(text), 4096)
		for {
			var raw json.RawMessage
			if err := decoder.Decode(&raw); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			var object map[string]any
			if err := json.Unmarshal(raw, &object); err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			found[identity(object)] = object
		}
	}
	return found, nil
}
