package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is set by release builds.
var version = ""

type versionCmd struct{}

func (versionCmd) Run() error {
	fmt.Println("arcade", versionString(), runtime.Version(), runtime.GOOS+"/"+runtime.GOARCH)
	return nil
}

// versionString is the release's version, or the commit that was built.
func versionString() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return s.Value[:min(12, len(s.Value))]
			}
		}
	}
	return "development"
}
