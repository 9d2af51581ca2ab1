// Package tests holds the tests that span packages. This file enforces the
// rules of the folders: who may import what, and no floating point where
// emulated state is computed.
package tests

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// source is a Go file of the program (tests and tools that run at build time
// aside).
type source struct {
	path string // from the top of the repository, with slashes
	file *ast.File
	fset *token.FileSet
}

func sources(t *testing.T) []source {
	t.Helper()
	var out []source
	err := filepath.WalkDir("..", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel := filepath.ToSlash(strings.TrimPrefix(p, ".."+string(filepath.Separator)))
		if d.IsDir() {
			if strings.HasPrefix(d.Name(), ".") && p != ".." || d.Name() == "testdata" {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return nil
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, p, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		for _, c := range f.Comments {
			if strings.HasPrefix(c.List[0].Text, "//go:build ignore") {
				return nil // a generator
			}
		}
		out = append(out, source{rel, f, fset})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 20 {
		t.Fatalf("only %d source files were found: this test looks in the wrong place", len(out))
	}
	return out
}

// rooms says what may not enter each folder: the table of docs/DESIGN.md.
// A rule's longest matching folder counts.
var rooms = map[string][]string{
	"cpu":              {"arcade/machine", "arcade/audio", "arcade/video", "arcade/romset", "arcade/netplay", "arcade/cmd", "net", "os", "time"},
	"cpu/cputest":      {"arcade/machine", "arcade/audio", "arcade/video", "arcade/romset", "arcade/netplay", "arcade/cmd", "net"},
	"machine":          {"arcade/romset", "arcade/netplay/link", "arcade/netplay/secure", "arcade/netplay/lane", "arcade/netplay/match", "arcade/cmd", "net", "os", "time", "github.com/hajimehoshi", "github.com/ebitengine"},
	"video":            {"arcade/machine", "arcade/cpu", "arcade/audio", "arcade/romset", "arcade/netplay", "arcade/cmd", "net", "os", "time"},
	"audio/chiptest":   {"arcade/machine", "arcade/cmd", "net"},
	"audio":            {"arcade/machine", "arcade/cpu", "arcade/romset", "arcade/netplay", "arcade/cmd", "net", "os", "time"},
	"romset":           {"arcade/machine", "arcade/cpu", "arcade/audio", "arcade/video", "arcade/netplay", "arcade/cmd", "net"},
	"netplay":          {"arcade/cpu", "arcade/audio", "arcade/video", "arcade/romset", "arcade/cmd", "github.com/hajimehoshi", "github.com/ebitengine"},
	"netplay/rollback": {"arcade/machine", "arcade/cpu", "arcade/audio", "arcade/video", "arcade/romset", "arcade/cmd", "net", "os", "time"},
}

func room(path string) string {
	best := ""
	for r := range rooms {
		if strings.HasPrefix(path, r+"/") && len(r) > len(best) {
			best = r
		}
	}
	return best
}

func forbidden(imported string, list []string) bool {
	for _, f := range list {
		if imported == f || strings.HasPrefix(imported, f+"/") {
			return true
		}
	}
	return false
}

func TestForbiddenImports(t *testing.T) {
	checked := 0
	for _, s := range sources(t) {
		r := room(s.path)
		if r == "" || generator(s.path) {
			continue
		}
		for _, im := range s.file.Imports {
			name, err := strconv.Unquote(im.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			checked++
			if forbidden(name, rooms[r]) {
				t.Errorf("%s: %s may not enter %s/", s.fset.Position(im.Pos()), name, r)
			}
		}
	}
	if checked == 0 {
		t.Fatal("no import was checked")
	}
	// The rule itself must bite.
	if !forbidden("net/http", rooms["cpu"]) || forbidden("network", rooms["cpu"]) || room("netplay/rollback/x.go") != "netplay/rollback" {
		t.Fatal("the check of imports does not work")
	}
}

// generator reports whether a file is part of a tool that makes committed data.
func generator(path string) bool {
	return strings.Contains(path, "/gen/") || strings.Contains(path, "/internal/")
}

// exact are the folders in which floating point, maps that are ranged over
// without sorting, clocks and goroutines would make emulation differ between
// hosts or runs.
var exact = []string{"cpu/", "machine/", "audio/"}

// hostSide are folders below them that run outside the machine.
var hostSide = []string{"audio/mix/", "audio/chiptest/", "cpu/cputest/", "machine/session/"}

func TestExactArithmetic(t *testing.T) {
	checked := 0
	for _, s := range sources(t) {
		if !hasPrefix(s.path, exact) || hasPrefix(s.path, hostSide) || generator(s.path) {
			continue
		}
		checked++
		ast.Inspect(s.file, func(n ast.Node) bool {
			if what := inexact(n); what != "" {
				t.Errorf("%s: %s", s.fset.Position(n.Pos()), what)
			}
			return true
		})
	}
	if checked < 10 {
		t.Fatalf("only %d files were checked", checked)
	}
}

// inexact says what is wrong with a node, or "".
func inexact(n ast.Node) string {
	switch n := n.(type) {
	case *ast.Ident:
		switch n.Name {
		case "float32", "float64", "complex64", "complex128":
			return n.Name + ": results of floating point differ between processors"
		}
	case *ast.BasicLit:
		if n.Kind == token.FLOAT || n.Kind == token.IMAG {
			return n.Value + " is a floating-point constant"
		}
	case *ast.SelectorExpr:
		// Of package math, limits of integers are all right.
		if x, ok := n.X.(*ast.Ident); ok && x.Name == "math" &&
			(!strings.HasPrefix(n.Sel.Name, "Max") && !strings.HasPrefix(n.Sel.Name, "Min") || strings.Contains(n.Sel.Name, "Float")) {
			return "math." + n.Sel.Name + " computes with floating point"
		}
	case *ast.GoStmt:
		return "a goroutine: its timing would be part of the result"
	case *ast.SelectStmt:
		return "select: its choice is random"
	}
	return ""
}

func TestExactArithmeticBites(t *testing.T) {
	src := `package p
func f(x float64) { go f(1.5); select {}; _ = math.MaxInt64; _ = math.Sqrt }`
	f, err := parser.ParseFile(token.NewFileSet(), "p.go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	ast.Inspect(f, func(n ast.Node) bool {
		if inexact(n) != "" {
			found++
		}
		return true
	})
	if found != 5 {
		t.Errorf("%d faults found in a file with 5", found)
	}
}

func hasPrefix(path string, list []string) bool {
	for _, p := range list {
		if strings.HasPrefix(path, p) {
			return true
		}
	}
	return false
}
