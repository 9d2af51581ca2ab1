package settings

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"arcade/cmd/arcade/inputmap"
)

func TestMistakesAreNamedWithTheirLines(t *testing.T) {
	s := Default()
	text := `# a comment
[video]
scaling = "integer"
shder = "crt"
aspect = "wide"
ui_scale = 99
fullscreen = "yes"

[sound]
volume = 40

[input.bindings]
"P1 Up" = ["ArrowUp", "Pad1.Nose"]
"P1 Down" = ["S"]

[input.autofire]
"P1 Button 1" = [2, 3]
"P1 Button 2" = [0, 3]

[dips]
"Lives" = "5"

[nothing]
x = 1.5
`
	var got []string
	for _, p := range Parse(s, "f.toml", []byte(text), false) {
		got = append(got, p.String())
	}
	want := []string{
		"line 4: video.shder: there is no such setting; did you mean video.shader?",
		"line 5: video.aspect: it should be one of monitor, pixels",
		"line 6: video.ui_scale: it should be a whole number from 0 to 12",
		"line 7: video.fullscreen: it should be true or false",
		"line 13: input.bindings.P1 Up: \"Pad1.Nose\" is no key or button",
		"line 18: input.autofire.P1 Button 2: it should be two numbers",
		"line 21: dips.Lives: it should be the name of a position, in the file of a game",
		"line 24: nothing.x: ",
	}
	for i, w := range want {
		if i >= len(got) || !strings.Contains(got[i], w) {
			t.Errorf("problem %d is %q, want %q", i, append(got, "")[min(i, len(got))], w)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d problems, want %d: %q", len(got), len(want), got)
	}
	d := Default()
	if s.Scaling != "integer" || s.Volume != 40 || s.Aspect != d.Aspect || s.UIScale != d.UIScale || s.Fullscreen {
		t.Errorf("what was right is not used, or what was wrong is: %+v", s)
	}
	if k, _ := inputmap.Key("S"); len(s.Bindings["P1 Down"]) != 1 || s.Bindings["P1 Down"][0] != k || s.Bindings["P1 Up"] != nil {
		t.Errorf("bindings: %v", s.Bindings)
	}
	if s.Autofire["P1 Button 1"] != (inputmap.Autofire{On: 2, Off: 3}) {
		t.Errorf("autofire: %v", s.Autofire)
	}
}

func TestSyntaxErrorKeepsWhatCameBefore(t *testing.T) {
	s := Default()
	p := Parse(s, "f.toml", []byte("[sound]\nvolume = 30\n[video\nscaling = \"fill\"\n"), false)
	if len(p) != 1 || p[0].Line != 3 {
		t.Errorf("problems: %v", p)
	}
	if s.Volume != 30 || s.Scaling != "fit" {
		t.Errorf("volume %d, scaling %s", s.Volume, s.Scaling)
	}
}

func TestWrittenSettingsAreReadTheSame(t *testing.T) {
	for _, game := range []bool{false, true} {
		s := Default()
		if p := Parse(s, "f", Format(s, Default(), game), game); len(p) != 0 || !reflect.DeepEqual(s, Default()) {
			t.Errorf("the defaults come back as %+v, %v", s, p)
		}
		s.Shader, s.Volume, s.SOCD, s.RunAhead = "crt", 7, "last", 2
		s.Bindings["P1 Up"] = []inputmap.Source{inputmap.PadRawAxis(2, 3, true)}
		s.Bindings["Coin 1"] = []inputmap.Source{}
		s.Autofire["P2 Button 3"] = inputmap.Autofire{On: 1, Off: 4}
		if game {
			s.DIPs["Bonus \"Life\""] = "10000 = on"
		} else {
			s.ROMPaths = []string{`C:\roms "1"`, "/x/ö"}
			s.Fullscreen = true
		}
		got := Default()
		if p := Parse(got, "f", Format(s, Default(), game), game); len(p) != 0 || !reflect.DeepEqual(s, got) {
			t.Errorf("written and read:\n%+v\nwant\n%+v\n%v", got, s, p)
		}
	}
}

func TestSaveKeepsTheOldFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a", "settings.toml")
	for _, text := range []string{"# one", "# two"} {
		if err := Save(file, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	now, _ := os.ReadFile(file)
	old, _ := os.ReadFile(file + ".old")
	if string(now) != "# two" || string(old) != "# one" {
		t.Errorf("now %q, before %q", now, old)
	}
	s := Default()
	if p := Load(s, file+".nowhere", false); p != nil || !reflect.DeepEqual(s, Default()) {
		t.Errorf("a file that is not there gives %v", p)
	}
}

func TestEveryOptionHasADocumentedDefault(t *testing.T) {
	text := string(Format(Default(), Default(), false))
	for _, o := range options {
		_, key, _ := strings.Cut(o.key, ".")
		if !strings.Contains(text, "\n#"+key+" = ") || o.doc == "" {
			t.Errorf("%s is not shown with its default", o.key)
		}
	}
}
