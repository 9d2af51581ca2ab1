package desk

import (
	"image"
	"testing"

	"arcade/cmd/arcade/toolkit"
)

func TestFindReadsTheToolkitsText(t *testing.T) {
	for scale := 1; scale <= 3; scale++ {
		m := toolkit.NewMemory(400, 120)
		m.Fill(m.Rect, toolkit.Dark.Back)
		m.Text(31, 17, scale, "Punk Puck", toolkit.Dark.Ink)
		got, ok := Find(m.NRGBA, "Puck", scale)
		w := toolkit.Width("Punk ") * scale
		if want := image.Rect(31+w, 17, 31+w+toolkit.Width("Puck")*scale, 17+16*scale); !ok || got != want {
			t.Errorf("at scale %d it is found at %v %v, want %v", scale, got, ok, want)
		}
		if _, ok := Find(m.NRGBA, "Pack", scale); ok {
			t.Error("it finds what is not there")
		}
	}
}
