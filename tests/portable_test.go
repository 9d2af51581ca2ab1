package tests

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"arcade/tests/oracle"
)

// The same frames give the same hashes on other processors: 64-bit ARM under
// emulation, and WebAssembly under Node.js.
func TestSameOnEveryProcessor(t *testing.T) {
	games := []struct{ set, rompath string }{{"puckman", oracle.Demo(t, "puckman")}}
	script := filepath.Join(t.TempDir(), "input.txt")
	if err := os.WriteFile(script, []byte(pacmanMoves), 0o666); err != nil {
		t.Fatal(err)
	}
	targets := []struct {
		os, arch string
		run      func(t *testing.T, program string) *exec.Cmd
	}{
		{runtime.GOOS, runtime.GOARCH, func(t *testing.T, p string) *exec.Cmd { return exec.Command(p) }},
		{"linux", "arm64", func(t *testing.T, p string) *exec.Cmd {
			return exec.Command(tool(t, "qemu-aarch64-static"), p)
		}},
		{"js", "wasm", func(t *testing.T, p string) *exec.Cmd {
			return exec.Command(tool(t, "node"), "--stack-size=8192", filepath.Join(goRoot(t), "lib", "wasm", "wasm_exec_node.js"), p)
		}},
	}
	want := map[string]string{}
	for _, target := range targets {
		t.Run(target.os+"-"+target.arch, func(t *testing.T) {
			program := filepath.Join(t.TempDir(), "framehash")
			build := exec.Command("go", "build", "-o", program, "arcade/tests/framehash")
			build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+target.os, "GOARCH="+target.arch)
			if out, err := build.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			for _, g := range games {
				cmd := target.run(t, program)
				cmd.Args = append(cmd.Args, g.set, g.rompath, "600", script)
				out, err := cmd.Output()
				if err != nil {
					t.Fatalf("%s: %v\n%s", g.set, err, stderr(err))
				}
				lines := strings.Count(string(out), "\n")
				if lines != 600 {
					t.Fatalf("%s: %d frames came out, not 600", g.set, lines)
				}
				if want[g.set] == "" {
					want[g.set] = string(out)
				} else if want[g.set] != string(out) {
					t.Errorf("%s: other hashes than on %s, first at %q", g.set, runtime.GOARCH, firstDifference(want[g.set], string(out)))
				}
			}
		})
	}
}

// goRoot is where the Go toolchain is.
func goRoot(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

func tool(t *testing.T, name string) string {
	t.Helper()
	p, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed: ./test installs it", name)
	}
	return p
}

func stderr(err error) string {
	if e, ok := err.(*exec.ExitError); ok {
		return string(e.Stderr)
	}
	return ""
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return x[i] + " / " + y[i]
		}
	}
	return ""
}
