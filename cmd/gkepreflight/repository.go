package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// rootFolder is the folder of the configuration as its repository names it, for report.Report.Root; empty where it is the
// repository's own folder or nobody can tell. The configuration is --config-dir, or lies where the plans do.
func rootFolder(configDir string, plans []string) string {
	var folders []string
	if configDir != "" {
		folders = append(folders, folderOf(configDir))
	} else {
		for _, plan := range plans {
			folders = append(folders, folderOf(plan))
		}
	}
	// Plans of several configurations share no folder that could be put before all files.
	if folders = slices.Compact(folders); len(folders) != 1 {
		return ""
	}
	relative, err := filepath.Rel(repositoryOf(folders[0]), folders[0])
	if err != nil || relative == "." || relative == ".." || strings.HasPrefix(relative, ".."+string(filepath.Separator)) {
		return ""
	}
	return filepath.ToSlash(relative)
}

// folderOf is a folder itself, and the folder a file lies in, without links: what a repository holds has one name.
func folderOf(name string) string {
	if info, err := os.Stat(name); err != nil || !info.IsDir() {
		name = filepath.Dir(name)
	}
	absolute, err := filepath.Abs(name)
	if err != nil {
		return name
	}
	if resolved, err := filepath.EvalSymlinks(absolute); err == nil {
		return resolved
	}
	return absolute
}

// repositoryOf is the folder whose pages show the files: the next one upwards that git manages. Where a CI job has the
// files without git's, it is the folder the command runs in, and paths outside of that belong to no repository we know.
func repositoryOf(folder string) string {
	for at := folder; ; at = filepath.Dir(at) {
		// .git is a folder, or a file in a worktree or submodule.
		if _, err := os.Stat(filepath.Join(at, ".git")); err == nil {
			return at
		}
		if at == filepath.Dir(at) {
			return folderOf(".")
		}
	}
}
