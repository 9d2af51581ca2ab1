package settings

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"arcade/cmd/arcade/inputmap"
	"arcade/cmd/arcade/toy"
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
		"line 23: nothing: there is no such table",
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

func TestWrongNamesAndRepeats(t *testing.T) {
	s := Default()
	var got []string
	for _, p := range Parse(s, "f", []byte("sound.volume = 10\nvideo = { shader = \"crt\", shape = 1 }\n[input.bindings]\n\"P1 Upp\" = [\"A\"]\n\"P9 Up\" = [\"A\"]\nPause = [\"A\"]\n[sound]\nvolume = 20\nvolumes = 1\n"), false) {
		got = append(got, p.String())
	}
	want := []string{"line 2: video.shape: there is no such setting", "line 4: input.bindings.P1 Upp: neither a control", "line 5: input.bindings.P9 Up: neither",
		"line 8: sound.volume: it was set in line 1 already", "line 9: sound.volumes: there is no such setting; did you mean sound.volume?"}
	for i, w := range want {
		if i >= len(got) || !strings.Contains(got[i], w) {
			t.Errorf("problem %d is %q, want %q", i, append(got, make([]string, len(want))...)[i], w)
		}
	}
	if len(got) != len(want) || s.Shader != "crt" || s.Volume != 10 || len(s.Bindings) != 1 {
		t.Errorf("%q; %+v", got, s)
	}
}

func TestGamesFileIsCheckedAgainstTheGame(t *testing.T) {
	m, err := toy.New(toy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "toy.toml")
	text := "[input.bindings]\n\"P1 Up\" = [\"A\"]\n\"P3 Up\" = [\"A\"]\nMute = []\n[dips]\nLives = \"5\"\nLifes = \"5\"\n\"Demo Sounds\" = \"Loud\"\n"
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	if p := Load(Default(), file, true); len(p) != 0 {
		t.Errorf("for itself it has no mistakes, but: %v", p)
	}
	got := Check(file, m.Inputs)
	want := []string{"line 3: input.bindings.P3 Up: this game has no such control", "line 7: dips.Lifes: this game has no such switch; it has Lives, Demo Sounds", "line 8: dips.Demo Sounds: the switch has no such position; it has Off, On"}
	for i, w := range want {
		if i >= len(got) || !strings.Contains(got[i].String(), w) {
			t.Errorf("problems %v, want %q", got, w)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d problems, want %d: %v", len(got), len(want), got)
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
	text := string(Format(Default(), Default(), false)) + string(Format(Default(), Default(), true))
	for _, o := range options {
		_, key, _ := strings.Cut(o.key, ".")
		if !strings.Contains(text, "\n#"+key+" = ") || o.doc == "" {
			t.Errorf("%s is not shown with its default", o.key)
		}
	}
}

// TestDocumented compares docs/SETTINGS.md with the settings that there are.
// ARCADE_UPDATE=1 writes the table there anew.
func TestDocumented(t *testing.T) {
	var b strings.Builder
	b.WriteString("| setting | default | for one game | meaning |\n| --- | --- | --- | --- |\n")
	for _, o := range options {
		game := "no"
		if o.fits(true) {
			game = "yes"
			if !o.fits(false) {
				game = "only"
			}
		}
		table, key, _ := strings.Cut(o.key, ".")
		fmt.Fprintf(&b, "| `[%s]` `%s` | `%s` | %s | %s |\n", table, key, o.get(Default()), game, o.doc)
	}
	file := filepath.Join("..", "..", "..", "docs", "SETTINGS.md")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- table -->\n", "<!-- end -->\n"
	before, rest, ok1 := strings.Cut(string(text), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatal("docs/SETTINGS.md has no table of settings")
	}
	want := before + begin + b.String() + end + after
	if os.Getenv("ARCADE_UPDATE") != "" {
		if err := os.WriteFile(file, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
	} else if want != string(text) {
		t.Error("docs/SETTINGS.md does not have the settings that there are: ARCADE_UPDATE=1 go test ./cmd/arcade/settings writes them")
	}
	for _, a := range inputmap.Hotkeys() {
		if !strings.Contains(string(text), "| "+string(a)+" |") {
			t.Errorf("docs/SETTINGS.md does not name the hotkey %s", a)
		}
	}
}
