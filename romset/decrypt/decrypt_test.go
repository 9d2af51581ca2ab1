package decrypt

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// noise returns n bytes of any content.
func noise(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// The comparison with MAME is in package romset; here is what it cannot show.

func TestKabukiKeepsOnesAndZeros(t *testing.T) {
	k := kabuki{swap1: [8]byte{0, 1, 2, 3, 4, 5, 6, 7}, swap2: [8]byte{5, 4, 1, 6, 3, 0, 7, 2}, addr: 0x5151}
	for sel := range 0x10000 {
		if k.decode(0, uint16(sel)) != 0 || k.decode(0xff, uint16(sel)) != 0xff {
			t.Fatalf("select %04x changes the number of ones", sel)
		}
	}
	seen := [256]bool{}
	for v := range 256 {
		seen[k.decode(byte(v), 0x1234)] = true
	}
	for v, ok := range seen {
		if !ok {
			t.Errorf("nothing decrypts to %02x", v)
		}
	}
}

func TestDeadCPS2BoardIsPlain(t *testing.T) {
	rom := noise(0x400000)
	im := &Image{Regions: map[string][]byte{"maincpu": rom, "key": bytes.Repeat([]byte{0xff}, 20)}}
	if err := Run(im, "cps2"); err != nil {
		t.Fatal(err)
	}
	if got := im.Spaces[0].Bytes(); !bytes.Equal(got, rom) {
		t.Error("opcodes of a dead board differ from its data")
	}
}

func TestCPS3MaskIsItsOwnInverse(t *testing.T) {
	rom := noise(0x1000)
	work := bytes.Clone(rom)
	cps3Mask(work, 0x6000000, 0x9e300ab1, 0xa175b82c)
	if bytes.Equal(work, rom) {
		t.Error("nothing was encrypted")
	}
	cps3Mask(work, 0x6000000, 0x9e300ab1, 0xa175b82c)
	if !bytes.Equal(work, rom) {
		t.Error("twice is not plain")
	}
}

func TestUndo(t *testing.T) {
	for _, text := range []string{
		"bits in=maincpu from=100 to=8000 order=70543216 xor=94",
		"bits in=maincpu order=32415067 odd=1",
		"lines in=maincpu order=10342 xor=3",
		"swap in=maincpu",
		"pang3",
	} {
		rom := noise(0x100000)
		im := &Image{Regions: map[string][]byte{"maincpu": bytes.Clone(rom)}}
		if err := Run(im, text); err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if bytes.Equal(im.Regions["maincpu"], rom) {
			t.Errorf("%s does nothing", text)
		}
		if ok, err := Undo(im, text); !ok || err != nil || !CanUndo(text) {
			t.Errorf("%s: %v, %v", text, ok, err)
		}
		if !bytes.Equal(im.Regions["maincpu"], rom) {
			t.Errorf("%s is not undone", text)
		}
	}
}

// Steps come from the database, regions from files: neither may crash the program.
func TestBadSteps(t *testing.T) {
	tests := []string{"", "nosuchstep", "bits in=maincpu order=12", "bits in=maincpu order=x", "bits in=none", "bits in=maincpu from=9 to=1",
		"lines in=maincpu order=?", "kabuki", "kabuki 1 2 3 4", "cps3", "cps3 x y", "cmc42", "cmc42 zz", "sma none", "pvc none", "pcm2 99", "epos"}
	for name := range steps {
		tests = append(tests, name, name+" a b c d")
	}
	for _, text := range tests {
		im := &Image{Regions: map[string][]byte{"maincpu": make([]byte, 16), "bios": nil}}
		err := Run(im, text)
		if err == nil && text != "harem" && len(im.Spaces) == 0 && len(im.Regions["maincpu"]) == 16 && text != "swap" {
			switch text {
			case "dingoe", "checkman", "victoryc", "dingoe a b c d", "checkman a b c d", "victoryc a b c d": // regions of any size
			default:
				t.Errorf("%q is accepted", text)
			}
		}
	}
}
